import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { isBar, type MarketEvent, type Trade } from '../../../market/event.ts';
import { gatheredEvents } from '../../../server/bars/gatherer.ts';
import type { Page } from '../../../server/sources/source.ts';
import { at, barsOf, minute, play, schedule, second, trade } from './bar-fixture.ts';

const opening = at('2026-07-01T13:30:00Z');

/** Conditions and what the plans let them do: open/close, high/low, volume. */
const kinds = [
  { conditions: ['@'], open: 'yes', range: true },
  { conditions: [], open: 'yes', range: true },
  { conditions: ['@', 'I'], open: 'no', range: false },
  { conditions: ['Z'], open: 'first', range: true },
] as const;
type Kind = (typeof kinds)[number];

const tapes = fc
  .array(
    fc.record({
      wait: fc.integer({ min: 0, max: 40_000 }),
      symbol: fc.constantFrom('AAPL', 'MSFT', 'T'),
      cents: fc.integer({ min: 1000, max: 1100 }),
      size: fc.integer({ min: 1, max: 500 }),
      kind: fc.constantFrom<Kind>(...kinds),
      lag: fc.option(fc.integer({ min: 0, max: 90_000 }), { nil: undefined }),
    }),
    { maxLength: 60 },
  )
  .map((steps) => {
    let now = opening;
    return steps.map(({ wait, symbol, cents, size, kind, lag }) => {
      now += BigInt(wait) * 1_000_000n;
      const stamp = lag === undefined ? undefined : now - BigInt(lag) * 1_000_000n;
      const more = { symbol, at: now, conditions: kind.conditions, participantAt: stamp };
      return { kind, event: trade('2026-07-01T13:30:00Z', cents / 100, size, more) };
    });
  });
type Tape = { readonly kind: Kind; readonly event: Trade }[];

/** The bar of some trades, computed the slow and obvious way. */
function naive(tape: Tape) {
  const ranged = tape.filter(({ kind }) => kind.range).map(({ event }) => event);
  const prices = ranged.map(({ price }) => price);
  let open: number | undefined;
  let close: number | undefined;
  for (const { kind, event } of tape) {
    if (kind.open !== 'no') open ??= event.price;
    if (kind.open === 'yes' || (kind.open === 'first' && close === undefined)) close = event.price;
  }
  if (open === undefined) return undefined;
  const shares = ranged.reduce((sum, { size }) => sum + size, 0);
  return {
    open,
    close,
    high: Math.max(...prices),
    low: Math.min(...prices),
    volume: tape.reduce((sum, { event }) => sum + event.size, 0),
    trades: tape.length,
    vwap: Math.round((ranged.reduce((sum, { price, size }) => sum + price * size, 0) / shares) * 1e6) / 1e6,
  };
}

const startOf = ({ at: sip, participantAt }: Trade): bigint => {
  const stamp = participantAt ?? sip;
  return stamp - (stamp % minute);
};

test('every bar, updated bar and last daily bar equals a naive aggregation of the trades known by then', async () => {
  await fc.assert(
    fc.asyncProperty(tapes, fc.integer(), async (tape, seed) => {
      const out = (await play([tape.map(({ event }) => event)], { seed })).flat().filter(isBar);
      for (const bar of out) {
        const known = tape.filter(
          ({ event }) =>
            event.symbol === bar.symbol &&
            event.at < bar.at &&
            (bar.kind === 'daily-bar' || startOf(event) === bar.start),
        );
        const { open, high, low, close, volume, trades, vwap } = bar;
        expect({ open, high, low, close, volume, trades, vwap }).toEqual(naive(known));
      }
      const minutesOf = (kind: string): string[] =>
        out.filter((bar) => bar.kind === kind).map(({ symbol, start }) => `${symbol} ${start}`);
      const bars = minutesOf('bar');
      expect(new Set(bars).size).toBe(bars.length);
      const prompt = tape.filter(({ event, kind }) => event.at < startOf(event) + minute && kind.open !== 'no');
      for (const { event } of prompt) expect(bars).toContain(`${event.symbol} ${startOf(event)}`);
      const updates = minutesOf('updated-bar');
      expect(new Set(updates).size).toBe(updates.length);
    }),
    { numRuns: 300 },
  );
});

const pagings = fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 20 });

function paged(tape: readonly MarketEvent[], cuts: readonly number[]): Page[] {
  const pages: Page[] = [];
  let from = 0;
  for (const cut of [...cuts, tape.length]) {
    if (from < tape.length) pages.push(tape.slice(from, from + cut));
    from += cut;
  }
  return pages;
}

test('time never runs backwards, no event is lost or doubled, and paging changes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(tapes, pagings, async (tape, cuts) => {
      const events = tape.map(({ event }) => event);
      const whole = (await play([events])).flat();
      const out = await play(paged(events, cuts));
      expect(out.flat()).toEqual(whole);
      expect(whole.filter((event) => event.kind === 'trade')).toEqual(events);
      expect(whole.every((event, i) => i === 0 || event.at >= (whole[i - 1]?.at ?? 0n))).toBe(true);
      expect(out.slice(0, -1).every((page) => page.length === gatheredEvents)).toBe(true);
    }),
    { numRuns: 200 },
  );
});

test('whatever the pages of the tape and however much falls due at once, pages come in one size', async () => {
  const symbols = Array.from({ length: 1400 }, (_, i) => trade('2026-07-01T13:30:10Z', 10, 100, { symbol: `S${i}` }));
  const quiet = [trade('2026-07-01T13:30:30Z', 10, 1, { conditions: ['I'] })];
  const after = [trade('2026-07-01T13:31:10Z', 10, 100)];
  const out = await play([symbols.slice(0, 400), symbols.slice(400), quiet, after]);
  expect(out.slice(0, -1).map((page) => page.length)).toEqual(out.slice(0, -1).map(() => gatheredEvents));
  expect(out.length).toBeGreaterThan(1);
  expect(out.flat().filter((event) => event.kind === 'bar')).toHaveLength(1401);
});

test('nothing due is nothing inserted: an incomplete bar leaves its page alone', async () => {
  const odd = [trade('2026-07-01T13:30:10Z', 10, 5, { conditions: ['I'] })];
  const next = [trade('2026-07-01T13:35:10Z', 10, 5, { conditions: ['I'] })];
  expect((await play([odd, next])).flat()).toEqual([...odd, ...next]);
});

test('a bar due at the instant of a trade comes before it', async () => {
  const prompt = { ...schedule, minute: { earliest: second, latest: second, slots: 1 }, daily: 5n * second };
  const tape = [trade('2026-07-01T14:30:10Z', 10, 100), trade('2026-07-01T14:31:01Z', 11, 100)];
  const [page = []] = await play([tape], { schedule: prompt });
  expect(page.slice(0, 3).map(({ kind }) => kind)).toEqual(['trade', 'bar', 'trade']);
  expect(await barsOf('bar', tape, { schedule: prompt })).toMatchObject([{ close: 10 }, { close: 11 }]);
});
