import { expect, test } from 'vitest';
import type { MarketEvent } from '../../../market/event.ts';
import { describeTape } from '../../../server/tapes/describe.ts';
import { measureAvailability } from '../../../server/tapes/availability.ts';
import { bar, trade } from '../../helpers/events.ts';
import { memorySource } from '../../helpers/memory-source.ts';

const minute = 60_000_000_000n;
const at = (iso: string): bigint => BigInt(Date.parse(iso)) * 1_000_000n;
const iso = (nanos: bigint): string => new Date(Number(nanos / 1_000_000n)).toISOString().slice(0, 16);

/** Minute bars of a symbol, one for each minute of the stretch. */
function minutes(from: string, to: string, symbol = 'AAPL'): MarketEvent[] {
  const bars: MarketEvent[] = [];
  for (let start = at(from); start < at(to); start += minute) {
    bars.push(bar('bar', start, start + minute, { symbol, open: 2, high: 5, low: 1, close: 3, volume: 10 }));
  }
  return bars;
}
const ordered = (...parts: MarketEvent[][]): MarketEvent[] =>
  parts.flat().sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0));
async function* paged(events: readonly MarketEvent[]): AsyncGenerator<readonly MarketEvent[]> {
  for (let i = 0; i < events.length; i += 100) yield events.slice(i, i + 100);
}

test('missing trading days are found, and weekends and holidays are not missing', async () => {
  // Thursday 2 July, Friday 3 July is the holiday observed, then Monday 6, and Wednesday 8 after a missing Tuesday.
  const days = ['2026-07-02', '2026-07-06', '2026-07-08'];
  const events = days.flatMap((day) => minutes(`${day}T13:30Z`, `${day}T20:00Z`));
  const found = (await measureAvailability(paged(events), 5n * minute)).get('AAPL');
  expect(found?.days).toEqual({ present: 3, missing: ['2026-07-07'] });
  expect(found?.silences).toEqual({ count: 0, longest: undefined, shown: [] });
  expect(found?.prices).toEqual({ first: 2, last: 3, low: 1, high: 5, volume: 3 * 390 * 10 });
});

test('silences inside regular hours are found; the evening, the half day and the ends of the tape are none', async () => {
  const events = ordered(
    // The day before Christmas closes at 13:00 in New York.
    minutes('2026-12-24T14:45Z', '2026-12-24T18:00Z'),
    minutes('2026-12-28T14:40Z', '2026-12-28T16:00Z'),
    minutes('2026-12-28T16:06Z', '2026-12-28T20:00Z'),
    minutes('2026-12-24T14:45Z', '2026-12-24T15:00Z', 'MSFT'),
    minutes('2026-12-28T16:00Z', '2026-12-28T20:00Z', 'MSFT'),
  );
  const found = await measureAvailability(paged(events), 5n * minute);
  const silences = (symbol: string): string[] | undefined =>
    found.get(symbol)?.silences.shown.map(({ from, to }) => `${iso(from)} ${iso(to)}`);
  expect(silences('AAPL')).toEqual(['2026-12-28T14:30 2026-12-28T14:40', '2026-12-28T16:00 2026-12-28T16:06']);
  expect(silences('MSFT')).toEqual(['2026-12-24T15:00 2026-12-24T18:00', '2026-12-28T14:30 2026-12-28T16:00']);
  expect(found.get('MSFT')?.silences.longest).toEqual({ from: at('2026-12-24T15:00Z'), to: at('2026-12-24T18:00Z') });
});

test('crypto has no night: a silence at three in the morning counts, and so does a missing Sunday', async () => {
  const crypto = (from: string, to: string): MarketEvent[] =>
    minutes(from, to, 'BTC/USD').map((event) => ({ ...event, market: 'crypto' }));
  const events = [
    ...crypto('2026-07-03T00:00Z', '2026-07-04T03:00Z'),
    ...crypto('2026-07-04T04:00Z', '2026-07-05T00:00Z'),
    ...crypto('2026-07-06T00:00Z', '2026-07-06T01:00Z'),
  ];
  const found = (await measureAvailability(paged(events), 5n * minute)).get('BTC/USD');
  expect(found?.days).toEqual({ present: 3, missing: ['2026-07-05'] });
  expect(found?.silences.count).toBe(1);
});

test('a description tells availability only when asked, and prices of the trades where there are trades', async () => {
  const start = at('2026-07-01T14:00Z');
  const events = ordered(
    [trade(start, { price: 7, size: 2 }), trade(start + 30n * minute, { price: 9, size: 3 })],
    minutes('2026-07-01T14:00Z', '2026-07-01T14:02Z'),
  );
  const tape = memorySource(events);
  const signal = new AbortController().signal;
  expect((await describeTape(tape, signal)).symbols[0]).not.toHaveProperty('availability');
  const [symbol] = (await describeTape(tape, signal, { silence: 10n * minute })).symbols;
  expect(symbol?.availability).toEqual({
    days: { present: 1, missing: [] },
    silences: {
      count: 1,
      longest: { from: start + 2n * minute, to: start + 30n * minute },
      shown: [{ from: start + 2n * minute, to: start + 30n * minute }],
    },
    prices: { first: 7, last: 9, low: 7, high: 9, volume: 5 },
  });
});
