import type { MarketEvent } from '../../../market/event.ts';

export { openings } from '../exchange.ts';

/** What the wire says of a field the tape does not know: IEX, as every trade on the free feed. */
export const unknownExchange = 'V';
/** What the wire says when the tape does not know the consolidated tape: C, the commonest. */
export const unknownTape = 'C';

/** Sizes and counts are whole on the stock streams and fit their integer kinds (sheet §2.2): rounded, and held within 0 to `most`. */
export function wholeUpTo(most: number, value: number): number {
  const whole = Math.round(value);
  return whole >= 0 ? Math.min(whole, most) : 0;
}
/** Largest size of a trade or quote: uint32. */
export const largestSize = 0xffffffff;
/** Largest volume or count of a bar that a double holds exactly; the wire has uint64. */
export const largestVolume = Number.MAX_SAFE_INTEGER;

/** No stream of Alpaca's hears of kinds of events it has no channel for, so none is asked to spell them. */
export function noWord(streams: string, { kind }: MarketEvent): never {
  throw new RangeError(`Alpaca's ${streams} have no word for a ${kind}; subscribe none of that kind.`);
}
