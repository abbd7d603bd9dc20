import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  bogotaSession,
  cryptoDays,
  currencyWeek,
  globexWeek,
  newYorkStockExchange,
} from '../../../market/calendars.ts';
import type { MarketEvent } from '../../../market/event.ts';
import { openTape, tapeSchema } from '../../../server/sources/index.ts';
import type { Selection } from '../../../server/sources/source.ts';
import { describeTape } from '../../../server/tapes/index.ts';

const { signal } = new AbortController();
const second = 1_000_000_000n;
const at = (text: string): bigint => BigInt(Date.parse(text)) * 1_000_000n;
const tape = (options: object) => openTape(tapeSchema.parse({ synthetic: options }), { directory: '.', seed: 1 });

async function read(options: object, selection: Selection = {}): Promise<MarketEvent[]> {
  await using source = tape(options);
  const events: MarketEvent[] = [];
  for await (const page of source.pages(selection, signal)) events.push(...page);
  return events;
}

/** From a Thursday before a weekend to the Wednesday after a holiday of Colombia (29 June) and none of New York's. */
const days = { from: '2026-06-25T00:00:00Z', to: '2026-07-01T12:00:00Z' };
const everywhere = {
  ...days,
  rate: 0.05,
  quotesPerTrade: 1,
  symbols: ['BTC/USD', 'EUR/USD', 'USD/COP', 'ESZ6', { symbol: 'SPX', rate: 0.02 }].map((entry) =>
    typeof entry === 'string' ? { symbol: entry, rate: 0.02 } : entry,
  ),
};
const calendars = {
  'BTC/USD': cryptoDays(),
  'EUR/USD': currencyWeek(),
  'USD/COP': bogotaSession(),
  ESZ6: globexWeek(),
  SPX: newYorkStockExchange(),
};

test('every market of a tape keeps its own hours, through weekends and holidays', async () => {
  const events = await read(everywhere);
  for (const [symbol, calendar] of Object.entries(calendars)) {
    const own = events.filter((event) => event.symbol === symbol);
    expect(own.every((event) => calendar.isOpen(event.at))).toBe(true);
    // And on every day it is open it says something.
    const open = [...calendar.days('2026-06-26', '2026-06-30')].map(({ date }) => date);
    const seen = new Set(own.map((event) => calendar.dayOf(event.at)?.date));
    expect(open.filter((date) => !seen.has(date))).toEqual([]);
  }
  expect([...bogotaSession().days('2026-06-26', '2026-06-30')].map(({ date }) => date)).not.toContain('2026-06-29');
});

const edges = {
  'currencies rest from Friday 17:00 to Sunday 17:00 in New York': {
    symbol: 'EUR/USD',
    closes: '2026-06-26T21:00:00Z',
    opens: '2026-06-28T21:00:00Z',
  },
  'futures rest from Friday 16:00 to Sunday 17:00 in Chicago': {
    symbol: 'ESZ6',
    closes: '2026-06-26T21:00:00Z',
    opens: '2026-06-28T22:00:00Z',
  },
  'futures rest for an hour each day': {
    symbol: 'NQU6',
    closes: '2026-06-25T21:00:00Z',
    opens: '2026-06-25T22:00:00Z',
  },
  'an index has values from 09:30 to 16:00 in New York': {
    symbol: 'NDX',
    closes: '2026-06-25T20:00:00Z',
    opens: '2026-06-26T13:30:00Z',
  },
  'pesos trade from 08:00 to 12:55 in Bogotá': {
    symbol: 'USD/COP',
    closes: '2026-06-25T17:55:00Z',
    opens: '2026-06-26T13:00:00Z',
  },
};

test.each(Object.entries(edges))('%s', async (_, { symbol, closes, opens }) => {
  const around = { from: at(closes) - 60n * second, to: at(opens) + 60n * second };
  const events = await read({ ...days, symbols: [{ symbol, rate: 8 }] }, around);
  const within = (from: bigint, to: bigint): number => events.filter((one) => one.at >= from && one.at < to).length;
  expect(within(at(closes) - 5n * second, at(closes))).toBeGreaterThan(5);
  expect(within(at(closes), at(opens))).toBe(0);
  expect(within(at(opens), at(opens) + 5n * second)).toBeGreaterThan(5);
});

const morning = { from: '2026-07-01T09:30:00-04:00', to: '2026-07-01T09:33:00-04:00' };

test('an index has one value a second, to the hundredth, and takes nothing from those that trade', async () => {
  const symbols = ['AAPL', 'BTC/USD', 'EUR/USD'];
  const events = await read({ ...morning, symbols: [...symbols, 'SPX'] });
  const values = events.filter((event) => event.kind === 'value');
  expect(values.map((event) => (event.at - at(morning.from)) / second)).toEqual(
    Array.from({ length: 180 }, (_, passed) => BigInt(passed)),
  );
  for (const { symbol, market, value } of values) {
    expect([symbol, market, value]).toEqual(['SPX', 'indices', Number(value.toFixed(2))]);
    expect(Math.abs(value / 6204.95 - 1)).toBeLessThan(0.01);
  }
  expect(events.filter((event) => event.kind !== 'value')).toEqual(await read({ ...morning, symbols }));
  expect(await read({ ...morning, symbols: [{ symbol: 'SPX', rate: 4 }] })).toHaveLength(720);
});

test('a future trades whole contracts on the grid of its exchange, and tells its session and when each side was set', async () => {
  const monday = { from: '2026-06-29T18:00:00-04:00', to: '2026-06-29T18:05:00-04:00' };
  const events = await read({ ...monday, symbols: [{ symbol: 'ESZ6', rate: 20 }] });
  expect(new Set(events.map(({ kind }) => kind))).toEqual(new Set(['trade', 'quote']));
  for (const event of events) {
    expect(event).toMatchObject({ market: 'futures', session: '2026-06-30', tape: undefined });
    if (event.kind === 'trade') {
      expect([event.price * 4, event.size].every(Number.isInteger)).toBe(true);
      expect(event.reportSequence).toBe(event.sequence);
    } else if (event.kind === 'quote') {
      expect([event.bidPrice * 4, event.askPrice * 4, event.bidSize, event.askSize].every(Number.isInteger)).toBe(true);
      expect([event.bidAt, event.askAt].every((set) => set !== undefined && set <= event.at)).toBe(true);
    }
  }
});

test('a future on an index moves with it, and both with the stocks', async () => {
  const symbols = ['SPY', 'ESZ6', 'SPX'].map((symbol) => ({ symbol, rate: 10 }));
  const events = await read({ ...morning, to: '2026-07-01T11:30:00-04:00', symbols, correlation: 1, halts: 0 });
  const last = (symbol: string, until: bigint): number => {
    const event = events.findLast((one) => one.symbol === symbol && one.at < until && one.kind !== 'quote');
    return event?.kind === 'value' ? event.value : event?.kind === 'trade' ? event.price : Number.NaN;
  };
  for (const minutes of [30n, 60n, 90n, 120n]) {
    const moves = symbols.map(({ symbol }) => {
      const first = last(symbol, at(morning.from) + 2n * second);
      return last(symbol, at(morning.from) + minutes * 60n * second) / first - 1;
    });
    for (const move of moves) expect(Math.abs(move - (moves[0] ?? 0))).toBeLessThan(0.0005);
  }
});

test('markets are told by their symbols, or said', async () => {
  const symbols = ['VIX', '6EZ6', 'CLQ26', 'ES', 'ESZ', 'XYZ6', { symbol: 'GLOOM', market: 'indices' }];
  const markets = new Map(
    (await read({ ...morning, symbols, rate: 50 })).map(({ symbol, market }) => [symbol, market]),
  );
  expect(Object.fromEntries(markets)).toEqual({
    VIX: 'indices',
    '6EZ6': 'futures',
    CLQ26: 'futures',
    ES: 'stocks',
    ESZ: 'stocks',
    XYZ6: 'stocks',
    GLOOM: 'indices',
  });
});

test('any part of it is what a reading of the whole would have selected, and it is counted exactly', async () => {
  const whole = await read({ ...everywhere, ...morning });
  const offset = fc.bigInt({ min: -10n * second, max: 190n * second });
  const channels = fc.subarray(['trade', 'quote', 'value'] as const);
  await fc.assert(
    fc.asyncProperty(fc.subarray(Object.keys(calendars)), channels, offset, offset, async (wanted, kinds, one, two) => {
      const selection = { symbols: wanted, channels: kinds, from: at(morning.from) + one, to: at(morning.from) + two };
      const expected = whole.filter(
        (event) =>
          wanted.includes(event.symbol) &&
          kinds.some((kind) => kind === event.kind) &&
          event.at >= selection.from &&
          event.at < selection.to,
      );
      expect(await read({ ...everywhere, ...morning }, selection)).toEqual(expected);
    }),
    { numRuns: 20 },
  );
  const counts: Record<string, number> = {};
  for (const { kind } of whole) counts[kind] = (counts[kind] ?? 0) + 1;
  await using source = tape({ ...everywhere, ...morning });
  expect((await describeTape(source, signal)).channels).toEqual(counts);
  for (const { symbol, channel } of (await source.outline?.(signal)) ?? []) {
    expect(channel === 'value').toBe(symbol === 'SPX');
  }
});
