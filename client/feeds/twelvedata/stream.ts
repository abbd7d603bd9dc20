import type { Market } from '../../../market/event.ts';
import { seconds } from '../../../market/nanos.ts';
import { eachOf, type Feed, type Fields, type FrameReader, JsonFrames, type Listener, type Wants } from '../feed.ts';
import { hearMessage } from './messages.ts';
import type { TwelveDataOptions } from './options.ts';
import { refusalOf } from './refusals.ts';

/** Letters of the symbols in one message: the vendor takes 1 MB, and a hundred messages a minute, heartbeats among them (sheet §2). */
const longestSymbols = 250_000;

/** The stream of prices, of all markets at once. */
export function twelveDataFeed(options: TwelveDataOptions): Feed {
  const messages = new MessageReader(options.market);
  return {
    vendor: 'twelvedata',
    name: 'twelvedata prices',
    market: options.market,
    channels: ['price'],
    // The one way that is known to work (sheet §1): this address is a secret.
    address: ({ id }) => ({
      url: `${options.streamUrl.replace(/\/+$/, '')}/v1/quotes/price?apikey=${encodeURIComponent(id)}`,
      headers: {},
    }),
    greets: false,
    login: () => undefined,
    subscribe: (wants) => messagesOf('subscribe', wants),
    unsubscribe: (wants) => messagesOf('unsubscribe', wants),
    acknowledges: true,
    heartbeat: { every: seconds(10), message: JSON.stringify({ action: 'heartbeat' }) },
    hear: (frame, listener) => messages.hear(frame, listener),
    refusal: refusalOf,
  };
}

function messagesOf(action: 'subscribe' | 'unsubscribe', wants: Wants): readonly string[] {
  const messages: string[] = [];
  let symbols: string[] = [];
  let length = 0;
  const say = (): void => {
    if (symbols.length > 0) messages.push(JSON.stringify({ action, params: { symbols: symbols.join(',') } }));
    [symbols, length] = [[], 0];
  };
  for (const [channel, symbol] of eachOf(wants)) {
    if (channel !== 'price') continue;
    if (length + symbol.length >= longestSymbols) say();
    symbols.push(symbol);
    length += symbol.length + 1;
  }
  say();
  return messages;
}

/** Messages are objects, one a frame (sheet §1). */
class MessageReader implements FrameReader {
  readonly #market: Market;
  readonly #frames = new JsonFrames(this);
  #listener: Listener | undefined;

  constructor(market: Market) {
    this.#market = market;
  }

  hear(frame: Buffer, listener: Listener): void {
    this.#listener = listener;
    this.#frames.read(frame);
    this.#listener = undefined;
  }

  quick(): boolean {
    return false;
  }

  element(fields: Fields): void {
    if (this.#listener !== undefined) hearMessage(fields, this.#market, this.#listener);
  }

  unreadable(why: string, excerpt: string): void {
    this.#listener?.notice({ kind: 'unreadable', why, excerpt });
  }
}
