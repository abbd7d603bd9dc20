import type { Nanos } from '../../market/event.ts';
import { firstInstant, lastInstant } from '../../market/instant.ts';
import { modulo, second } from '../../market/nanos.ts';

const shape = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/;

/** Nanos of an RFC 3339 time, exact to the last of nine decimals; `undefined` for other text and for times that no tape can hold. */
export function instantOf(text: string): Nanos | undefined {
  const [, wall = '', fraction = '', zone = ''] = shape.exec(text) ?? [];
  const millis = Date.parse(`${wall}Z`);
  // Date.parse moves 30 February into March.
  if (Number.isNaN(millis) || !new Date(millis).toISOString().startsWith(wall)) return undefined;
  const at = BigInt(millis - offset(zone)) * 1_000_000n + BigInt(fraction.padEnd(9, '0'));
  return at < firstInstant || at > lastInstant ? undefined : at;
}

/** Milliseconds that a zone is ahead of UTC. */
function offset(zone: string): number {
  if (zone === 'Z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4));
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000;
}

/** RFC 3339 in UTC, with all nine decimals: `2026-07-01T14:30:00.000000001Z`. */
export function instantText(at: Nanos): string {
  const fraction = modulo(at, second);
  const whole = new Date(Number((at - fraction) / 1_000_000n)).toISOString().slice(0, 19);
  return `${whole}.${String(fraction).padStart(9, '0')}Z`;
}
