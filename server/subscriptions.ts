import { channels, type Channel } from '../market/event.ts';
import type { Subscription } from './exchanges/exchange.ts';

/** All symbols of a channel. */
export const everything = '*';

/** What one session wants to hear. Set semantics; an immutable value, so that a refused change leaves nothing behind. */
export class Subscriptions {
  static readonly none = new Subscriptions(new Map());
  /** The same text for the same wishes, whatever the order they came in. */
  readonly key: string;
  readonly #symbols: ReadonlyMap<Channel, ReadonlySet<string>>;

  private constructor(symbols: ReadonlyMap<Channel, ReadonlySet<string>>) {
    this.#symbols = symbols;
    this.key = this.list()
      .map((subscription) => `${subscription.channel}:${subscription.symbols.join(',')}`)
      .join(';');
  }

  with(more: readonly Subscription[]): Subscriptions {
    const symbols = new Map(this.#symbols);
    for (const { channel, symbols: added } of more)
      symbols.set(channel, new Set([...(symbols.get(channel) ?? []), ...added]));
    return new Subscriptions(symbols);
  }

  without(less: readonly Subscription[]): Subscriptions {
    const symbols = new Map(this.#symbols);
    for (const { channel, symbols: removed } of less) {
      const gone = new Set(removed);
      const left = [...(symbols.get(channel) ?? [])].filter((symbol) => !gone.has(symbol));
      if (left.length > 0) symbols.set(channel, new Set(left));
      else symbols.delete(channel);
    }
    return new Subscriptions(symbols);
  }

  get empty(): boolean {
    return this.#symbols.size === 0;
  }

  /** Symbols over all channels. */
  get size(): number {
    return [...this.#symbols.values()].reduce((sum, symbols) => sum + symbols.size, 0);
  }

  wants(channel: Channel, symbol: string): boolean {
    const symbols = this.#symbols.get(channel);
    return symbols !== undefined && (symbols.has(symbol) || symbols.has(everything));
  }

  /** Whether the very words were subscribed to: `*` holds no other symbol. */
  holds(channel: Channel, symbol: string): boolean {
    return this.#symbols.get(channel)?.has(symbol) === true;
  }

  /** How many symbols count against a plan's limit; `*` is more than any limit. */
  count(counted: readonly Channel[]): number {
    return counted.reduce((sum, channel) => {
      const symbols = this.#symbols.get(channel);
      return sum + (symbols?.has(everything) === true ? Infinity : (symbols?.size ?? 0));
    }, 0);
  }

  /** No empty channels; symbols ascending. */
  list(): readonly Subscription[] {
    return channels.flatMap((channel) => {
      const symbols = this.#symbols.get(channel);
      return symbols === undefined || symbols.size === 0 ? [] : [{ channel, symbols: [...symbols].sort() }];
    });
  }
}
