import type { BarKind, Market, Nanos } from '../../../market/event.ts';
import { TimeZone } from '../../../market/time-zone.ts';
import { TapeError } from '../../sources/source.ts';

const second = 1_000_000_000n;
const day = 86_400n * second;
const units: Readonly<Record<string, Nanos>> = { s: second, m: 60n * second, h: 3600n * second, d: day };

/** What follows from the length of a bar: what kind it is played as, and where it ends. */
export interface BarTerms {
  readonly kind: BarKind;
  readonly end: (start: Nanos) => Nanos;
  /** The start of a bar that is labelled by its end. */
  readonly startOf: (end: Nanos) => Nanos;
}

/**
 * Terms of bars of 1s to 59s, 1m to 59m, 1h to 23h, or 1d. One second is a second bar, a day a daily bar, all else a bar at its end. A day
 * lasts from midnight to midnight in the zone, 23 and 25 hours included. Throws a `TapeError` for another length.
 */
export function barTerms(timeframe: string, zone: TimeZone): BarTerms {
  const [, count = '', unit = ''] = /^([1-9]\d?)([smhd])$/.exec(timeframe) ?? [];
  const width = (units[unit] ?? 0n) * BigInt(count || 0);
  if (width === 0n || (unit === 'd' && count !== '1') || width > day) {
    throw new TapeError(`--timeframe ${timeframe}: no bar length; use 1s to 59s, 1m to 59m, 1h to 23h, or 1d`);
  }
  if (unit === 'd') {
    return {
      kind: 'daily-bar',
      end: (start) => zone.instant(zone.wall(start) + day),
      startOf: (end) => zone.instant(zone.wall(end) - day),
    };
  }
  const kind = timeframe === '1s' ? 'second-bar' : 'bar';
  return { kind, end: (start) => start + width, startOf: (end) => end - width };
}

const newYork = new TimeZone('America/New_York');
const minutes = barTerms('1m', newYork);
const days = barTerms('1d', newYork);
const withNights: readonly Market[] = ['stocks', 'options', 'indices', 'futures'];

/**
 * Terms of bars whose file does not tell their length, minutes or days: what starts at midnight in New York is a day, except in markets
 * that trade at midnight, where all are minutes. Both Polygon and Alpaca start the days of stocks there (Polygon sheet §9, Alpaca sheet §5).
 */
export function guessTerms(market: Market): (start: Nanos) => BarTerms {
  if (!withNights.includes(market)) return () => minutes;
  return (start) => (newYork.wall(start) % day === 0n ? days : minutes);
}

/** A bar's price when its file has no volume-weighted one: the mean of high, low and close. */
export function typicalPrice(high: number, low: number, close: number): number {
  return Number(((high + low + close) / 3).toPrecision(12));
}
