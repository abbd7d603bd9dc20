import type { MarketEvent, Nanos } from '../../market/event.ts';
import { nearestInstant } from '../../market/instant.ts';
import { parseExactly } from './exact-json.ts';

/** A value that JSON has no kind for, as MessagePack carries it: what it is, and what it says. */
export class Packed {
  readonly as: 'float32' | 'float64' | 'time' | 'bytes';
  /** Nanos of a time, the number of a float, the count of other bytes. */
  readonly value: number | bigint;

  constructor(as: Packed['as'], value: number | bigint) {
    this.as = as;
    this.value = value;
  }
}

/** What became of one message of a vendor's frame in the ear of a recorder. */
export type Meaning =
  /**
   * `published`: whether the message tells when it was; a bar tells its bucket only, and then `at` is the earliest moment at which it
   * can have been published.
   */
  | { readonly kind: 'event'; readonly event: MarketEvent; readonly published: boolean }
  /** A greeting, a heartbeat, the answer to a request: nothing for a tape. */
  | { readonly kind: 'answer' }
  /** A kind of message this exchange is known to have, which yet cannot be read. */
  | { readonly kind: 'unreadable'; readonly why: string }
  | { readonly kind: 'unknown' };

/** One message of a vendor's frame. */
export interface Heard {
  /** What the vendor calls its kind: `t`, `AM`, `price`; empty where it does not tell. */
  readonly type: string;
  /** All it said: JSON's values, whole numbers that no double holds as bigint, and `Packed`. */
  readonly said: unknown;
  readonly meaning: Meaning;
}

/** Makes an event of a message of one kind, or throws `Unreadable`. */
export type Reader = (said: Said) => MarketEvent;

/** Which field of a message is not as it has to be. Thrown by `Said`, caught by `heardIn`. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
}

/** Kinds of messages by name; `answer`: none of the market. */
export type Readers = ReadonlyMap<string, Reader | 'answer'>;

/** What a frame of JSON means whose messages name their kind in one field. */
export function heardInJson(message: Buffer, typeField: string, readers: Readers): readonly Heard[] {
  let frame: unknown;
  try {
    frame = parseExactly(message.toString());
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return [nonsense];
  }
  return heardIn(frame, typeField, readers);
}

/** What stands for a frame that is none of this exchange's. */
export const nonsense: Heard = { type: '', said: undefined, meaning: { kind: 'unknown' } };

/** What the messages of a frame mean, one or a list of them. */
export function heardIn(frame: unknown, typeField: string, readers: Readers): readonly Heard[] {
  const messages: readonly unknown[] = Array.isArray(frame) ? frame : [frame];
  return messages.map((said): Heard => {
    const fields = fieldsOf(said);
    const named = fields?.[typeField];
    const type = typeof named === 'string' ? named : '';
    const reader = readers.get(type);
    if (fields === undefined || reader === undefined) return { type, said, meaning: { kind: 'unknown' } };
    if (reader === 'answer') return { type, said, meaning: { kind: 'answer' } };
    try {
      const event = reader(new Said(fields));
      return { type, said, meaning: { kind: 'event', event, published: !('start' in event) } };
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      return { type, said, meaning: { kind: 'unreadable', why: error.message } };
    }
  });
}

/** The fields of one message, each asked for by the kind it must have. Surplus fields are nobody's business here. */
export class Said {
  readonly #fields: Readonly<Record<string, unknown>>;

  constructor(fields: Readonly<Record<string, unknown>>) {
    this.#fields = fields;
  }

  has(name: string): boolean {
    return this.#fields[name] !== undefined && this.#fields[name] !== null;
  }

  text(name: string): string {
    return this.maybeText(name) ?? missing(name);
  }
  maybeText(name: string): string | undefined {
    const value = this.#value(name);
    return value === undefined || typeof value === 'string' ? value : wrong(name, 'text', value);
  }

  number(name: string): number {
    return this.maybeNumber(name) ?? missing(name);
  }
  maybeNumber(name: string): number | undefined {
    const value = this.#value(name);
    if (value === undefined) return undefined;
    const number = numberOf(value);
    return number !== undefined && Number.isFinite(number) ? number : wrong(name, 'number', value);
  }

  word<Word extends string>(name: string, words: readonly Word[]): Word {
    const text = this.text(name);
    return words.find((word) => word === text) ?? wrong(name, `one of ${words.join(', ')}`, text);
  }

  /** An absent one is false. */
  truth(name: string): boolean {
    const value = this.#value(name) ?? false;
    return typeof value === 'boolean' ? value : wrong(name, 'truth value', value);
  }

  /** An amount spelt as text: `"0.25"`. */
  decimal(name: string): number {
    const text = this.text(name);
    const number = Number(text);
    return text.trim() !== '' && Number.isFinite(number) ? number : wrong(name, 'decimal amount', text);
  }

  /** An id as text, whether it is spelt as one or as a number. */
  id(name: string): string {
    const value = this.#value(name) ?? missing(name);
    if (typeof value === 'string') return value;
    if (typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value))) return String(value);
    return wrong(name, 'id', value);
  }

  /** RFC 3339 with up to nine decimals, or MessagePack's own time. */
  time(name: string): Nanos {
    return this.maybeTime(name) ?? missing(name);
  }
  maybeTime(name: string): Nanos | undefined {
    const value = this.#value(name);
    if (value === undefined) return undefined;
    const at = value instanceof Packed && value.as === 'time' ? value.value : rfc3339(value);
    return typeof at === 'bigint' ? at : wrong(name, 'time', value);
  }

  /** A whole number of units since 1970, in nanoseconds. */
  since1970(name: string, unit: Nanos): Nanos {
    return this.maybeSince1970(name, unit) ?? missing(name);
  }
  maybeSince1970(name: string, unit: Nanos): Nanos | undefined {
    const value = this.#value(name);
    if (value === undefined) return undefined;
    if (typeof value === 'bigint') return nearestInstant(value * unit);
    if (typeof value === 'number' && Number.isSafeInteger(value)) return nearestInstant(BigInt(value) * unit);
    return wrong(name, 'time', value);
  }

  texts(name: string): readonly string[] {
    return this.#list(name, 'text', (value) => (typeof value === 'string' ? value : undefined));
  }
  numbers(name: string): readonly number[] {
    return this.#list(name, 'number', numberOf);
  }
  /** Parts that are objects themselves. */
  parts(name: string): readonly Said[] {
    return this.#list(name, 'object', (value) => {
      const fields = fieldsOf(value);
      return fields && new Said(fields);
    });
  }
  /** Lists of numbers in a list. */
  rows(name: string): readonly (readonly number[])[] {
    return this.#list(name, 'list of numbers', (value) => {
      const row = Array.isArray(value) ? value.map(numberOf) : undefined;
      return row?.every((number) => number !== undefined) === true ? row : undefined;
    });
  }

  /** An absent list is an empty one. */
  #list<Item>(name: string, what: string, itemOf: (value: unknown) => Item | undefined): readonly Item[] {
    const list = this.#value(name) ?? [];
    if (!Array.isArray(list)) return wrong(name, 'list', list);
    return list.map((value: unknown) => itemOf(value) ?? wrong(name, `list of ${what}s`, list));
  }

  #value(name: string): unknown {
    const value = this.#fields[name];
    return value === null ? undefined : value;
  }
}

/** A message's fields; `undefined` when it is no object. */
export function fieldsOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return isFields(value) ? value : undefined;
}

/** A number in whichever of its spellings. */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  return value instanceof Packed && value.as.startsWith('float') ? Number(value.value) : undefined;
}

const instant = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:\d{2})$/;

/** Whether a text looks like an RFC 3339 time. */
export const looksLikeTime = (text: string): boolean => text.length >= 20 && text[10] === 'T' && instant.test(text);

/** The second reached: neighbouring messages share it, and reading a date costs more than all the rest. */
let reached = { text: '', at: 0n };

/** Nanos of an RFC 3339 time; `undefined` for anything else. */
export function rfc3339(value: unknown): Nanos | undefined {
  const match = typeof value === 'string' && value[10] === 'T' ? instant.exec(value) : null;
  if (match === null) return undefined;
  const [, second = '', fraction = '', zone = ''] = match;
  const text = second + zone;
  if (reached.text !== text) {
    const whole = Date.parse(text);
    if (Number.isNaN(whole)) return undefined;
    reached = { text, at: BigInt(whole) * 1_000_000n };
  }
  return nearestInstant(reached.at + BigInt(fraction.padEnd(9, '0')));
}

function missing(name: string): never {
  throw new Unreadable(`${name} is missing`);
}
function wrong(name: string, wanted: string, value: unknown): never {
  const found =
    typeof value === 'bigint'
      ? String(value)
      : value instanceof Packed
        ? `${value.as} ${value.value}`
        : (JSON.stringify(value) ?? '');
  const what = wanted.startsWith('one of') ? `not ${wanted}` : `no ${wanted}`;
  throw new Unreadable(`${name} is ${what}: ${(found ?? '').slice(0, 60)}`);
}
function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Packed);
}
