import { expect, test } from 'vitest';
import { openTape, tapeSchema, type Source } from '../../../server/sources/index.ts';

const market = (options: object): Source =>
  openTape(tapeSchema.parse({ synthetic: options }), { directory: '.', seed: 1 });

test('the outline of a generated day holds every event of it', async () => {
  const day = market({ symbols: ['AAPL', 'BTC/USD', 'USD/COP'], day: '2026-07-01', rate: 20 });
  const { signal } = new AbortController();
  const outline = (await day.outline?.(signal)) ?? [];
  for (const { symbol, from, to } of (await day.survey(signal)).holdings) {
    const bounds = outline.filter((one) => one.symbol === symbol);
    expect(bounds.map(({ channel }) => channel)).toEqual(['trade', 'quote']);
    for (const bound of bounds) expect(bound.from <= from && to <= bound.to).toBe(true);
  }
});

test('a generated market of ten years is outlined without generating it', async () => {
  const years = market({ symbols: ['AAPL'], from: '2016-07-01T00:00:00Z', to: '2026-07-01T00:00:00Z' });
  const [first] = (await years.outline?.(new AbortController().signal)) ?? [];
  expect(first?.from).toBe(BigInt(Date.parse('2016-07-01T13:30:00Z')) * 1_000_000n);
});

test('counting a generated market of a year stops when it is told to while it counts', async () => {
  const year = market({ symbols: ['AAPL', 'BTC/USD'], from: '2025-07-01T00:00:00Z', to: '2026-07-01T00:00:00Z' });
  const stop = new AbortController();
  const counting = year.survey(stop.signal);
  setImmediate(() => stop.abort());
  await expect(counting).rejects.toThrow(/aborted/);
});

test('a market of decades begins soon, lets others have their turn although hardly anything trades, and none has centuries', async () => {
  const decades = { from: '1990-01-01T00:00:00Z', to: '2020-01-01T00:00:00Z' };
  for await (const page of market({ symbols: ['BTC/USD'], ...decades }).pages({}, new AbortController().signal)) {
    expect(page.length).toBeGreaterThan(0);
    break;
  }
  const stop = new AbortController();
  setImmediate(() => stop.abort());
  const quiet = market({ symbols: ['BTC/USD'], rate: 1e-12, quotesPerTrade: 0, ...decades });
  for await (const page of quiet.pages({}, stop.signal)) expect(page.length).toBeGreaterThan(0);
  expect(stop.signal.aborted).toBe(true);
  expect(() => market({ ...decades, to: '2120-01-01T00:00:00Z' })).toThrow(/more than 30 years/);
});
