import type { Nanos } from './event.ts';

/** Units of time, in nanoseconds. */
export const milli: Nanos = 1_000_000n;
export const second: Nanos = 1_000_000_000n;
export const minute: Nanos = 60n * second;
export const hour: Nanos = 60n * minute;
export const day: Nanos = 24n * hour;

export const millis = (count: number): Nanos => BigInt(Math.round(count * 1e6));
export const seconds = (count: number): Nanos => BigInt(Math.round(count * 1e9));

/** What is left above a multiple of `unit`; never negative, also before 1970. */
export function modulo(value: Nanos, unit: Nanos): Nanos {
  const rest = value % unit;
  return rest < 0n ? rest + unit : rest;
}

/** The multiple of `unit` at or below a value. */
export function floorTo(value: Nanos, unit: Nanos): Nanos {
  return value - modulo(value, unit);
}

/** An instant for people, to the millisecond: `2026-07-01T13:30:00.000Z`. */
export function isoMillis(at: Nanos): string {
  return new Date(Number(floorTo(at, milli) / milli)).toISOString();
}
