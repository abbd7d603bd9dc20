import { formatDate, type IsoDate, parseDate } from './civil-date.ts';
import type { Nanos } from './event.ts';
import { milli } from './nanos.ts';
import type { TimeZone } from './time-zone.ts';

const dateShape = /^\d{4}-\d{2}-\d{2}$/;
const instantShape = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.(\d{1,9})\d*)?(?:Z|[+-]\d{2}:\d{2})$/;

/** What signed 64 bits of nanoseconds hold, as tapes keep their times; the bounds are alike on both sides of 1970. */
export const lastInstant: Nanos = 2n ** 63n - 1n;
export const firstInstant: Nanos = -lastInstant;
/** Dates whose every moment lies between them, in whatever zone. */
export const firstDate: IsoDate = '1677-09-22';
export const lastDate: IsoDate = '2262-04-10';

/**
 * Nanos of an RFC 3339 time, or of the first or the last nanosecond of a date, whose day is that of the market: a range of one date
 * holds that whole day. Beyond what a tape can hold it is the nearest that it can: an end in the year 9999 is no end. `undefined` for
 * other text.
 */
export function parseInstant(text: string, zone: TimeZone, edge: 'first' | 'last'): Nanos | undefined {
  if (isDate(text)) {
    const date = nearestDate(text);
    return edge === 'first' ? zone.at(date) : zone.at(formatDate(parseDate(date) + 1)) - 1n;
  }
  const match = instantShape.exec(text);
  if (match === null || !isDate(text.slice(0, 10))) return undefined;
  const whole = Date.parse(text.replace(/\.\d+/, ''));
  if (Number.isNaN(whole)) return undefined;
  return nearestInstant(BigInt(whole) * milli + BigInt((match[1] ?? '').padEnd(9, '0')));
}

/** Is it a day of the calendar, such as `2026-07-01`? Years go from 0000 to 9999. */
export function isDate(text: string): boolean {
  const millis = dateShape.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return !Number.isNaN(millis) && new Date(millis).toISOString().startsWith(text);
}

/** The date, or the first or the last that a tape can hold when it lies beyond. */
export function nearestDate(date: IsoDate): IsoDate {
  return date < firstDate ? firstDate : date > lastDate ? lastDate : date;
}

/** The instant, or the first or the last that a tape can hold when it lies beyond. */
export function nearestInstant(at: Nanos): Nanos {
  return at < firstInstant ? firstInstant : at > lastInstant ? lastInstant : at;
}

/** RFC 3339 as the wall of a zone shows it, nanoseconds only where there are some: `2026-07-01T10:30:00.123456789-04:00`. */
export function wallText(at: Nanos, zone: TimeZone): string {
  const second = 1_000_000_000n;
  const offset = zone.offset(at) / second / 60n;
  const fraction = ((at % second) + second) % second;
  const wall = new Date(Number((zone.wall(at) - fraction) / 1_000_000n)).toISOString().slice(0, 19);
  const size = offset < 0n ? -offset : offset;
  const two = (value: bigint): string => String(value).padStart(2, '0');
  const decimals = fraction === 0n ? '' : `.${String(fraction).padStart(9, '0')}`;
  return `${wall}${decimals}${offset < 0n ? '-' : '+'}${two(size / 60n)}:${two(size % 60n)}`;
}
