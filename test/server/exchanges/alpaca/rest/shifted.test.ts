import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { newYorkStockExchange } from '../../../../../market/calendars.ts';
import { ManualClock } from '../../../../../market/clock.ts';
import type { Nanos } from '../../../../../market/event.ts';
import { day, hour, minute } from '../../../../../market/nanos.ts';
import { Asker } from '../../../../helpers/asker.ts';
import { opening, trade } from '../../../../helpers/events.ts';
import { serve } from '../../../../helpers/serve.ts';

/** Saturday 2026-11-21, 12:00 in New York. */
const saturday: Nanos = 1_795_280_400_000_000_000n;
const clockShape = z.strictObject({
  timestamp: z.string(),
  is_open: z.boolean(),
  next_open: z.string(),
  next_close: z.string(),
});
const calendarShape = z.array(
  z.looseObject({ date: z.string(), open: z.string(), close: z.string(), settlement_date: z.string() }),
);

/** A tape of a Wednesday, 10:30 to 15:30 in New York, that began to play at that instant of the wall. */
async function shiftedAt(wall: Nanos) {
  const clock = new ManualClock(wall);
  const events = [0n, 2n, 5n].map((hours) => trade(opening + hours * hour));
  const papertape = await serve(events, { timestamps: 'shifted' }, {}, clock);
  const asker = new Asker(papertape);
  return {
    clock,
    play: () => papertape.run.play(),
    clockSays: async () => clockShape.parse(await asker.get('/v2/clock')),
    days: async (start: string, end: string) =>
      calendarShape.parse((await asker.get('/v2/calendar', { start, end }))['list']),
    [Symbol.asyncDispose]: () => papertape[Symbol.asyncDispose](),
  };
}

test('a market that plays on a Saturday is open on that Saturday, and closes when the tape does', async () => {
  await using market = await shiftedAt(saturday);
  // The tape begins at 10:30, an hour after its opening; so it does before anybody has started it.
  const begun = {
    is_open: true,
    next_open: '2026-11-22T11:00:00-05:00',
    next_close: '2026-11-21T17:30:00-05:00',
  };
  expect(await market.clockSays()).toEqual({ timestamp: '2026-11-21T12:00:00-05:00', ...begun });
  market.play();
  await market.clock.advance(3n * hour);
  expect(await market.clockSays()).toEqual({ timestamp: '2026-11-21T15:00:00-05:00', ...begun });
  await market.clock.advance(2n * hour);
  expect(await market.clockSays()).toMatchObject({ is_open: true, timestamp: '2026-11-21T17:00:00-05:00' });
});

test('the calendar moves with the tape: the day that plays is a trading day, its hours are those of the clock', async () => {
  await using market = await shiftedAt(saturday);
  expect(await market.days('2026-11-21', '2026-11-24')).toEqual([
    // Wednesday, Thursday, and, after a Friday without trading and a weekend, Monday.
    {
      date: '2026-11-21',
      open: '11:00',
      close: '17:30',
      session_open: '0530',
      session_close: '2130',
      settlement_date: '2026-11-22',
    },
    {
      date: '2026-11-22',
      open: '11:00',
      close: '17:30',
      session_open: '0530',
      session_close: '2130',
      settlement_date: '2026-11-26',
    },
  ]);
});

test('whenever the tape is started, the clock is the one of the tape, and the calendar agrees with it', async () => {
  const stocks = newYorkStockExchange();
  const wire = (at: Nanos): string => new Date(Number(at / 1_000_000n)).toISOString();
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 500 * 24 * 60 }),
      fc.integer({ min: 0, max: 299 }),
      async (late, into) => {
        const wall = opening + BigInt(late) * minute;
        await using market = await shiftedAt(wall);
        market.play();
        await market.clock.advance(BigInt(into) * minute + 1n);
        const { timestamp, is_open, next_open, next_close } = await market.clockSays();
        const onTape = opening + BigInt(into) * minute;
        const shift = wall - opening;
        expect(Date.parse(timestamp)).toBe(Number((wall + BigInt(into) * minute) / 1_000_000n));
        expect(is_open).toBe(stocks.isOpen(onTape));
        const next = stocks.next(onTape);
        expect(wire(next.open + shift)).toBe(new Date(next_open).toISOString());
        expect(new Date(next_close).toISOString()).toBe(wire((stocks.on('2026-07-01')?.close ?? 0n) + shift));
        const date = next_open.slice(0, 10);
        const [told] = await market.days(date, date);
        expect(told).toMatchObject({ date, open: next_open.slice(11, 16) });
      },
    ),
    { numRuns: 40 },
  );
});

test('a calendar without bounds tells as many days whether it is moved or not', async () => {
  await using recorded = await shiftedAt(opening);
  await using moved = await shiftedAt(opening + 200n * day + 77n * minute);
  const asked = async (market: typeof moved) => (await market.days('2020-01-01', '2025-12-31')).length;
  expect(Math.abs((await asked(recorded)) - (await asked(moved)))).toBeLessThan(5);
});
