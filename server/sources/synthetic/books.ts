import type { Book, Level } from '../../../market/event.ts';
import { mix, uniform } from '../../../market/chance.ts';
import type { Prices } from './course.ts';
import type { Instrument } from './instrument.ts';
import { toNanos, type Hours } from './trading-hours.ts';

/** A whole book comes once a minute, so that a reader who begins anywhere is soon right; changes come every second between. */
const wholeEvery = 60;
/** Distance of two levels next to the price. */
const relativeGap = 0.0002;
/** Seconds a level keeps its size. */
const calm = 20;

type Sides = Record<'bids' | 'asks', readonly Level[]>;

/** Makes the order book message of a second, whole or as far as it differs from the second before; none when nothing changed. */
export function makeBook(
  instrument: Instrument,
  course: Prices,
  { second, hours, beginning }: { readonly second: number; readonly hours: Hours; readonly beginning: number },
  add: (offset: number, book: Book) => void,
): void {
  const { market, symbol, key } = instrument;
  const offset = mix(key, 5) % 1_000_000_000;
  const reset = second === Math.max(hours.from, beginning) || second % wholeEvery === key % wholeEvery;
  const now = sidesAt(instrument, course, second, hours, offset);
  const sides = reset ? now : changes(sidesAt(instrument, course, second - 1, hours, offset), now);
  if (!reset && sides.bids.length === 0 && sides.asks.length === 0) return;
  const at = toNanos(second) + BigInt(offset);
  add(offset, { kind: 'book', market, symbol, at, ...sides, reset, exchange: undefined, receivedAt: undefined });
}

function sidesAt(instrument: Instrument, course: Prices, second: number, hours: Hours, offset: number): Sides {
  const { key, price, stepsPerUnit, books } = instrument;
  course.seek(second, hours);
  const gap = Math.max(1, Math.round(price * stepsPerUnit * relativeGap));
  const level = (step: number): Level => {
    const own = mix(mix(key, 6), step);
    const draw = uniform(mix(own, Math.floor((second + (own % calm)) / calm)));
    return { price: step / stepsPerUnit, size: Math.max(1, Math.floor((60_000 / price) * draw * draw * 1e4)) / 1e4 };
  };
  const ladder = (first: number, by: number): Level[] =>
    Array.from({ length: books }, (_, index) => first + index * by)
      .filter((step) => step > 0)
      .map(level);
  const bid = Math.floor(course.bid(offset, 0) / gap) * gap;
  return { bids: ladder(bid, -gap), asks: ladder(Math.ceil(course.ask(offset, 0) / gap) * gap, gap) };
}

/** Levels that are new or have another size, and those that are gone with size 0. */
function changes(before: Sides, after: Sides): Sides {
  const changed = (side: keyof Sides): Level[] => {
    const sizes = new Map(before[side].map(({ price, size }) => [price, size]));
    const held = new Set(after[side].map(({ price }) => price));
    const gone = before[side].filter(({ price }) => !held.has(price)).map(({ price }) => ({ price, size: 0 }));
    return [...gone, ...after[side].filter(({ price, size }) => sizes.get(price) !== size)];
  };
  return { bids: changed('bids'), asks: changed('asks') };
}
