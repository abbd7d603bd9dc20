import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ManualClock } from '../../../../../market/clock.ts';
import { minute } from '../../../../../market/nanos.ts';
import {
  convergence,
  exponentialAverage,
  relativeStrength,
  simpleAverage,
} from '../../../../../server/exchanges/polygon/rest/indicators.ts';
import type { Papertape } from '../../../../../server/index.ts';
import { httpOf, playToEnd, type Query, type Row } from '../../../../helpers/asker.ts';
import { opening, trade } from '../../../../helpers/events.ts';
import { PolygonAsker } from '../../../../helpers/polygon-asker.ts';
import { serve } from '../../../../helpers/serve.ts';

test('an exponential average over five days of AAPL is the one the vendor published in November 2016', () => {
  const closes = [118.25, 115.59, 114.48, 113.72, 113.54, 111.49, 111.59, 109.83, 108.84];
  const published = [113.90733333333334, 113.1348888888889, 112.03325925925927, 110.96883950617286];
  exponentialAverage(closes, 5)
    .slice(5)
    .forEach((value, index) => expect(value).toBeCloseTo(published[index] ?? 0, 10));
});

const mean = (prices: readonly number[]): number => prices.reduce((sum, price) => sum + price, 0) / prices.length;

test('every average, convergence and strength is that of its definition', () => {
  const prices = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 40 });
  const window = fc.integer({ min: 1, max: 12 });
  fc.assert(
    fc.property(prices, window, window, window, (closes, short, long, last) => {
      const simple = simpleAverage(closes, short);
      const exponential = exponentialAverage(closes, short);
      const { value, signal, histogram } = convergence(closes, { short, long, signal: last });
      const slow = exponentialAverage(closes, long);
      closes.forEach((close, index) => {
        const known = index >= short - 1;
        expect(simple[index] === undefined).toBe(!known);
        if (known) expect(simple[index]).toBeCloseTo(mean(closes.slice(index - short + 1, index + 1)), 9);
        const before = exponential[index - 1];
        if (before !== undefined)
          expect(exponential[index]).toBeCloseTo(before + (2 / (short + 1)) * (close - before), 9);
        else if (known) expect(exponential[index]).toBeCloseTo(mean(closes.slice(0, short)), 9);
        const [one, other, line] = [exponential[index], slow[index], value[index]];
        if (one === undefined || other === undefined) expect(line).toBeUndefined();
        else expect(line).toBeCloseTo(one - other, 9);
        if (signal[index] !== undefined) expect(histogram[index]).toBeCloseTo((line ?? 0) - signal[index], 9);
      });
      const first = Math.max(short, long) - 1 + last - 1;
      expect(signal.findIndex((one) => one !== undefined)).toBe(first < closes.length ? first : -1);
    }),
  );
});

test('strength is of the first window the plain means, then smoothed, and 100 where nothing fell', () => {
  expect(relativeStrength([10, 11, 12], 2)).toEqual([undefined, undefined, 100]);
  const [, , one, two] = relativeStrength([10, 12, 11, 15], 2);
  expect(one).toBeCloseTo(100 - 100 / (1 + 2 / 1), 10);
  expect(two).toBeCloseTo(100 - 100 / (1 + (0.5 * 1 + 0.5 * 4) / (0.5 * 0.5)), 10);
});

/** A minute's bar each, but every fifth is missing. */
const closes = Array.from({ length: 60 }, (_, index) => 200 + ((index * 37) % 23));
const at = (index: number): bigint => opening + BigInt(index + Math.floor(index / 5)) * minute;
const ms = (index: number): number => Number(at(index) / 1_000_000n);

let papertape: Papertape;
let asker: PolygonAsker;
beforeAll(async () => {
  const clock = new ManualClock(opening);
  const events = closes.map((price, index) => trade(at(index), { id: String(index), price }));
  papertape = await serve(events, {}, { endpoints: { polygon: { serverPing: 'off' } } }, clock);
  asker = new PolygonAsker(papertape);
  await playToEnd(papertape, clock);
});
afterAll(async () => papertape[Symbol.asyncDispose]());

interface Answer {
  readonly values: Row[];
  readonly underlying: { readonly url: string; readonly aggregates?: Row[] };
  readonly next: string | undefined;
}

async function ask(path: string, query: Query = {}): Promise<Answer> {
  const { results, next_url: next } = await asker.get(path, query);
  return { values: [], ...Object(results), next };
}

/** The values of all pages. */
async function allOf(path: string, query: Query): Promise<Row[]> {
  const all: Row[] = [];
  for (let asked: string | undefined = path, rest = query; asked !== undefined; rest = {}) {
    const { values, next } = await ask(asked, rest);
    all.push(...values);
    asked = next?.slice(httpOf(papertape).length);
  }
  return all;
}

const minutes = { timespan: 'minute', window: 4 };
const sma = '/v1/indicators/sma/AAPL';

test('the newest ten are told, newest first, and the aggregates they follow from are where it says', async () => {
  const { values, underlying } = await ask(sma, minutes);
  const expected = simpleAverage(closes, 4).map((value, index) => ({ timestamp: ms(index), value }));
  expect(values).toEqual(expected.slice(-10).toReversed());
  expect(underlying.aggregates).toBeUndefined();
  const { aggregates = [], url } = (await ask(sma, { ...minutes, expand_underlying: true })).underlying;
  const rows = await asker.rowsOf(url.slice(httpOf(papertape).length));
  expect(aggregates).toEqual(rows);
  expect(aggregates[0]).toMatchObject({ t: ms(59), c: closes[59] });
});

test('page after page in either order they are all values there are', async () => {
  const expected = simpleAverage(closes, 4).flatMap((value, index) =>
    value === undefined ? [] : [{ timestamp: ms(index), value }],
  );
  expect(await allOf(sma, { ...minutes, limit: 7, order: 'asc' })).toEqual(expected);
  expect(await allOf(sma, { ...minutes, limit: 7 })).toEqual(expected.toReversed());
});

test('between bounds an average begins with the window before them, however its pages are cut', async () => {
  const bounds = { 'timestamp.gte': ms(20), 'timestamp.lt': ms(50) };
  const expected = exponentialAverage(closes.slice(16, 50), 4)
    .slice(4)
    .map((value, index) => ({ timestamp: ms(20 + index), value }));
  for (const order of ['asc', 'desc']) {
    for (const limit of [3, 100]) {
      const rows = await allOf('/v1/indicators/ema/AAPL', { ...minutes, ...bounds, order, limit });
      expect(rows).toEqual(order === 'asc' ? expected : expected.toReversed());
    }
  }
});

test('convergence has its signal and how far it is above it; strength lies between 0 and 100', async () => {
  const windows = { short_window: 3, long_window: 6, signal_window: 4 };
  const { value, signal, histogram } = convergence(closes, { short: 3, long: 6, signal: 4 });
  const rows = await allOf('/v1/indicators/macd/AAPL', { timespan: 'minute', ...windows, limit: 5000, order: 'asc' });
  expect(rows).toHaveLength(closes.length - 8);
  expect(rows.at(-1)).toEqual({
    timestamp: ms(59),
    value: value[59],
    signal: signal[59],
    histogram: histogram[59],
  });
  const strengths = await allOf('/v1/indicators/rsi/AAPL', { timespan: 'minute', limit: 5000, order: 'asc' });
  expect(strengths.map(({ value: one }) => one)).toEqual(relativeStrength(closes, 14).slice(14));
});

test('other prices, days and an unknown ticker answer in kind', async () => {
  const opens = await ask(sma, { timespan: 'hour', window: 1, series_type: 'open', order: 'asc' });
  expect(opens.values[0]).toEqual({ timestamp: Date.parse('2026-07-01T14:00:00Z'), value: closes[0] });
  expect((await ask(sma, { window: 1 })).values).toEqual([
    { timestamp: Date.parse('2026-07-01T04:00:00Z'), value: closes[59] },
  ]);
  expect((await asker.get('/v1/indicators/rsi/NONE'))['results']).toEqual({ underlying: { url: expect.any(String) } });
  const { status, body } = await asker.ask(sma, { window: 0 });
  expect([status, body['error']]).toEqual([400, "Invalid 'window': '0', expected a number from 1 to 5000"]);
});
