import type { Nanos } from '../../market/event.ts';
import { firstInstant, lastInstant } from '../../market/instant.ts';
import { instantOf } from './instant.ts';

/**
 * What a message says, in whatever encoding it came. Whole numbers that a JS number would round are bigints, since ids are such numbers;
 * a time that came as a time, and not as text, is an `Instant`.
 */
export type Said = null | boolean | number | bigint | string | Instant | readonly Said[] | Fields;

/** A moment as MessagePack tells it. */
export class Instant {
  readonly at: Nanos;

  constructor(at: Nanos) {
    this.at = at;
  }
}

/** A message, or a part of one, makes no sense. Its message is for people: `p is missing`. */
export class Unreadable extends Error {}

/** What an object says, field by field. Every reader throws `Unreadable` where the field is missing or no such thing. */
export class Fields {
  readonly #said: ReadonlyMap<string, Said>;

  constructor(said: ReadonlyMap<string, Said>) {
    this.#said = said;
  }

  /** `undefined` when it is not there or null, which vendors' SDKs take for the same. */
  get(name: string): Said | undefined {
    return this.#said.get(name) ?? undefined;
  }

  /** Is it there, be it null? */
  has(name: string): boolean {
    return this.#said.has(name);
  }

  entries(): Iterable<readonly [string, Said]> {
    return this.#said;
  }

  /** A finite number, however it was encoded. */
  number(name: string): number {
    return this.maybeNumber(name) ?? missing(name);
  }

  maybeNumber(name: string): number | undefined {
    const value = this.get(name);
    if (value === undefined) return undefined;
    const number = typeof value === 'bigint' ? Number(value) : value;
    return typeof number === 'number' && Number.isFinite(number) ? number : wrong(name, 'a number');
  }

  text(name: string): string {
    return this.maybeText(name) ?? missing(name);
  }

  maybeText(name: string): string | undefined {
    const value = this.get(name);
    return value === undefined || typeof value === 'string' ? value : wrong(name, 'text');
  }

  /** An id as text, to its last digit; vendors send whole numbers and texts. */
  maybeId(name: string): string | undefined {
    const value = this.get(name);
    if (value === undefined || typeof value === 'string') return value;
    if (typeof value === 'bigint') return String(value);
    return typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : wrong(name, 'an id');
  }

  flag(name: string): boolean {
    const value = this.get(name) ?? false;
    return typeof value === 'boolean' ? value : wrong(name, 'true or false');
  }

  /** A time as text of RFC 3339 or as a timestamp. */
  instant(name: string): Nanos {
    return this.maybeInstant(name) ?? missing(name);
  }

  maybeInstant(name: string): Nanos | undefined {
    const value = this.get(name);
    if (value === undefined) return undefined;
    const at = value instanceof Instant ? value.at : typeof value === 'string' ? instantOf(value) : undefined;
    if (at === undefined || at < firstInstant || at > lastInstant) return wrong(name, 'a time');
    return at;
  }

  list(name: string): readonly Said[] {
    const value = this.get(name) ?? [];
    return isList(value) ? value : wrong(name, 'a list');
  }

  texts(name: string): readonly string[] {
    return this.list(name).map((item) => (typeof item === 'string' ? item : wrong(name, 'a list of texts')));
  }

  objects(name: string): readonly Fields[] {
    return this.list(name).map((item) => (item instanceof Fields ? item : wrong(name, 'a list of objects')));
  }
}

/** `Array.isArray` does not tell a readonly list from what is none. */
function isList(value: Said): value is readonly Said[] {
  return Array.isArray(value);
}

function missing(name: string): never {
  throw new Unreadable(`${name} is missing`);
}

function wrong(name: string, what: string): never {
  throw new Unreadable(`${name} is not ${what}`);
}
