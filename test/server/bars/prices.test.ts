import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { MarketEvent, Price } from '../../../market/event.ts';
import { day, milli, second } from '../../../market/nanos.ts';
import { Prices } from '../../../server/bars/prices.ts';
import { opening, quote, trade } from '../../helpers/events.ts';
import { deriveEach, paged, publisher, recording, value } from './derivers.ts';

const maker = (): Prices => new Prices({ publisher });
const ofAll = recording('trade', 'quote', 'value');

function pricesOf(tape: readonly MarketEvent[], recorded = ofAll): Price[] {
  return deriveEach(maker(), [tape], recorded)
    .flat()
    .filter((event) => event.kind === 'price');
}

const coin = { market: 'crypto', symbol: 'BTC/USD', conditions: [], tape: undefined } as const;
const euro = { market: 'forex', symbol: 'EUR/USD' } as const;

const step = fc.record({
  wait: fc.oneof(fc.integer({ min: 0, max: 1500 }), fc.integer({ min: 0, max: 20 * 3_600_000 })),
  cents: fc.integer({ min: 1000, max: 1100 }),
  size: fc.integer({ min: 1, max: 500 }),
  make: fc.constantFrom('stock', 'odd lot', 'coin', 'coin quote', 'stock quote', 'euro', 'index'),
});
const tapes = fc.array(step, { maxLength: 60 }).map((steps) => {
  let now = opening;
  return steps.map(({ wait, cents, size, make }): MarketEvent => {
    now += BigInt(wait) * milli;
    const price = cents / 100;
    switch (make) {
      case 'stock':
      case 'odd lot':
        return trade(now, { price, size, conditions: make === 'stock' ? ['@'] : ['@', 'I'] });
      case 'coin':
        return trade(now, { ...coin, price, size });
      case 'coin quote':
        return quote(now, { ...coin, bidPrice: price, askPrice: price + 1 });
      case 'stock quote':
        return quote(now, { bidPrice: price, askPrice: price + 1 });
      case 'euro':
        return quote(now, { ...euro, bidPrice: price, askPrice: price + 0.02 });
      case 'index':
        return value(now, { value: price });
    }
  });
});

/** UTC days for crypto; New York's in summer for stocks. */
const dayOf = ({ market, at }: MarketEvent): bigint => (market === 'crypto' ? at : at - 14_400n * second) / day;

/** The price an event makes, computed the slow and obvious way. */
function naive(event: MarketEvent, before: readonly MarketEvent[]): object | undefined {
  if (event.kind === 'value') return { price: event.value, bidPrice: undefined, dayVolume: undefined };
  if (event.kind === 'quote' && event.market === 'forex') {
    const { bidPrice, askPrice } = event;
    return { price: Math.round((bidPrice + 0.01) * 100) / 100, bidPrice, askPrice, dayVolume: undefined };
  }
  if (event.kind !== 'trade' || event.conditions.includes('I')) return undefined;
  const same = before.filter(({ symbol, market }) => symbol === event.symbol && market === event.market);
  const last = same.findLast((other) => other.kind === 'quote' && other.market === 'crypto');
  const ofDay = same.filter((other) => other.kind === 'trade' && dayOf(other) === dayOf(event));
  const volume = ofDay.reduce((sum, other) => sum + (other.kind === 'trade' ? other.size : 0), event.size);
  const [bidPrice, askPrice] = last?.kind === 'quote' ? [last.bidPrice, last.askPrice] : [];
  return { price: event.price, bidPrice, askPrice, dayVolume: volume };
}

test('prices are what moved them: trades that may, quotes of currencies, values of indices; with the day so far', () => {
  fc.assert(
    fc.property(tapes, (tape) => {
      const expected = tape.flatMap((event, i) => {
        const known = naive(event, tape.slice(0, i));
        const { market, symbol, at } = event;
        return known === undefined ? [] : [{ kind: 'price', market, symbol, at, publisher, ...known }];
      });
      expect(pricesOf(tape)).toMatchObject(expected);
      expect(pricesOf(tape)).toHaveLength(expected.length);
    }),
    { numRuns: 300 },
  );
});

test('a price comes with the page of what moved it', () => {
  fc.assert(
    fc.property(tapes, fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 20 }), (tape, cuts) => {
      const pages = paged(tape, cuts);
      const parts = deriveEach(maker(), pages, ofAll);
      expect(parts.flat()).toEqual(pricesOf(tape));
      pages.forEach((page, i) => {
        const instants = new Set(page.map(({ at }) => at));
        expect(parts[i]?.every(({ at }) => instants.has(at))).toBe(true);
      });
    }),
  );
});

test('a price says nothing of the instrument, which only tapes know', () => {
  expect(pricesOf([trade(opening, { price: 10, size: 7 })])).toEqual([
    {
      kind: 'price',
      market: 'stocks',
      symbol: 'AAPL',
      at: opening,
      price: 10,
      bidPrice: undefined,
      askPrice: undefined,
      dayVolume: 7,
      exchange: undefined,
      mic: undefined,
      currency: undefined,
      baseCurrency: undefined,
      quoteCurrency: undefined,
      instrument: undefined,
      publisher,
    },
  ]);
});

test('the middle has the decimals of its quote, and an empty side leaves the other', () => {
  const middles = (
    [
      [1.1, 1.10002],
      [4075.25, 4075.75],
      [1.17029, 1.1703],
      [0, 1.2],
      [1.2, 0],
      [0, 0],
    ] as const
  ).map(([bidPrice, askPrice]) => pricesOf([quote(opening, { ...euro, bidPrice, askPrice })])[0]?.price);
  expect(middles).toEqual([1.10001, 4075.5, 1.1703, 1.2, 1.2, undefined]);
});

test('a trade that became known after midnight counts the day before', () => {
  const midnight = opening - (opening % day) + day;
  const tape = [
    trade(midnight - second, { ...coin, size: 1 }),
    trade(midnight + second, { ...coin, size: 2 }),
    trade(midnight + 2n * second, { ...coin, size: 4, participantAt: midnight - 1n }),
  ];
  expect(pricesOf(tape).map(({ dayVolume }) => dayVolume)).toEqual([1, 2, 2]);
});

test('a tape of currencies with trades and without quotes has prices of its trades', () => {
  const tape = [trade(opening, { ...euro, price: 4075.2, size: 7 })];
  expect(pricesOf(tape, recording('trade'))).toMatchObject([{ price: 4075.2, bidPrice: undefined, dayVolume: 7 }]);
  expect(pricesOf(tape)).toEqual([]);
});

test('no prices are made where the tape holds them', () => {
  expect(pricesOf([trade(opening), value(opening)], recording('price'))).toEqual([]);
});
