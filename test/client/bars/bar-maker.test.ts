import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { BarMaker, barSettings, type Knowledge } from '../../../client/bars/index.ts';
import type { Bar, Cancel, Correction, MarketEvent, Nanos, Trade } from '../../../market/event.ts';
import { floorTo, hour, minute } from '../../../market/nanos.ts';
import { opening, price, trade } from '../../helpers/events.ts';

const at = (seconds: number): Nanos => opening + BigInt(Math.round(seconds * 1000)) * 1_000_000n;

function maker(known: () => Knowledge = () => 'whole', given: object = {}): BarMaker {
  return new BarMaker({ settings: barSettings.parse(given), known });
}

/** Prices, volume and count of a bar, and whether it is told for the first time. */
const shape = ({ kind, start, open, high, low, close, volume, trades }: Bar): string =>
  `${kind} ${Number((start - opening) / minute)}: ${open} ${high} ${low} ${close} v${volume} n${trades}`;

test('a minute’s bar is told once, when the minute is over and stragglers had their time', () => {
  const bars = maker();
  bars.take([trade(at(1), { id: '1', price: 10, size: 5 }), trade(at(30), { id: '2', price: 12 })], at(30));
  bars.take([trade(at(59), { id: '3', price: 11 })], at(59));
  expect(bars.due(at(61))).toEqual([]);
  const [bar] = bars.due(at(62));
  expect(bar).toMatchObject({
    kind: 'bar',
    start: opening,
    at: at(60),
    vwap: 11.463415,
    symbol: 'AAPL',
    market: 'stocks',
  });
  expect(shape(bar ?? never())).toBe('bar 0: 10 12 10 11 v205 n3');
  expect(bars.due(at(63))).toEqual([]);
});

test('a trade that comes late changes the bar, which is told once more with all that came by then', () => {
  const bars = maker();
  bars.take([trade(at(10), { id: '1', price: 10 })], at(10));
  bars.due(at(62));
  bars.take([trade(at(5), { id: '2', price: 9 })], at(70));
  bars.take([trade(at(50), { id: '3', price: 11 })], at(72));
  expect(bars.due(at(74))).toEqual([]);
  expect(bars.due(at(75)).map(shape)).toEqual(['updated-bar 0: 9 11 9 11 v300 n3']);
  expect(bars.due(at(200))).toEqual([]);
});

test('a cancelled trade counts no longer, a corrected one as it should have been, also when it made the high', () => {
  const bars = maker();
  bars.take(
    [1, 2, 3].map((id) => trade(at(id), { id: String(id), price: 10 * id })),
    at(4),
  );
  bars.due(at(62));
  const cancel: Cancel = {
    ...happening(at(63)),
    kind: 'cancel',
    id: '3',
    price: 30,
    size: 100,
    exchange: 'V',
    action: 'C',
    tape: 'C',
  };
  const print = { price: 20, size: 100, conditions: ['@'] };
  const correction: Correction = {
    ...happening(at(63)),
    kind: 'correction',
    exchange: 'V',
    original: { id: '2', ...print },
    corrected: { id: '2b', ...print, price: 15, size: 50 },
    tape: 'C',
  };
  bars.take([cancel, correction], at(63));
  expect(bars.due(at(70)).map(shape)).toEqual(['updated-bar 0: 10 15 10 15 v150 n2']);
});

test('odd lots count for the volume alone, and a minute of nothing else has no bar', () => {
  const bars = maker();
  bars.take([trade(at(1), { id: '1', price: 99, size: 3, conditions: ['@', 'I'] })], at(1));
  bars.take(
    [trade(at(61), { id: '2', price: 10 }), trade(at(62), { id: '3', price: 99, size: 3, conditions: ['I'] })],
    at(62),
  );
  expect(bars.due(at(122)).map(shape)).toEqual(['bar 1: 10 10 10 10 v103 n2']);
});

test('prices as they tick make bars too; what the day’s volume grew by is theirs', () => {
  const bars = maker();
  bars.take([price(at(0), { price: 10, dayVolume: 1000 }), price(at(5), { price: 12, dayVolume: 1500 })], at(5));
  expect(bars.due(at(62)).map(shape)).toEqual(['bar 0: 10 12 10 12 v500 n2']);
});

test('a minute of which only a part was heard makes no bar', () => {
  const bars = maker(() => 'partial');
  bars.take([trade(at(30))], at(30));
  expect(bars.due(at(62))).toEqual([]);
  expect(bars.due(opening + hour)).toEqual([]);
  expect(bars.losses).toEqual({ late: 0, partial: 1 });
});

test('a bar waits for what history is asked for, and is told as it is when that takes too long', () => {
  let knowledge: Knowledge = 'awaited';
  const bars = maker(() => knowledge);
  bars.take([trade(at(30), { id: '1', price: 10 })], at(30));
  expect(bars.due(at(70))).toEqual([]);
  bars.take([trade(at(2), { id: '2', price: 8 })], at(80));
  knowledge = 'whole';
  expect(bars.due(at(81)).map(shape)).toEqual(['bar 0: 8 10 8 10 v200 n2']);
  const impatient = maker(() => 'awaited');
  impatient.take([trade(at(30), { id: '1', price: 10 })], at(30));
  expect(impatient.due(at(182)).map(shape)).toEqual(['bar 0: 10 10 10 10 v100 n1']);
});

test('a trade of a minute that changes no longer is counted, not lost in silence', () => {
  const bars = maker();
  bars.take([trade(at(0), { id: '1' })], opening + hour);
  expect(bars.due(opening + hour)).toEqual([]);
  expect(bars.losses.late).toBe(1);
});

test('more trades than may be held make the oldest minutes final', () => {
  const bars = maker(undefined, { mostPrints: 1000 });
  const trades = Array.from({ length: 1200 }, (_, index) => trade(at(index), { id: String(index) }));
  bars.take(trades.slice(0, 700), at(700));
  bars.due(at(700));
  bars.take(trades.slice(700), at(1200 - 1));
  bars.take([trade(at(1), { id: 'late' })], at(1199));
  expect(bars.losses.late).toBe(1);
  expect(bars.due(at(1262)).map(({ kind }) => kind)).toContain('bar');
});

/** Trades of a few minutes, each with how many seconds later it comes. */
const trades = fc.array(
  fc.record({
    at: fc.integer({ min: 0, max: 300 }),
    delay: fc.integer({ min: 0, max: 200 }),
    price: fc.integer({ min: 1, max: 9 }),
    size: fc.integer({ min: 1, max: 9 }),
    symbol: fc.constantFrom('AAPL', 'MSFT'),
    condition: fc.constantFrom('@', 'I', 'Z', 'W'),
  }),
  { maxLength: 60 },
);

test('whenever trades come, the last that is told of a minute is the bar that its trades make in the order of their time', () => {
  fc.assert(
    fc.property(trades, (given) => {
      const all = given.map(({ delay, condition, ...rest }, index) => ({
        due: rest.at + delay,
        // One trade an instant: of two at the same one, arrival decides.
        event: trade(at(rest.at) + BigInt(index), {
          ...{ price: rest.price, size: rest.size, symbol: rest.symbol },
          id: String(index),
          conditions: [condition],
        }),
      }));
      const bars = maker();
      const told = new Map<string, string>();
      const tell = (now: Nanos): void => {
        for (const bar of bars.due(now)) told.set(`${bar.symbol} ${bar.start}`, shape(bar).replace('updated-', ''));
      };
      for (const { due, event } of all.toSorted((one, other) => one.due - other.due)) {
        bars.take([event], at(due));
        tell(at(due));
      }
      tell(at(600));
      const inOrder = new Map<string, Trade[]>();
      for (const { event } of all.toSorted((one, other) => Number(one.event.at - other.event.at))) {
        const name = `${event.symbol} ${floorTo(event.at, minute)}`;
        inOrder.set(name, [...(inOrder.get(name) ?? []), event]);
      }
      const expected = [...inOrder].flatMap(([name, group]) => {
        const bar = reckoned(group);
        return bar === undefined ? [] : [[name, bar] as const];
      });
      expect(told).toEqual(new Map(expected));
      expect(bars.losses.late).toBe(0);
    }),
  );
});

/** A minute's bar as its trades make it in this order, reckoned another way: odd lots and average prices have volume only, `Z` sets what is not set. */
function reckoned(group: readonly Trade[]): string | undefined {
  const priced = group.filter(({ conditions }) => !['I', 'W'].includes(conditions[0] ?? ''));
  const [first] = priced;
  if (first === undefined) return undefined;
  const close = priced.findLast(({ conditions }) => conditions[0] === '@') ?? first;
  const prices = priced.map(({ price: paid }) => paid);
  const volume = group.reduce((sum, { size }) => sum + size, 0);
  const number = Number((floorTo(first.at, minute) - opening) / minute);
  return `bar ${number}: ${first.price} ${Math.max(...prices)} ${Math.min(...prices)} ${close.price} v${volume} n${group.length}`;
}

const happening = (moment: Nanos): Pick<MarketEvent, 'market' | 'symbol' | 'at'> => ({
  market: 'stocks',
  symbol: 'AAPL',
  at: moment,
});

function never(): never {
  throw new Error('there is no bar');
}
