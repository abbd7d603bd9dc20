import { z } from 'zod';
import type { Nanos } from '../../../../market/event.ts';
import { isDate, nearestDate, parseInstant } from '../../../../market/instant.ts';
import type { TimeZone } from '../../../../market/time-zone.ts';
import { parameter, type RestAnswer, type RestRequest } from '../../exchange.ts';
import { refused } from './answers.ts';
import { newYork } from './places.ts';
import { bookmarkOf } from './page-token.ts';
import { parseTimeframe } from './timeframe.ts';

/** Where crypto trades: Alpaca's own venue and those of others, all of which play the same tape. */
const locations = ['us', 'us-1', 'us-2', 'eu-1', 'bs-1'];

/**
 * Reads the parameters of a request, those in its path included, or says what is wrong with them. Texts and statuses as measured in
 * 2026-09 where a case was measured (dates, symbols, end before start), as reported for unknown parameters (sheet §7), else ours.
 */
export function read<Shape extends z.ZodRawShape>(
  shape: z.ZodObject<Shape>,
  { query, params }: Pick<RestRequest, 'query' | 'params'>,
): { readonly asked: z.output<z.ZodObject<Shape>> } | { readonly refusal: RestAnswer } {
  const { loc, symbol } = params;
  if (loc !== undefined && !locations.includes(loc)) return { refusal: refused(400, `invalid location: ${loc}`) };
  const given: Record<string, string> = Object.fromEntries(query);
  if (symbol !== undefined) {
    if ('symbols' in given) return { refusal: unexpected(['symbols']) };
    if (symbol.includes(',')) return { refusal: refused(400, `invalid symbol: ${symbol}`) };
    given['symbols'] = symbol;
  }
  const result = shape.safeParse(given);
  if (result.success) return { asked: result.data };
  const [issue] = result.error.issues;
  if (issue?.code === 'unrecognized_keys') return { refusal: unexpected(issue.keys) };
  if (issue?.code === 'invalid_type' && issue.expected === 'never')
    return { refusal: unexpected(issue.path.map(String)) };
  return { refusal: refused(400, issue?.message ?? 'invalid request') };
}

const unexpected = (names: readonly string[]): RestAnswer =>
  refused(400, `unexpected parameter(s): ${names.join(', ')}`, 40_010_000);

const required = (name: string): string =>
  `Invalid format for parameter ${name}: query parameter '${name}' is required`;

/** Symbols of a request, each once, in their order, as answers list them. */
export function symbols(shape: RegExp) {
  return z.string({ error: required('symbols') }).transform((text, context): readonly string[] => {
    const names = [...new Set(text.split(',').map((name) => name.trim()))].filter((name) => name !== '');
    const wrong = names.filter((name) => !shape.test(name));
    if (names.length > 0 && wrong.length === 0) return names.sort();
    context.addIssue({
      code: 'custom',
      message: names.length === 0 ? required('symbols') : `invalid symbol: ${wrong.join(', ')}`,
    });
    return z.NEVER;
  });
}

function instant(name: string, zone: TimeZone, edge: 'first' | 'last') {
  return parameter(
    (text): Nanos | undefined => parseInstant(text, zone, edge),
    (text) => `Invalid format for parameter ${name}: error parsing '${text}' as RFC3339 or 2006-01-02 time`,
  ).optional();
}

export const instantOf = (name: string) => instant(name, newYork, 'first');
export const dateOf = (name: string) =>
  parameter(
    (text) => (isDate(text) ? nearestDate(text) : undefined),
    (text) => `Invalid format for parameter ${name}: error parsing '${text}' as 2006-01-02 time`,
  ).optional();
export const numberOf = (name: string) =>
  parameter(
    (text) => (/^\d+(?:\.\d+)?$/.test(text) ? Number(text) : undefined),
    (text) => `invalid ${name}: ${text}`,
  ).optional();

export function limit(standard: number, most: number) {
  return parameter(
    (text) => (/^\d{1,6}$/.test(text) && Number(text) >= 1 && Number(text) <= most ? Number(text) : undefined),
    (text) => `invalid limit: ${text} is not from 1 to ${most}`,
  ).prefault(String(standard));
}

export function choice<const Values extends readonly [string, ...string[]]>(name: string, values: Values) {
  return z.enum(values, { error: ({ input }) => `invalid ${name}: ${String(input)}` });
}

/** A parameter that others of its kind have, and this request does not. */
export const foreign = z.never().optional();

export const pageToken = parameter(bookmarkOf, () => invalidToken).optional();
export const invalidToken = 'invalid page_token';
const sort = choice('sort', ['asc', 'desc']);

/** Which part of history, in which order, and how much of it at a time. `zone` is that of dates. */
export const part = (zone: TimeZone, order: 'asc' | 'desc' = 'asc') => ({
  start: instant('start', zone, 'first'),
  end: instant('end', zone, 'last'),
  sort: sort.prefault(order),
  page_token: pageToken,
});

export const timeframe = z.string({ error: required('timeframe') }).transform((text, context) => {
  const value = parseTimeframe(text);
  if (value !== undefined) return value;
  context.addIssue({ code: 'custom', message: `invalid timeframe: ${text}` });
  return z.NEVER;
});

export const flag = (name: string) => choice(name, ['true', 'false']).transform((text) => text === 'true');

const adjustments = new Set(['raw', 'split', 'dividend', 'spin-off', 'all']);
/** Accepted and checked; a tape holds what was traded, so bars are raw whatever is asked. */
export const adjustment = parameter(
  (text) => (text.split(',').every((word) => adjustments.has(word)) ? text : undefined),
  (text) => `invalid adjustment: ${text}`,
).optional();

/** Accepted and without effect: tapes know one name of a stock, and dollars. */
export const stockFrame = {
  asof: parameter(
    (text) => (text === '-' || /^\d{4}-\d{2}-\d{2}$/.test(text) ? text : undefined),
    (text) => `invalid asof: ${text}`,
  ).optional(),
  currency: parameter(
    (text) => (/^[A-Z]{3}$/.test(text) ? text : undefined),
    (text) => `invalid currency: ${text}`,
  ).optional(),
};
