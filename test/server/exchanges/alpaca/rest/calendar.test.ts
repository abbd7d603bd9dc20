import { expect, test } from 'vitest';
import { z } from 'zod';
import { ManualClock } from '../../../../../market/clock.ts';
import { day } from '../../../../../market/nanos.ts';
import { Asker } from '../../../../helpers/asker.ts';
import { opening, trade } from '../../../../helpers/events.ts';
import { serve } from '../../../../helpers/serve.ts';

const listShape = z.array(z.looseObject({ date: z.string(), settlement_date: z.string() }));

async function datesOf(asker: Asker, query: Readonly<Record<string, string>>): Promise<readonly string[]> {
  return listShape.parse((await asker.get('/v2/calendar', query))['list']).map(({ date }) => date);
}

test('the calendar goes from 1970 to 2029, whatever years are asked for', async () => {
  await using papertape = await serve([trade(opening)]);
  const asker = new Asker(papertape);
  const all = await datesOf(asker, {});
  expect([all[0], all.at(-1)]).toEqual(['1970-01-02', '2029-12-31']);
  expect(all).toEqual([...new Set(all)].sort());
  expect(await datesOf(asker, { start: '1900-01-01', end: '2999-01-01' })).toEqual(all);
  expect(await datesOf(asker, { start: '0000-01-01', end: '9999-12-31' })).toEqual(all);
  expect(await datesOf(asker, { start: '2029-12-30', end: '9999-12-31' })).toEqual(['2029-12-31']);
  expect(await datesOf(asker, { start: '2030-01-01' })).toEqual([]);
  expect(await datesOf(asker, { end: '1969-12-31' })).toEqual([]);
  // The end of a year is settled in the next.
  expect(await datesOf(asker, { start: '2026-01-02', end: '2026-01-02', date_type: 'SETTLEMENT' })).toEqual([
    '2025-12-31',
  ]);
});

test('a calendar that is moved with its tape has bounds that are moved alike', async () => {
  const clock = new ManualClock(opening + 200n * day);
  await using papertape = await serve([trade(opening)], { timestamps: 'shifted' }, {}, clock);
  const all = await datesOf(new Asker(papertape), { start: '0000-01-01', end: '9999-12-31' });
  expect([all[0], all.at(-1)]).toEqual(['1970-07-21', '2030-07-19']);
});

test('while the whole calendar is being told, others are answered', async () => {
  await using papertape = await serve([trade(opening)]);
  const asker = new Asker(papertape);
  await asker.get('/health');
  const answered: string[] = [];
  const calendar = asker.get('/v2/calendar').then(() => answered.push('calendar'));
  await asker.get('/health');
  answered.push('health');
  await calendar;
  expect(answered).toEqual(['health', 'calendar']);
});

test('what is no date is refused', async () => {
  await using papertape = await serve([trade(opening)]);
  const { status, body } = await new Asker(papertape).ask('/v2/calendar', { start: '2026-02-30' });
  expect(status).toBe(400);
  expect(body).toEqual({
    message: "Invalid format for parameter start: error parsing '2026-02-30' as 2006-01-02 time",
  });
});
