import { z } from 'zod';
import { formatDate, parseDate } from '../../market/civil-date.ts';
import type { Nanos } from '../../market/event.ts';
import { firstDate, isDate, lastDate, nearestDate, nearestInstant } from '../../market/instant.ts';
import { milli } from '../../market/nanos.ts';
import { TimeZone } from '../../market/time-zone.ts';

const datePart = String.raw`\d{4}-\d{2}-\d{2}`;
const dateShape = new RegExp(`^${datePart}$`);
const instantShape = new RegExp(String.raw`^${datePart}T\d{2}:\d{2}(?::\d{2}(?:\.(\d{1,9}))?)?(?:Z|[+-]\d{2}:\d{2})$`);
/** One pattern for both, so that the JSON Schema carries it. */
const shape = new RegExp(`(?:${dateShape.source})|(?:${instantShape.source})`);
const complaint =
  'not an instant; use a date such as 2025-04-01 (New York) or a time with its zone such as 2025-04-01T09:30:00-04:00';
const beyond = `beyond what a tape can hold; give a time from ${firstDate} to ${lastDate}`;
const examples = ['2025-04-01', '2025-04-01T09:30:00-04:00', '2025-04-01T13:30:00.5Z'];

/**
 * Nanos of an ISO instant with its zone, or of the midnight that begins a New York date; `undefined` for other text, and for times that
 * no tape can hold.
 */
export function parseInstant(text: string): Nanos | undefined {
  if (dateShape.test(text)) return midnight(text, 0);
  const match = instantShape.exec(text);
  if (match === null || !isDate(text.slice(0, 10))) return undefined;
  const whole = Date.parse(text.replace(/\.\d+/, ''));
  if (Number.isNaN(whole)) return undefined;
  const at = BigInt(whole) * milli + BigInt((match[1] ?? '').padEnd(9, '0'));
  return at === nearestInstant(at) ? at : undefined;
}

/** As `parseInstant`, but a date means its end: the midnight after it. So `from` and `to` of one date hold that whole day. */
export function parseEnd(text: string): Nanos | undefined {
  return dateShape.test(text) ? midnight(text, 1) : parseInstant(text);
}

/** The wall time in New York that an explanation shows: `2025-04-01 09:30:00 New York`. */
export function formatInstant(at: Nanos): string {
  const wall = new TimeZone('America/New_York').wall(at);
  const text = new Date(Number(wall / 1_000_000n)).toISOString();
  const fraction = String(((wall % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n)
    .padStart(9, '0')
    .replace(/0+$/, '');
  return `${text.slice(0, 10)} ${text.slice(11, 19)}${fraction === '' ? '' : `.${fraction}`} New York`;
}

const readBy = (parse: (text: string) => Nanos | undefined) =>
  z
    .string()
    .regex(shape, complaint)
    .transform((text, context): Nanos => {
      const at = parse(text);
      if (at !== undefined) return at;
      context.addIssue({ code: 'custom', message: isDate(text.slice(0, 10)) ? beyond : complaint });
      return z.NEVER;
    });

/** An instant in YAML or in the environment, parsed to Nanos. */
export const instant = readBy(parseInstant).meta({
  description: 'An instant with its zone, or a date: the midnight in New York that begins it.',
  examples,
});

/** The exclusive end of a range; a date counts to its end. */
export const endInstant = readBy(parseEnd).meta({
  description: 'An instant with its zone, exclusive, or a date in New York, which is played to its end.',
  examples,
});

function midnight(date: string, later: number): Nanos | undefined {
  if (!isDate(date) || date !== nearestDate(date)) return undefined;
  return new TimeZone('America/New_York').at(formatDate(parseDate(date) + later));
}
