import { expect, test } from 'vitest';
import { bogotaSession } from '../../market/calendars.ts';
import { dayNumber, easter, formatDate, weekdayOf } from '../../market/civil-date.ts';
import { type ColombianChoices, colombianHoliday } from '../../market/colombian-holidays.ts';

const at = (text: string): bigint => BigInt(Date.parse(text)) * 1_000_000n;

function holidaysOf(year: number, choices?: ColombianChoices): string[] {
  const days = Array.from({ length: 366 }, (_, index) => dayNumber(year, 1, 1) + index);
  return days
    .filter((day) => formatDate(day).startsWith(String(year)) && colombianHoliday(day, choices))
    .map(formatDate);
}

// Published lists of festivos for these years (press, Ley 51 of 1983).
const published: Record<number, string> = {
  2024: '01-01 01-08 03-25 03-28 03-29 05-01 05-13 06-03 06-10 07-01 07-20 08-07 08-19 10-14 11-04 11-11 12-08 12-25',
  2025: '01-01 01-06 03-24 04-17 04-18 05-01 06-02 06-23 06-30 07-20 08-07 08-18 10-13 11-03 11-17 12-08 12-25',
  2026: '01-01 01-12 03-23 04-02 04-03 05-01 05-18 06-08 06-15 06-29 07-20 08-07 08-17 10-12 11-02 11-16 12-08 12-25',
};

for (const [year, dates] of Object.entries(published)) {
  test(`Colombia's holidays of ${year} are the published ones`, () => {
    expect(
      holidaysOf(Number(year))
        .map((date) => date.slice(5))
        .join(' '),
    ).toBe(dates);
  });
}

test('the Virgen de Chiquinquirá is kept only when asked for, from 2026, on a Monday', () => {
  expect(holidaysOf(2026)).not.toContain('2026-07-13');
  expect(holidaysOf(2026, { chiquinquira: true })).toContain('2026-07-13');
  expect(holidaysOf(2025, { chiquinquira: true })).toEqual(holidaysOf(2025));
});

test('the dollar-peso session runs 08:00 to 12:55 in Bogotá, the same in UTC all year', () => {
  const bogota = bogotaSession();
  for (const date of ['2026-01-14', '2026-07-01']) {
    expect(bogota.isOpen(at(`${date}T12:59:59Z`))).toBe(false);
    expect(bogota.isOpen(at(`${date}T13:00:00Z`))).toBe(true);
    expect(bogota.isOpen(at(`${date}T17:54:59Z`))).toBe(true);
    expect(bogota.isOpen(at(`${date}T17:55:00Z`))).toBe(false);
  }
  expect(bogota.on('2026-06-29')).toBeUndefined();
  expect(bogota.next(at('2026-04-01T18:00:00Z')).date).toBe('2026-04-06');
});

test('Easter falls on the Sundays of the church tables', () => {
  const sundays = [
    '1961-04-02',
    '1981-04-19',
    '2000-04-23',
    '2008-03-23',
    '2011-04-24',
    '2026-04-05',
    '2038-04-25',
    '2049-04-18',
  ];
  expect(sundays.map((date) => formatDate(easter(Number(date.slice(0, 4)))))).toEqual(sundays);
  for (let year = 1900; year < 2100; year++) expect(weekdayOf(easter(year))).toBe('Sun');
});
