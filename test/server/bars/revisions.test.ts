import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { isBar, type Bar, type Trade } from '../../../market/event.ts';
import type { BarSchedule } from '../../../server/exchanges/exchange.ts';
import { at, barsOf, minute, play, second, trade } from './bar-fixture.ts';

/** Sent at the end of the minute, and for 15 minutes again a second after each late trade. */
const schedule: BarSchedule = {
  minute: { earliest: 0n, latest: 0n, slots: 1 },
  updated: second,
  revised: 15n * minute,
  daily: second,
};
const opening = at('2026-07-01T14:30:00Z');
const mark = opening + minute;
const late = { participantAt: opening + 30n * second };

test('every late trade of a quarter of an hour brings the bar again, so long after the trade', async () => {
  const tape = [
    trade('2026-07-01T14:30:10Z', 10, 100),
    trade('2026-07-01T14:31:02Z', 9, 50, late),
    trade('2026-07-01T14:31:02.900Z', 9, 1, late),
    trade('2026-07-01T14:40:00Z', 12, 10, late),
    trade('2026-07-01T14:45:59.999Z', 13, 10, late),
    trade('2026-07-01T14:46:00Z', 14, 10, late),
  ];
  expect(await barsOf('bar', tape, { schedule })).toMatchObject([{ start: opening, at: mark, volume: 100 }]);
  expect(await barsOf('updated-bar', tape, { schedule })).toMatchObject([
    { start: opening, at: mark + 3n * second, low: 9, volume: 151, dayVolume: 151 },
    { start: opening, at: at('2026-07-01T14:40:01Z'), high: 12, volume: 161 },
    { start: opening, at: at('2026-07-01T14:46:00.999Z'), high: 13, volume: 171 },
  ]);
  // What came too late for the bar is in the day all the same.
  expect((await barsOf('daily-bar', tape, { schedule })).at(-1)).toMatchObject({ high: 14, volume: 181 });
});

test('the day that a revised bar tells is that of its own minute', async () => {
  const tape = [
    trade('2026-07-01T14:30:10Z', 10, 100),
    trade('2026-07-01T14:35:10Z', 10, 1000),
    trade('2026-07-01T14:41:00Z', 9, 50, late),
  ];
  expect(await barsOf('updated-bar', tape, { schedule })).toMatchObject([{ volume: 150, dayVolume: 150 }]);
});

test('a late trade that changes nothing brings no bar', async () => {
  const mute = trade('2026-07-01T14:31:02Z', 9, 50, { ...late, conditions: ['M'] });
  expect(await barsOf('updated-bar', [trade('2026-07-01T14:30:10Z', 10, 100), mute], { schedule })).toEqual([]);
});

const tapes = fc
  .array(
    fc.record({
      wait: fc.integer({ min: 0, max: 90 }),
      symbol: fc.constantFrom('AAPL', 'MSFT'),
      cents: fc.integer({ min: 1000, max: 1100 }),
      size: fc.integer({ min: 1, max: 500 }),
      lag: fc.option(fc.integer({ min: 0, max: 1100 }), { nil: undefined }),
    }),
    { maxLength: 60 },
  )
  .map((steps) => {
    let now = opening;
    return steps.map(({ wait, symbol, cents, size, lag }) => {
      now += BigInt(wait) * second;
      const participantAt = lag === undefined ? undefined : now - BigInt(lag) * second;
      return trade('2026-07-01T14:30:00Z', cents / 100, size, { symbol, at: now, participantAt });
    });
  });

const startOf = ({ at: sip, participantAt }: Trade): bigint => {
  const stamp = participantAt ?? sip;
  return stamp - (stamp % minute);
};
const nameOf = ({ symbol }: Trade | Bar, start: bigint): string => `${symbol} ${start}`;

test('who replaces each bar by its revision has all trades that came in time, and each revision follows a trade', async () => {
  await fc.assert(
    fc.asyncProperty(tapes, async (tape) => {
      const out = (await play([tape], { schedule })).flat().filter(isBar);
      const minutes = out.filter(({ kind }) => kind !== 'daily-bar');
      const volumes = new Map<string, number>();
      for (const event of tape) {
        const start = startOf(event);
        if (event.at >= start + minute + 15n * minute) continue;
        volumes.set(nameOf(event, start), (volumes.get(nameOf(event, start)) ?? 0) + event.size);
      }
      const told = new Map(minutes.map((bar) => [nameOf(bar, bar.start), bar.volume]));
      expect(told).toEqual(volumes);
      for (const bar of minutes.filter(({ kind }) => kind === 'updated-bar')) {
        const cause = tape.filter((event) => nameOf(event, startOf(event)) === nameOf(bar, bar.start));
        expect(cause.map((event) => event.at + second)).toContain(bar.at);
      }
    }),
    { numRuns: 300 },
  );
});
