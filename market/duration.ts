import { z } from 'zod';
import type { Nanos } from './event.ts';
import { day, hour, milli, minute, second } from './nanos.ts';

const perUnit = {
  ns: 1n,
  us: 1_000n,
  ms: milli,
  s: second,
  m: minute,
  h: hour,
  d: day,
} as const;
const shape = /^(\d+)(?:\.(\d{1,9}))?(ns|us|ms|s|m|h|d)$/;

/** Nanos of a text such as `250ms`, `1.5s`, `2m`; `undefined` when it is no duration. */
export function parseDuration(text: string): Nanos | undefined {
  const match = shape.exec(text);
  if (match === null) return undefined;
  const unit = new Map(Object.entries(perUnit)).get(match[3] ?? '') ?? 1n;
  const fraction = match[2] ?? '';
  return (
    BigInt(match[1] ?? '0') * unit + (fraction === '' ? 0n : (BigInt(fraction) * unit) / 10n ** BigInt(fraction.length))
  );
}

/** The shortest text that `parseDuration` reads back as the same Nanos. */
export function formatDuration(nanos: Nanos): string {
  for (const unit of ['d', 'h', 'm', 's', 'ms', 'us'] as const) {
    if (nanos !== 0n && nanos % perUnit[unit] === 0n) return `${nanos / perUnit[unit]}${unit}`;
  }
  return nanos === 0n ? '0s' : `${nanos}ns`;
}

/** Longer than any tape and any run, and short enough to be reckoned with as a number. */
const longest = 36_500n * day;

/** A duration in YAML or in the environment, parsed to Nanos. */
export const duration = z
  .string()
  .regex(shape, { error: 'expected a duration such as 250ms, 1.5s or 2m', abort: true })
  .transform((text) => parseDuration(text) ?? 0n)
  .refine((span) => span <= longest, `too long; use ${formatDuration(longest)} or less`)
  .meta({ description: 'A duration with its unit: ns, us, ms, s, m, h or d.', examples: ['250ms', '5s', '2m'] });
