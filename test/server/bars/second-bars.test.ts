import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { isBar, type Bar, type MarketEvent, type Nanos, type Trade } from '../../../market/event.ts';
import { milli, minute, second } from '../../../market/nanos.ts';
import { SecondBars } from '../../../server/bars/second-bars.ts';
import { opening, quote, trade } from '../../helpers/events.ts';
import { deriveEach, paged, publisher, recording, value } from './derivers.ts';

const schedule = { delay: 2n * second, revised: 15n * minute };

const maker = (): SecondBars => new SecondBars({ schedule, publisher });

function barsOf(tape: readonly MarketEvent[], recorded = recording()): Bar[] {
  return deriveEach(maker(), [tape], recorded).flat().filter(isBar);
}

/** Conditions and what the plans let them do: open and close, high and low. All of them count as volume. */
const kinds = [
  { conditions: ['@'], open: 'yes', range: true },
  { conditions: ['@', 'I'], open: 'no', range: false },
  { conditions: ['Z'], open: 'first', range: true },
] as const;
type Print = { readonly event: Trade; readonly kind: (typeof kinds)[number] };

const tapes = fc
  .array(
    fc.record({
      wait: fc.oneof(fc.integer({ min: 0, max: 1500 }), fc.integer({ min: 0, max: 500_000 })),
      symbol: fc.constantFrom('AAPL', 'MSFT'),
      cents: fc.integer({ min: 1000, max: 1100 }),
      size: fc.integer({ min: 1, max: 500 }),
      kind: fc.constantFrom(...kinds),
      lag: fc.option(fc.oneof(fc.integer({ min: -9, max: 4000 }), fc.integer({ min: 890_000, max: 910_000 })), {
        nil: undefined,
      }),
    }),
    { maxLength: 60 },
  )
  .map((steps): Print[] => {
    let now = opening;
    return steps.map(({ wait, symbol, cents, size, kind, lag }) => {
      now += BigInt(wait) * milli;
      const participantAt = lag === undefined ? undefined : now - BigInt(lag) * milli;
      return {
        kind,
        event: trade(now, { symbol, price: cents / 100, size, conditions: kind.conditions, participantAt }),
      };
    });
  });

const stampOf = ({ at, participantAt = at }: Trade): Nanos => (participantAt < at ? participantAt : at);
const startOf = (event: Trade): Nanos => stampOf(event) - (stampOf(event) % second);
const rounded = (price: number): number => Math.round(price * 1e6) / 1e6;

/** The bar of some trades, computed the slow and obvious way. */
function naive(prints: readonly Print[]) {
  const ranged = prints.filter(({ kind }) => kind.range).map(({ event }) => event);
  const prices = ranged.map(({ price }) => price);
  const shares = ranged.reduce((sum, { size }) => sum + size, 0);
  let [open, close]: (number | undefined)[] = [];
  for (const { kind, event } of prints) {
    if (kind.open !== 'no') open ??= event.price;
    if (kind.open === 'yes' || (kind.open === 'first' && close === undefined)) close = event.price;
  }
  return {
    open,
    close,
    high: Math.max(...prices),
    low: Math.min(...prices),
    volume: prints.reduce((sum, { event }) => sum + event.size, 0),
    trades: prints.length,
    vwap: rounded(ranged.reduce((sum, { price, size }) => sum + price * size, 0) / shares),
  };
}

/** When the bars of a second leave, as the rules say it. */
function momentsOf(start: Nanos, prints: readonly Print[]): Nanos[] {
  const due = start + second + schedule.delay;
  const heard = (until: Nanos): Print[] => prints.filter(({ event }) => event.at < until);
  const moments = new Set(heard(due).length > 0 ? [due] : []);
  for (const { event } of prints) {
    // What comes before the bar is sent once more goes with it.
    if (event.at < due || [...moments].some((moment) => moment > event.at)) continue;
    moments.add(event.at - (event.at % second) + second + schedule.delay);
  }
  return [...moments].filter((moment) => naive(heard(moment)).open !== undefined);
}

test('every bar of a second is what a naive count of the trades known by then says, when the rules say', () => {
  fc.assert(
    fc.property(tapes, (tape) => {
      const bars = barsOf(tape.map(({ event }) => event));
      const inTime = tape.filter(({ event }) => event.at < startOf(event) + second + schedule.delay + schedule.revised);
      const expected = new Set<string>();
      for (const { event } of inTime) {
        const { symbol } = event;
        const start = startOf(event);
        const prints = inTime.filter((other) => other.event.symbol === symbol && startOf(other.event) === start);
        for (const moment of momentsOf(start, prints)) expected.add(`${symbol} ${start} ${moment}`);
      }
      expect(new Set(bars.map(({ symbol, start, at }) => `${symbol} ${start} ${at}`))).toEqual(expected);
      expect(bars).toHaveLength(expected.size);
      for (const { symbol, start, at, ...bar } of bars) {
        const known = inTime.filter(
          ({ event }) => event.symbol === symbol && startOf(event) === start && event.at < at,
        );
        expect(bar).toMatchObject(naive(known));
        const ofDay = tape.filter(({ event }) => event.symbol === symbol && event.at < at);
        const { volume, vwap } = naive(
          ofDay.filter((print) => startOf(print.event) <= start || !inTime.includes(print)),
        );
        expect([bar.dayVolume, bar.dayOpen]).toEqual([volume, naive(ofDay).open]);
        expect(bar.dayVwap).toBeCloseTo(vwap, 5);
      }
    }),
    { numRuns: 300 },
  );
});

test('however a tape is cut, the same bars come with the page in which they are due, oldest first', () => {
  const cuts = fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 20 });
  fc.assert(
    fc.property(tapes, cuts, (tape, lengths) => {
      const events = tape.map(({ event }) => event);
      const pages = paged(events, lengths);
      const parts = deriveEach(maker(), pages);
      expect(parts.flat()).toEqual(barsOf(events));
      expect(parts.flat().every(({ at }, i, all) => at >= (all[i - 1]?.at ?? 0n))).toBe(true);
      pages.forEach((page, i) => {
        const last = page.at(-1)?.at ?? 0n;
        expect(parts[i]?.every(({ at }) => at <= last)).toBe(true);
        expect(
          parts
            .slice(i + 1)
            .flat()
            .every(({ at }) => at > last),
        ).toBe(true);
      });
    }),
    { numRuns: 200 },
  );
});

test('a bar names who publishes it, and the day as far as its second', () => {
  const tape = [trade(opening, { price: 10 }), trade(opening + second, { price: 11 }), trade(opening + 2n * second)];
  expect(barsOf(tape)[1]).toEqual({
    kind: 'second-bar',
    market: 'stocks',
    symbol: 'AAPL',
    at: opening + 4n * second,
    start: opening + second,
    open: 11,
    high: 11,
    low: 11,
    close: 11,
    volume: 100,
    trades: 1,
    vwap: 11,
    dayVolume: 200,
    dayOpen: 10,
    dayVwap: 10.5,
    averageSize: 100,
    turnover: undefined,
    otc: undefined,
    publisher,
  });
});

test('a trade that comes late sends its second again, also one that had no bar, until fifteen minutes after it was due', () => {
  const first = trade(opening, { price: 10 });
  const late = (at: Nanos, stamp: Nanos, price: number): Trade =>
    trade(opening + at, { participantAt: opening + stamp, price });
  const due = 3n * second;
  const [end, past] = [due + schedule.revised - 1n, due + schedule.revised];
  expect(barsOf([first, late(due - 1n, 1n, 11)])).toMatchObject(
    [{ high: 11 }, { start: opening + 2n * second }].slice(0, 1),
  );
  expect(barsOf([first, late(due, 1n, 11)])).toMatchObject([
    { at: opening + due, start: opening, high: 10 },
    { at: opening + 6n * second, start: opening, high: 11, dayVolume: 200 },
  ]);
  expect(barsOf([first, late(end, 1n, 11)])).toHaveLength(2);
  expect(barsOf([first, late(past, 1n, 11)])).toHaveLength(1);
  expect(barsOf([late(due, 1n, 11)])).toMatchObject([{ at: opening + 6n * second, start: opening, volume: 100 }]);
});

test('a late trade of yesterday counts yesterday, while today goes on', () => {
  const coin = { market: 'crypto', symbol: 'BTC/USD', conditions: [], tape: undefined } as const;
  const midnight = opening - (opening % (24n * 60n * minute)) + 24n * 60n * minute;
  const bars = barsOf([
    trade(midnight - second, { ...coin, size: 0.1 }),
    trade(midnight + second, { ...coin, size: 0.4 }),
    trade(midnight + 2n * second, { ...coin, size: 0.2, participantAt: midnight - 1n }),
  ]);
  expect(bars.map(({ start, volume, dayVolume }) => [start - midnight, volume, dayVolume])).toEqual([
    [-second, 0.1, 0.1],
    [second, 0.4, 0.4],
    [-second, 0.3, 0.3],
  ]);
});

const euro = { market: 'forex', symbol: 'EUR/USD' } as const;

test('in forex a bar counts quotes, at prices halfway between bid and ask, and trades count nothing', () => {
  const tape = [
    quote(opening, { ...euro, bidPrice: 1.17029, askPrice: 1.17031 }),
    quote(opening + 1n, { ...euro, bidPrice: 1.1704, askPrice: 1.17043 }),
    quote(opening + 2n, { ...euro, bidPrice: 1.1701, askPrice: 1.1703 }),
    quote(opening + 3n, { ...euro, bidPrice: 0, askPrice: 0 }),
    trade(opening + 4n, { ...euro, price: 2 }),
  ];
  expect(barsOf(tape, recording('quote', 'trade'))).toMatchObject([
    { open: 1.1703, high: 1.17042, low: 1.1702, close: 1.1702, volume: 3, trades: 3, dayVolume: 3, dayOpen: 1.1703 },
  ]);
});

test('a tape of currencies with trades and without quotes has bars of its trades', () => {
  expect(barsOf([trade(opening, { ...euro, price: 2, size: 7 })], recording('trade'))).toMatchObject([
    { close: 2, volume: 7 },
  ]);
});

test('a bar of a future says how much money was traded', () => {
  const tape = [6540, 6541].map((price, i) =>
    trade(opening + BigInt(i), { market: 'futures', symbol: 'ESZ6', price, size: 2 }),
  );
  expect(barsOf(tape)).toMatchObject([{ volume: 4, turnover: 26_162 }]);
});

test('an index has bars of its values, without volume', () => {
  const [later, next] = [opening + second / 2n, opening + second];
  const bars = barsOf([value(opening), value(later, { value: 6203 }), value(next, { value: 6199 })]);
  expect(bars).toMatchObject([
    { market: 'indices', open: 6201.5, high: 6203, low: 6201.5, close: 6203, volume: 0, trades: 0, dayOpen: 6201.5 },
    { open: 6199, close: 6199, vwap: 6199, dayVwap: undefined },
  ]);
});

test('no second bars are made where the tape holds them', () => {
  expect(barsOf([trade(opening)], recording('second-bar'))).toEqual([]);
  expect(barsOf([trade(opening)], recording('bar'))).toHaveLength(1);
});
