import type { Nanos } from '../../market/event.ts';
import { hour, milli, minute, second } from '../../market/nanos.ts';

/** A span for people, as exact as they want it: `850ms`, `1.24s`, `2m 5s`, `3h 20m`. */
export function spell(span: Nanos): string {
  if (span < 0n) return `-${spell(-span)}`;
  if (span > 0n && span < milli) return 'less than 1ms';
  if (span < second) return `${span / milli}ms`;
  if (span < minute) return `${Number(span / (10n * milli)) / 100}s`;
  if (span < hour) return pair(span, minute, 'm', second, 's');
  return pair(span, hour, 'h', minute, 'm');
}

function pair(span: Nanos, unit: Nanos, name: string, part: Nanos, partName: string): string {
  const rest = (span % unit) / part;
  return rest === 0n ? `${span / unit}${name}` : `${span / unit}${name} ${rest}${partName}`;
}

/** `1 row`, `2 rows`. */
export const count = (number: number, one: string, many = `${one}s`): string =>
  `${number} ${number === 1 ? one : many}`;
