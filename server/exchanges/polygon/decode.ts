import type { Market } from '../../../market/event.ts';
import type { Command, Wish } from '../exchange.ts';
import type { WireChannel } from './channels.ts';
import { neutralSymbol } from './symbols.ts';

/** What a stream makes of client messages. */
export interface Reading {
  readonly market: Market;
  readonly channels: readonly WireChannel[];
  /** On a delayed feed some channels are beyond every plan. */
  readonly delayed: boolean;
  /** Whether all tickers at once may be asked for. */
  readonly wildcards: boolean;
  /** What becomes of a message that cannot be understood: silence, or the end the manners name (sheet §3, rule 7: not established). */
  readonly malformed: 'ignored' | 'bad-syntax';
}

/** Reads one client message: one JSON object a frame (sheet §2). Never throws. */
export function decode(message: Buffer, reading: Reading): Command {
  const { action, params } = fieldsOf(message);
  if (typeof params !== 'string') return misunderstood(reading);
  switch (action) {
    case 'auth':
      return { kind: 'login', credentials: { key: params, secret: '' } };
    case 'subscribe':
      return { kind: 'subscribe', to: wishesOf(params, reading) };
    case 'unsubscribe':
      return { kind: 'unsubscribe', from: wishesOf(params, reading) };
    default:
      return misunderstood(reading);
  }
}

/**
 * `T.AAPL,AM.*` as one wish per param, in their order. A channel that the cluster does not publish is passed over in silence (sheet §3,
 * rule 5). Of a param named twice in one request only the first counts: the second is already held by then (rule 3, by inference).
 */
function wishesOf(params: string, { market, channels, delayed, wildcards }: Reading): readonly Wish[] {
  const wishes = new Map<string, Wish>();
  for (const param of params.split(',')) {
    const spelt = param.trim();
    // At the first dot: BRK.B has one of its own (sheet §4).
    const dot = spelt.indexOf('.');
    const ticker = spelt.slice(dot + 1);
    const channel = channels.find(({ name }) => name === spelt.slice(0, dot));
    if (dot < 0 || ticker === '' || channel === undefined || wishes.has(spelt)) continue;
    wishes.set(spelt, {
      channels: channel.brings,
      symbols: [ticker === '*' ? ticker : neutralSymbol(market, ticker)],
      spelt,
      ...((delayed && !channel.delayed) || (ticker === '*' && !wildcards) ? { refused: 'not-in-plan' } : {}),
    });
  }
  return [...wishes.values()];
}

function fieldsOf(message: Buffer): { readonly action?: unknown; readonly params?: unknown } {
  try {
    const value: unknown = JSON.parse(message.toString());
    return typeof value === 'object' && value !== null ? value : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

function misunderstood({ malformed }: Reading): Command {
  return malformed === 'ignored' ? { kind: 'ignored' } : { kind: 'nonsense', why: malformed };
}
