import { formatDate, parseDate } from './civil-date.ts';
import type { Nanos } from './event.ts';
import type { TimeZone } from './time-zone.ts';

const dateShape = /^\d{4}-\d{2}-\d{2}$/;
const instantShape = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.(\d{1,9})\d*)?(?:Z|[+-]\d{2}:\d{2})$/;

/**
 * Nanos of an RFC 3339 time, or of the first or the last nanosecond of a date, whose day is that of the market: a range of one date
 * holds that whole day. `undefined` for other text.
 */
export function parseInstant(text: string, zone: TimeZone, edge: 'first' | 'last'): Nanos | undefined {
  if (dateShape.test(text)) {
    if (!isDate(text)) return undefined;
    return edge === 'first' ? zone.at(text) : zone.at(formatDate(parseDate(text) + 1)) - 1n;
  }
  const match = instantShape.exec(text);
  if (match === null || !isDate(text.slice(0, 10))) return undefined;
  const whole = Date.parse(text.replace(/\.\d+/, ''));
  return Number.isNaN(whole) ? undefined : BigInt(whole) * 1_000_000n + BigInt((match[1] ?? '').padEnd(9, '0'));
}

function isDate(text: string): boolean {
  const millis = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(millis) && new Date(millis).toISOString().startsWith(text);
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
