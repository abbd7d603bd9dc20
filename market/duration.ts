import { z } from 'zod';
import type { Nanos } from './event.ts';

const perUnit = {
  ns: 1n,
  us: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
  d: 86_400_000_000_000n,
} as const;
const shape = /^(\d+)(?:\.(\d{1,9}))?(ns|us|ms|s|m|h|d)$/;

export const millis = (count: number): Nanos => BigInt(Math.round(count * 1e6));
export const seconds = (count: number): Nanos => BigInt(Math.round(count * 1e9));
export const minute: Nanos = perUnit.m;

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

/** A duration in YAML or in the environment, parsed to Nanos. */
export const duration = z
  .string()
  .regex(shape, 'expected a duration such as 250ms, 1.5s or 2m')
  .transform((text) => parseDuration(text) ?? 0n)
  .meta({ description: 'A duration with its unit: ns, us, ms, s, m, h or d.', examples: ['250ms', '5s', '2m'] });
