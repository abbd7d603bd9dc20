import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { Calendar } from '../../market/calendar.ts';
import { cryptoDays, currencyWeek, globexWeek, nasdaq, newYorkStockExchange } from '../../market/calendars.ts';
import { formatDate, parseDate, weekdayOf } from '../../market/civil-date.ts';
import { TimeZone } from '../../market/time-zone.ts';

const at = (text: string): bigint => BigInt(Date.parse(text)) * 1_000_000n;
const oracle = z
  .object({ holidays: z.array(z.string()), earlyCloses: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(new URL('../fixtures/us-equity-calendar.json', import.meta.url), 'utf8')));

test('every date from 2010 to the end of the independent list agrees: closed, open, or early close', () => {
  const calendar = newYorkStockExchange();
  const holidays = new Set(oracle.holidays);
  const wrong: string[] = [];
  let compared = 0;
  for (let day = parseDate('2010-01-01'); day <= parseDate('2028-12-31'); day++) {
    const date = formatDate(day);
    const closed = holidays.has(date) || ['Sat', 'Sun'].includes(weekdayOf(day));
    // The list names an early close on a Sunday (2017-12-24); a closed day cannot close early.
    const close = closed ? undefined : (oracle.earlyCloses[date] ?? '16:00:00');
    const trading = calendar.on(date);
    const found =
      trading && new Date(Number(calendar.zone.wall(trading.close) / 1_000_000n)).toISOString().slice(11, 19);
    if (found !== close || (trading?.halfDay ?? false) !== (close === '13:00:00'))
      wrong.push(`${date}: ${found}, not ${close}`);
    compared++;
  }
  expect(wrong).toEqual([]);
  expect(compared).toBe(6940);
});

test('a trading day has its hours as instants, in summer and on a half day', () => {
  const calendar = nasdaq();
  expect(calendar.on('2026-07-01')).toEqual({
    date: '2026-07-01',
    preOpen: at('2026-07-01T08:00:00Z'),
    open: at('2026-07-01T13:30:00Z'),
    close: at('2026-07-01T20:00:00Z'),
    postClose: at('2026-07-02T00:00:00Z'),
    halfDay: false,
  });
  expect(calendar.on('2026-11-27')).toMatchObject({ close: at('2026-11-27T18:00:00Z'), halfDay: true });
});

test('unscheduled closures and the years before Juneteenth are known', () => {
  const calendar = newYorkStockExchange();
  expect(
    ['2001-09-11', '2012-10-29', '2018-12-05', '2025-01-09', '2022-06-20'].filter((date) => calendar.on(date)),
  ).toEqual([]);
  expect(calendar.on('2021-06-18')).toBeDefined();
});

test('the market is open from the bell until just before the close', () => {
  const calendar = newYorkStockExchange();
  expect(calendar.isOpen(at('2026-07-01T13:30:00Z') - 1n)).toBe(false);
  expect(calendar.isOpen(at('2026-07-01T13:30:00Z'))).toBe(true);
  expect(calendar.isOpen(at('2026-07-01T20:00:00Z') - 1n)).toBe(true);
  expect(calendar.isOpen(at('2026-07-01T20:00:00Z'))).toBe(false);
  expect(calendar.isOpen(at('2026-07-04T15:00:00Z'))).toBe(false);
});

test('extended hours belong to their day, the night to none', () => {
  const calendar = newYorkStockExchange();
  expect(calendar.dayOf(at('2026-07-01T08:00:00Z'))?.date).toBe('2026-07-01');
  expect(calendar.dayOf(at('2026-07-01T23:59:59Z'))?.date).toBe('2026-07-01');
  expect(calendar.dayOf(at('2026-07-02T00:00:00Z'))).toBeUndefined();
  expect(calendar.dayOf(at('2026-07-01T07:59:59Z'))).toBeUndefined();
});

test('the next opening skips weekends and holidays', () => {
  const calendar = newYorkStockExchange();
  expect(calendar.next(at('2026-07-02T13:29:59Z')).date).toBe('2026-07-02');
  // Friday 3 July 2026 is Independence Day observed.
  expect(calendar.next(at('2026-07-02T13:30:00Z')).date).toBe('2026-07-06');
});

test('a market that never opens says so instead of searching for ever', () => {
  const never = new Calendar('XXXX', new TimeZone('UTC'), () => undefined);
  expect(() => never.next(0n)).toThrow('XXXX does not open within a year after 1970-01-01');
});

test('a range of dates yields its trading days in order, both ends included', () => {
  const days = [...newYorkStockExchange().days('2026-07-01', '2026-07-07')].map(({ date }) => date);
  expect(days).toEqual(['2026-07-01', '2026-07-02', '2026-07-06', '2026-07-07']);
});

test('crypto never closes and its days follow each other without a gap', () => {
  const crypto = cryptoDays();
  const days = [...crypto.days('2026-12-24', '2027-01-02')];
  expect(days).toHaveLength(10);
  for (const [index, day] of days.slice(1).entries()) expect(day.open).toBe(days[index]?.close);
  expect(crypto.isOpen(at('2026-12-25T03:00:00Z'))).toBe(true);
  expect(crypto.dayOf(at('2026-12-25T00:00:00Z'))?.date).toBe('2026-12-25');
});

test('the currency week runs from Sunday 17:00 to Friday 17:00 New York, without a gap inside', () => {
  const forex = currencyWeek();
  expect(forex.isOpen(at('2026-07-05T20:59:59Z'))).toBe(false);
  expect(forex.isOpen(at('2026-07-05T21:00:00Z'))).toBe(true);
  expect(forex.dayOf(at('2026-07-05T21:00:00Z'))?.date).toBe('2026-07-06');
  expect(forex.isOpen(at('2026-07-08T21:00:00Z'))).toBe(true);
  expect(forex.isOpen(at('2026-07-10T20:59:59Z'))).toBe(true);
  expect(forex.isOpen(at('2026-07-10T21:00:00Z'))).toBe(false);
  expect(forex.isOpen(at('2026-12-04T21:30:00Z'))).toBe(true);
  expect(forex.next(at('2026-07-10T21:00:00Z')).open).toBe(at('2026-07-12T21:00:00Z'));
});

test('futures trade from Sunday 17:00 to Friday 16:00 Chicago, with an hour of rest, and to noon on most US holidays', () => {
  const globex = globexWeek();
  const open = (text: string): boolean => globex.isOpen(at(text));
  expect([open('2026-07-05T21:59:59Z'), open('2026-07-05T22:00:00Z')]).toEqual([false, true]);
  expect(globex.dayOf(at('2026-07-05T22:00:00Z'))?.date).toBe('2026-07-06');
  expect([open('2026-07-08T20:59:59Z'), open('2026-07-08T21:00:00Z')]).toEqual([true, false]);
  expect([open('2026-07-08T21:59:59Z'), open('2026-07-08T22:00:00Z')]).toEqual([false, true]);
  expect([open('2026-07-10T20:59:59Z'), open('2026-07-10T22:00:00Z')]).toEqual([true, false]);
  // Labor Day and the day after Thanksgiving end at noon; Christmas does not begin on its eve.
  expect(globex.on('2026-09-07')).toMatchObject({ close: at('2026-09-07T17:00:00Z'), halfDay: true });
  expect(globex.on('2026-11-27')).toMatchObject({ close: at('2026-11-27T18:00:00Z'), halfDay: true });
  expect(globex.on('2026-12-25')).toBeUndefined();
  expect(open('2026-12-24T23:30:00Z')).toBe(false);
});
