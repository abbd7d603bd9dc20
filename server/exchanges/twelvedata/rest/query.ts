import { z } from 'zod';
import type { Nanos } from '../../../../market/event.ts';
import { isDate, nearestDate } from '../../../../market/instant.ts';
import type { TimeZone } from '../../../../market/time-zone.ts';
import type { RestRequest } from '../../exchange.ts';
import { type ErrorBody, errorBody, unknownSymbol } from '../texts.ts';
import { mostDecimals } from './decimals.ts';
import { zoneNamed } from './hours.ts';
import { type Interval, intervals } from './intervals.ts';

type Asking = Pick<RestRequest, 'query'>;

/**
 * Reads the parameters of a request, whose names may be written in any case (documented), or says what is wrong with one. Those it does
 * not know are passed over: SDKs add their own.
 */
export function read<Shape extends z.ZodRawShape>(
  shape: z.ZodObject<Shape>,
  request: Asking,
): { readonly asked: z.output<z.ZodObject<Shape>> } | { readonly error: ErrorBody } {
  const result = shape.safeParse(Object.fromEntries(given(request)));
  if (result.success) return { asked: result.data };
  const [issue] = result.error.issues;
  if (issue?.path[0] === 'symbol') return { error: unknownSymbol };
  return { error: errorBody(400, issue?.message ?? 'Invalid request') };
}

/** As many credits as symbols that will be answered, times what each costs; one where none is named. */
export function creditsOf(request: Asking, each = 1): number {
  return Math.max(1, symbolsIn(given(request).get('symbol') ?? '').length) * each;
}

/** Parameters by their names in lower case; of one that is given twice the last counts. */
function given({ query }: Asking): ReadonlyMap<string, string> {
  return new Map([...query].map(([name, value]) => [name.toLowerCase(), value]));
}

/** Symbols in the order of the request, each once. */
function symbolsIn(text: string): string[] {
  return [...new Set(text.split(',').map((name) => name.trim()))].filter((name) => name !== '');
}

const invalid = (name: string, wanted: string) => ({
  error: ({ input }: { readonly input?: unknown }) =>
    typeof input === 'string' ? `Invalid **${name}** provided: ${input}. ${wanted}` : `Missing **${name}**. ${wanted}`,
});

const flag = (name: string) =>
  z
    .enum(['true', 'false', '1', '0'], invalid(name, 'Supported values: true, false'))
    .prefault('false')
    .transform((text) => text === 'true' || text === '1');

/** A whole number of a range. */
export const wholeNumber = (name: string, least: number, most: number) =>
  z
    .string()
    .refine(
      (text) => /^-?\d{1,9}$/.test(text) && Number(text) >= least && Number(text) <= most,
      invalid(name, `It should be in range from ${least} to ${most}`),
    )
    .transform(Number);

const symbol = z
  .string()
  .transform(symbolsIn)
  .refine((names) => names.length > 0);

/** Which instruments are meant, and how the answer is written. */
export const common = {
  symbol,
  exchange: z.string().optional(),
  mic_code: z.string().optional(),
  country: z.string().optional(),
  type: z.string().optional(),
  format: z
    .string()
    .toUpperCase()
    .pipe(z.enum(['JSON', 'CSV'], invalid('format', 'Supported formats: JSON, CSV')))
    .prefault('JSON'),
  delimiter: z.string().length(1, invalid('delimiter', 'It should be one character')).prefault(';'),
  // -1 is what the documents name as the default: as many as needed.
  dp: wholeNumber('dp', -1, mostDecimals)
    .transform((decimals) => (decimals < 0 ? undefined : decimals))
    .optional(),
  prepost: flag('prepost'),
};

export const interval = z.enum<readonly Interval[]>(
  intervals,
  // Captured, but for the words of a request that names none (sheet §5).
  invalid('interval', `Supported intervals: ${intervals.join(', ')}`),
);
export const order = z
  .string()
  .toLowerCase()
  .pipe(z.enum(['asc', 'desc'], invalid('order', 'Supported orders: asc, desc')))
  .prefault('desc');
export const previousClose = flag('previous_close');
export const endOfDay = flag('eod');

/** `undefined` is the exchange's own zone. IANA names are case-sensitive (documented). */
export const timezone = z
  .string()
  .prefault('Exchange')
  .transform((name, context): TimeZone | undefined => {
    if (name === 'Exchange') return undefined;
    try {
      return zoneNamed(name);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      const message = `Invalid **timezone** provided: ${name}. Supported values: Exchange, UTC, or a name of the IANA database`;
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    }
  });

/** An instant as a wall shows it, whose zone is known only with the instrument. */
export interface WallTime {
  readonly date: string;
  readonly time: string;
}

const wallShape = /^(\d{4}-\d{2}-\d{2})(?:[T ]([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?)?$/;

/** `2006-01-02`, which is its midnight, or `2006-01-02T15:04:05`, or the same with a space. */
export const wallTime = (name: string) =>
  z
    .string()
    .transform((text, context): WallTime => {
      const [, date = '', hours = '00', minutes = '00', seconds = '00'] = wallShape.exec(text) ?? [];
      if (isDate(date)) return { date: nearestDate(date), time: `${hours}:${minutes}:${seconds}` };
      const message = `Invalid **${name}** provided: ${text}. Supported formats: 2006-01-02, 2006-01-02T15:04:05`;
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    })
    .optional();

/** A date, or `today` or `yesterday`. */
export const date = z
  .string()
  .refine(
    (text) => text === 'today' || text === 'yesterday' || isDate(text),
    invalid('date', 'Supported formats: 2006-01-02, today, yesterday'),
  )
  .transform((text) => (isDate(text) ? nearestDate(text) : text))
  .optional();

export const instantOf = ({ date: on, time }: WallTime, zone: TimeZone): Nanos => zone.at(on, time);
