import type { Channel } from '../../../market/event.ts';

/** Where things lie in Redis, as docs/cache.md tells other programs. The symbol comes last, since it may hold anything. */
export class Keys {
  readonly #prefix: string;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** A string: the newest event. */
  latest(channel: Channel, symbol: string): string {
    return `${this.#prefix}latest:${channel}:${symbol}`;
  }

  /** A sorted set: recent events by microseconds of market time. */
  recent(channel: Channel, symbol: string): string {
    return `${this.#prefix}recent:${channel}:${symbol}`;
  }

  /** A sorted set: symbols by microseconds of market time of what was last heard of them. */
  get symbols(): string {
    return `${this.#prefix}symbols`;
  }

  /** A pub/sub channel: what is new, as a JSON array of events, oldest first. */
  updates(channel: Channel, symbol: string): string {
    return `${this.#prefix}updates:${channel}:${symbol}`;
  }

  /** The pattern of `updates` for PSUBSCRIBE; `*` is any symbol. */
  updatesPattern(channel: Channel, symbol: string): string {
    const literal = (text: string): string => text.replaceAll(/[\\*?[\]]/g, '\\$&');
    return `${literal(this.#prefix)}updates:${channel}:${symbol === '*' ? '*' : literal(symbol)}`;
  }
}
