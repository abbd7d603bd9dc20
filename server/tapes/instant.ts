import type { Nanos } from '../../market/event.ts';

const second = 1_000_000_000n;

/** RFC 3339 in UTC with all nine decimals, for people and sidecars: `2026-07-01T13:30:00.005119789Z`. */
export function isoOf(at: Nanos): string {
  const fraction = ((at % second) + second) % second;
  const whole = new Date(Number((at - fraction) / 1_000_000n)).toISOString().slice(0, 19);
  return `${whole}.${String(fraction).padStart(9, '0')}Z`;
}
