import { z } from 'zod';
import type { Market, Nanos } from '../../../../market/event.ts';
import { isDate, nearestDate, nearestInstant, parseInstant } from '../../../../market/instant.ts';
import { milli } from '../../../../market/nanos.ts';
import { parameter, type RestAnswer, type RestRequest } from '../../exchange.ts';
import { wrong } from './answers.ts';
import { cursorIn } from './cursor.ts';
import { zones } from './markets.ts';

/**
 * Reads the parameters of a request, those in its path and in its cursor included, or says what is wrong with them. What no route knows is
 * passed over: SDKs add their key and fields of their own.
 */
export function read<Shape extends z.ZodRawShape>(
  shape: z.ZodObject<Shape>,
  { query, params }: Pick<RestRequest, 'query' | 'params'>,
  id: string,
): { readonly asked: z.output<z.ZodObject<Shape>> } | { readonly refusal: RestAnswer } {
  const cursor = query.get('cursor');
  const given = cursor === null ? query : cursorIn(cursor);
  if (given === undefined) return { refusal: wrong(id, `Invalid cursor: '${cursor}'`) };
  const result = shape.safeParse({ ...Object.fromEntries(given), ...params });
  if (result.success) return { asked: result.data };
  return { refusal: wrong(id, result.error.issues[0]?.message ?? 'Invalid request') };
}

/** A date, whose instants its market says, or one instant. */
export type Moment = { readonly date: string } | { readonly at: Nanos };

/** `2026-07-01`, or a whole number of `unit`s since the epoch, or what a cursor of ours carries: RFC 3339. Never beyond what tapes hold. */
function parseMoment(text: string, unit: Nanos): Moment | undefined {
  if (/^\d{1,19}$/.test(text)) return { at: nearestInstant(BigInt(text) * unit) };
  if (isDate(text)) return { date: nearestDate(text) };
  const at = parseInstant(text, zones.crypto, 'first');
  return at === undefined ? undefined : { at };
}

/** First instant of a moment. */
export function firstOf(moment: Moment, market: Market): Nanos {
  return 'at' in moment ? moment.at : zones[market].at(moment.date);
}

/** Last instant of a moment: an instant is its own. */
export function lastOf(moment: Moment, market: Market): Nanos {
  if ('at' in moment) return moment.at;
  return parseInstant(moment.date, zones[market], 'last') ?? firstOf(moment, market);
}

/** An end of the range of aggregates; the words are the vendor's (reported by its users). */
export const edge = (name: 'from' | 'to') =>
  parameter(
    (text) => parseMoment(text, milli),
    () => `Could not parse the time parameter: '${name}'. Use YYYY-MM-DD or Unix MS Timestamps`,
  );

const bound = (name: string, unit: 'NS' | 'MS') =>
  parameter(
    (text) => parseMoment(text, unit === 'NS' ? 1n : milli),
    () => `Could not parse the time parameter: '${name}'. Use YYYY-MM-DD or Unix ${unit} Timestamps`,
  ).optional();

const timestampsIn = (unit: 'NS' | 'MS') => ({
  timestamp: bound('timestamp', unit),
  'timestamp.gte': bound('timestamp.gte', unit),
  'timestamp.gt': bound('timestamp.gt', unit),
  'timestamp.lte': bound('timestamp.lte', unit),
  'timestamp.lt': bound('timestamp.lt', unit),
});

/** Which trades or quotes are meant; a date stands for its whole day. */
export const timestamps = timestampsIn('NS');
/** The same of aggregates. */
export const milliTimestamps = timestampsIn('MS');
/** The same of candles of futures. */
export const windowStarts = {
  window_start: bound('window_start', 'NS'),
  'window_start.gte': bound('window_start.gte', 'NS'),
  'window_start.gt': bound('window_start.gt', 'NS'),
  'window_start.lte': bound('window_start.lte', 'NS'),
  'window_start.lt': bound('window_start.lt', 'NS'),
};

export function choice<const Values extends readonly [string, ...string[]]>(name: string, values: Values) {
  return z.enum(values, {
    error: ({ input }) => `Invalid '${name}': '${String(input)}', expected ${values.join(' or ')}`,
  });
}

export const flag = (name: string, standard: boolean) =>
  parameter(
    (text) => ({ true: true, false: false })[text.toLowerCase()],
    (text) => `Invalid '${name}': '${text}', expected true or false`,
  ).prefault(String(standard));

/** How many rows a page may have. Beyond `most` it is refused, or, where the vendor takes it (issues#94: 60000), taken for `most`. */
export function limit(standard: number, most: number, beyond: 'refused' | 'most') {
  return parameter(
    (text) => {
      const count = /^\d{1,9}$/.test(text) ? Number(text) : 0;
      if (count < 1 || (count > most && beyond === 'refused')) return undefined;
      return Math.min(count, most);
    },
    (text) => `Invalid 'limit': '${text}', expected a number from 1 to ${most}`,
  ).prefault(String(standard));
}

/** A whole number from 1 on. */
export const count = (name: string, standard: number, most = 5000) =>
  parameter(
    (text) => (/^[1-9]\d{0,8}$/.test(text) && Number(text) <= most ? Number(text) : undefined),
    (text) => `Invalid '${name}': '${text}', expected a number from 1 to ${most}`,
  ).prefault(String(standard));

export const date = parameter(
  (text) => (isDate(text) ? nearestDate(text) : undefined),
  (text) => `Could not parse the date '${text}'. Use YYYY-MM-DD`,
);
