import { z } from 'zod';
import { parseDuration } from '../../market/duration.ts';
import type { Nanos } from '../../market/event.ts';
import { day } from '../../market/nanos.ts';
import { parseInstant } from './instant.ts';

/** A moment of the market as a scenario names it: an instant, a time of every day in New York, or so long before or after the bell. */
export type MarketMoment =
  | { readonly kind: 'instant'; readonly at: Nanos }
  /** Time since midnight in New York. */
  | { readonly kind: 'time'; readonly time: Nanos }
  | { readonly kind: 'bell'; readonly bell: 'open' | 'close'; readonly offset: Nanos };

const bellShape = /^(open|close)(?:([+-])(\d+(?:\.\d{1,9})?(?:ns|us|ms|s|m|h)))?$/;
const timeShape = /^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,9}))?)?$/;
const complaint =
  'not a moment of the market; use open+30s, close-5m (a day at most), a time in New York such as "09:31:00" in quotes, or an instant with its zone';

/** `undefined` for text that names none. */
export function parseMarketMoment(text: string): MarketMoment | undefined {
  const bell = bellShape.exec(text);
  if (bell !== null) {
    const span = parseDuration(bell[3] ?? '0s') ?? 0n;
    if (span > day) return undefined;
    return { kind: 'bell', bell: bell[1] === 'open' ? 'open' : 'close', offset: bell[2] === '-' ? -span : span };
  }
  const time = timeShape.exec(text);
  if (time !== null) {
    const [, hours = '0', minutes = '0', seconds = '0', fraction = ''] = time;
    const whole = (BigInt(hours) * 60n + BigInt(minutes)) * 60n + BigInt(seconds);
    return { kind: 'time', time: whole * 1_000_000_000n + BigInt(fraction.padEnd(9, '0')) };
  }
  const at = parseInstant(text);
  return at === undefined ? undefined : { kind: 'instant', at };
}

/** A moment of the market in YAML. */
export const marketMoment = z
  .string()
  .transform((text, context): MarketMoment & { readonly spelt: string } => {
    const moment = parseMarketMoment(text);
    if (moment !== undefined) return { ...moment, spelt: text };
    context.addIssue({ code: 'custom', message: complaint });
    return z.NEVER;
  })
  .meta({
    description:
      'A moment of the market: so long after its open or before its close, a time of day in New York, or an instant with its zone.',
    examples: ['open+30s', 'close-5m', '09:31:00', '2026-07-01T09:31:00-04:00'],
  });
