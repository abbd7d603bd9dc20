import type { Nanos } from '../../../market/event.ts';
import { refuse } from './columns.ts';

const second = 1_000_000_000n;

/** What a written time says: an instant, or, without a zone, what a clock on some wall shows, counted as if the wall stood in UTC. */
export interface Moment {
  readonly nanos: Nanos;
  readonly naive: boolean;
  /** A date alone. */
  readonly day: boolean;
}

const iso = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?\s?(Z|UTC|[+-]\d\d(?::?\d\d)?)?)?$/;
const epoch = /^(\d{9,19})(?:\.(\d{1,9})\d*)?$/;

/** Reads ISO 8601 (`2026-07-01T13:30:00.1Z`, a blank for the T, with or without zone, a date alone) or a count since 1970. Throws a `BadRow`. */
export function momentOf(text: string, name: string): Moment {
  const date = iso.exec(text);
  if (date !== null) {
    const [, years = '', months = '', days = '', hours, minutes = '0', seconds = '0', fraction = '', zone] = date;
    const wall = wallTime(+years, +months, +days, +(hours ?? 0), +minutes, +seconds, fraction);
    if (wall === undefined) return refuse(`${name} is no time`, text);
    return { nanos: wall - offsetOf(zone), naive: zone === undefined, day: hours === undefined };
  }
  const [, whole, fraction = ''] = epoch.exec(text) ?? [];
  if (whole === undefined) return refuse(`${name} is no time`, text);
  const unit = unitOf(whole.length);
  const rest = (BigInt(fraction.padEnd(9, '0')) * unit) / second;
  return { nanos: BigInt(whole) * unit + rest, naive: false, day: false };
}

/** The unit a count of so many digits is in, for any time from 1973 to 2286: seconds, milli-, micro- or nanoseconds. */
function unitOf(length: number): Nanos {
  if (length <= 10) return second;
  return length <= 13 ? 1_000_000n : length <= 16 ? 1000n : 1n;
}

/** Wall time of these parts; `undefined` when no calendar or clock shows them. */
export function wallTime(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  seconds: number,
  fraction: string,
): Nanos | undefined {
  const millis = Date.UTC(year, month - 1, day, hour, minute, seconds);
  const shown = new Date(millis);
  const exists =
    shown.getUTCMonth() === month - 1 && shown.getUTCDate() === day && hour < 24 && minute < 60 && seconds < 60;
  return exists ? BigInt(millis) * 1_000_000n + BigInt(fraction.slice(0, 9).padEnd(9, '0')) : undefined;
}

/** How far the clock of a written zone (`Z`, `-04:00`, `-0400`, `-04`) is ahead of UTC. */
export function offsetOf(zone: string | undefined): Nanos {
  if (zone === undefined || zone === 'Z' || zone === 'UTC') return 0n;
  const hours = BigInt(zone.slice(1, 3));
  const minutes = BigInt(zone.slice(3).replace(':', '') || '0');
  return (zone.startsWith('-') ? -1n : 1n) * (hours * 3600n + minutes * 60n) * second;
}
