import type { Nanos } from '../../../market/event.ts';
import { firstInstant, lastInstant } from '../../../market/instant.ts';
import { milli } from '../../../market/nanos.ts';
import { type Fields, Unreadable } from '../feed.ts';

/** Times below this are milliseconds, which reach it in the year 33658, and those above nanoseconds, which reached it in January 1970. */
const leastNanos = 1_000_000_000_000_000n;
/** A number that is not negative, as the vendor spells it in a text. */
export const decimalShape = /^\d+(?:\.\d+)?$/;

/** A ticker, which is never empty. */
export function ticker(fields: Fields, name: string): string {
  return fields.text(name) || missing(name);
}

/** Unix milliseconds. */
export function millis(fields: Fields, name: string): Nanos {
  return maybeMillis(fields, name) ?? missing(name);
}

export function maybeMillis(fields: Fields, name: string): Nanos | undefined {
  const value = maybeWhole(fields, name);
  return value === undefined ? undefined : instant(name, value * milli);
}

/** Unix nanoseconds, to the last digit. */
export function nanos(fields: Fields, name: string): Nanos {
  return maybeNanos(fields, name) ?? missing(name);
}

export function maybeNanos(fields: Fields, name: string): Nanos | undefined {
  const value = maybeWhole(fields, name);
  return value === undefined ? undefined : instant(name, value);
}

/** Unix nanoseconds, or milliseconds where the vendor's documents and samples say both: told by their size (sheet §5, LULD and FMV). */
export function nanosOrMillis(fields: Fields, name: string): Nanos {
  const value = maybeWhole(fields, name) ?? missing(name);
  return instant(name, value < leastNanos ? value * milli : value);
}

function instant(name: string, at: Nanos): Nanos {
  return at < firstInstant || at > lastInstant ? wrong(name, 'a time') : at;
}

function maybeWhole(fields: Fields, name: string): bigint | undefined {
  const value = fields.get(name);
  if (value === undefined || typeof value === 'bigint') return value;
  return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : wrong(name, 'a time');
}

/** A code: one of the small whole numbers that stand for exchanges, conditions and tapes. */
export function maybeId(fields: Fields, name: string): number | undefined {
  const value = fields.maybeNumber(name);
  return value === undefined || Number.isSafeInteger(value) ? value : wrong(name, 'a whole number');
}

/** Codes in a list, or one by itself (sheet §5: `c` of a quote is a single number). */
export function ids(fields: Fields, name: string): readonly number[] {
  const one = fields.get(name);
  if (one === undefined) return [];
  const all = typeof one === 'number' ? [one] : fields.list(name);
  return all.map((id) =>
    typeof id === 'number' && Number.isSafeInteger(id) ? id : wrong(name, 'a list of whole numbers'),
  );
}

/** A size or a volume, with its fraction where the vendor adds it as decimal text, since February 2026 (sheet §5). */
export function amount(fields: Fields, whole: string, decimal: string): number {
  return maybeAmount(fields, whole, decimal) ?? missing(whole);
}

export function maybeAmount(fields: Fields, whole: string, decimal: string): number | undefined {
  const rounded = fields.maybeNumber(whole);
  const text = fields.maybeText(decimal);
  if (text === undefined) return rounded;
  return decimalShape.test(text) && Number.isFinite(Number(text)) ? Number(text) : wrong(decimal, 'a decimal number');
}

export function missing(name: string): never {
  throw new Unreadable(`${name} is missing`);
}

export function wrong(name: string, what: string): never {
  throw new Unreadable(`${name} is not ${what}`);
}
