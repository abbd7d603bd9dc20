import { eachOf, type Wants } from '../feed.ts';
import type { Cluster } from './clusters.ts';
import { toParam } from './tickers.ts';

/**
 * Letters of the subscriptions in one message: a frame of options that crosses the vendor's cap is refused whole (sheet §3.6), so long
 * ones lose more, and nobody knows how long one may be (sheet §8, polygon-io/issues#44).
 */
const longestParams = 2_000;

/** The messages that subscribe to these, or end it: commas between them, no space (sheet §4). */
export function messagesOf(action: 'subscribe' | 'unsubscribe', wants: Wants, cluster: Cluster): readonly string[] {
  const messages: string[] = [];
  let params = '';
  for (const param of paramsOf(wants, cluster)) {
    if (params !== '' && params.length + 1 + param.length > longestParams) {
      messages.push(JSON.stringify({ action, params }));
      params = '';
    }
    params += params === '' ? param : `,${param}`;
  }
  if (params !== '') messages.push(JSON.stringify({ action, params }));
  return messages;
}

function* paramsOf(wants: Wants, { market, prefixes }: Cluster): Generator<string> {
  for (const [channel, symbol] of eachOf(wants)) {
    const prefix = prefixes.get(channel);
    if (prefix !== undefined) yield `${prefix}.${toParam(market, symbol)}`;
  }
}
