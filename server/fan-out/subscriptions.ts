import { channels, type Channel } from '../../market/event.ts';
import type { Subscription } from '../exchanges/exchange.ts';

/** All symbols of a channel. */
export const everything = '*';

/** What one session wants to hear. Set semantics; an immutable value, so that a refused change leaves nothing behind. */
export class Subscriptions {
  static readonly none = new Subscriptions(new Map());
  readonly #symbols: ReadonlyMap<Channel, ReadonlySet<string>>;
  #key: string | undefined;

  private constructor(symbols: ReadonlyMap<Channel, ReadonlySet<string>>) {
    this.#symbols = symbols;
  }

  /** The same text for the same wishes, whatever the order they came in, and for no others: symbols are what clients write. */
  get key(): string {
    return (this.#key ??= JSON.stringify(this.list()));
  }

  with(more: readonly Subscription[]): Subscriptions {
    return new Subscriptions(changed(this.#symbols, more, (held, symbol) => held.add(symbol)));
  }

  without(less: readonly Subscription[]): Subscriptions {
    return new Subscriptions(changed(this.#symbols, less, (held, symbol) => held.delete(symbol)));
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

/** Every set is copied once, however many subscriptions speak of it. */
function changed(
  symbols: ReadonlyMap<Channel, ReadonlySet<string>>,
  by: readonly Subscription[],
  change: (held: Set<string>, symbol: string) => void,
): ReadonlyMap<Channel, ReadonlySet<string>> {
  const next = new Map([...symbols].map(([channel, held]) => [channel, new Set(held)]));
  for (const { channel, symbols: named } of by) {
    const held = next.get(channel) ?? new Set();
    next.set(channel, held);
    for (const symbol of named) change(held, symbol);
  }
  return new Map([...next].filter(([, { size }]) => size > 0));
}
