import type { Channel } from '../market/event.ts';

/** What a client wants to hear, or is sent: symbols by channel, no empty channels. `*` stands for all symbols of a channel. */
export type Wants = ReadonlyMap<Channel, ReadonlySet<string>>;

export const nothing: Wants = new Map();

/** Wants from lists, as people write them; what is named twice is wanted once. */
export function wantsOf(lists: Iterable<readonly [Channel, Iterable<string>]>): Wants {
  const wants = new Map<Channel, Set<string>>();
  for (const [channel, symbols] of lists) {
    for (const symbol of symbols) {
      const held = wants.get(channel);
      if (held === undefined) wants.set(channel, new Set([symbol]));
      else held.add(symbol);
    }
  }
  return wants;
}

export const plus = (wants: Wants, more: Wants): Wants => wantsOf([...wants, ...more]);

/** What is wanted but not among the others. */
export function minus(wants: Wants, others: Wants): Wants {
  return wantsOf(
    [...wants].map(([channel, symbols]) => {
      const gone = others.get(channel);
      return [channel, gone === undefined ? symbols : [...symbols].filter((symbol) => !gone.has(symbol))] as const;
    }),
  );
}

/** What is among both. */
export const both = (wants: Wants, others: Wants): Wants => minus(wants, minus(wants, others));

/** How many subscriptions these are; `*` counts as one. */
export function countOf(wants: Wants): number {
  let count = 0;
  for (const symbols of wants.values()) count += symbols.size;
  return count;
}

/** Each subscription by itself, channel by channel. */
export function* eachOf(wants: Wants): Generator<readonly [Channel, string]> {
  for (const [channel, symbols] of wants) for (const symbol of symbols) yield [channel, symbol];
}
