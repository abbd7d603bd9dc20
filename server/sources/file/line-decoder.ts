import type { Level, Nanos, Print } from '../../../market/event.ts';
import { TapeError } from '../source.ts';
import { fieldNames } from './columns.ts';
import { eventOfRow } from './event-of-row.ts';
import type { MarketEvent } from '../../../market/event.ts';
import type { Row } from './row.ts';

type Fields = Record<string, unknown>;
const wholeNumber = /^-?\d{1,19}$/;
const shown = 80;

/**
 * Reads one NDJSON line strictly: every field known, present and of its kind, no field too many. One decoder serves a
 * whole file, because a tape is a million lines.
 */
export class LineDecoder implements Row {
  readonly #place: string;
  #line = 0;
  #fields: Fields = {};
  /** Fields asked for and found; fewer than the line has means that one of them has no business there. */
  #found = 0;
  #asked: string[] | undefined;

  constructor(place: string) {
    this.#place = place;
  }

  /** Throws a `TapeError` that names file, line, path, value and the way out. `line` counts from 1. */
  decode(text: string, line: number): MarketEvent {
    this.#line = line;
    this.#found = 0;
    this.#fields = this.#parse(text);
    const event = eventOfRow(this);
    if (this.#found !== Object.keys(this.#fields).length) this.#refuseSurplus();
    return event;
  }

  text(field: number): string {
    return this.maybeText(field) ?? this.#missing(field, 'a text');
  }

  maybeText(field: number): string | undefined {
    const value = this.#take(field);
    if (value === undefined || typeof value === 'string') return value;
    return this.#fail(field, value, 'expected a text in quotes');
  }

  word<Word extends string>(field: number, words: readonly Word[]): Word {
    return this.maybeWord(field, words) ?? this.#missing(field, `one of ${words.join(', ')}`);
  }

  maybeWord<Word extends string>(field: number, words: readonly Word[]): Word | undefined {
    const value = this.#take(field);
    if (value === undefined) return undefined;
    for (const word of words) if (word === value) return word;
    return this.#fail(field, value, `expected one of ${words.join(', ')}`);
  }

  number(field: number): number {
    return this.maybeNumber(field) ?? this.#missing(field, 'a number');
  }

  maybeNumber(field: number): number | undefined {
    const value = this.#take(field);
    if (value === undefined) return undefined;
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    return this.#fail(field, value, 'expected a number without quotes, within the range of a double');
  }

  nanos(field: number): Nanos {
    return this.maybeNanos(field) ?? this.#missing(field, 'nanoseconds since 1970 in quotes');
  }

  maybeNanos(field: number): Nanos | undefined {
    const value = this.#take(field);
    if (value === undefined) return undefined;
    if (typeof value === 'string' && wholeNumber.test(value)) return BigInt(value);
    return this.#fail(field, value, 'expected nanoseconds since 1970 in quotes, such as "1782912600000000000"');
  }

  truth(field: number): boolean {
    return this.maybeTruth(field) ?? this.#missing(field, 'true or false');
  }

  maybeTruth(field: number): boolean | undefined {
    const value = this.#take(field);
    if (value === undefined || typeof value === 'boolean') return value;
    return this.#fail(field, value, 'expected true or false');
  }

  texts(field: number): readonly string[] {
    const value = this.#take(field);
    if (isListOf(value, isText)) return value;
    return this.#fail(field, value, 'expected a list of texts; an empty one is []');
  }

  numbers(field: number): readonly number[] {
    return this.maybeNumbers(field) ?? this.#missing(field, 'a list of numbers; an empty one is []');
  }

  maybeNumbers(field: number): readonly number[] | undefined {
    const value = this.#take(field);
    if (value === undefined || isListOf(value, isNumber)) return value;
    return this.#fail(field, value, 'expected a list of numbers; an empty one is []');
  }

  print(field: number): Print {
    const value = this.#take(field);
    if (isFields(value) && Object.keys(value).length === 4) {
      const { id, price, size, conditions } = value;
      if (isText(id) && isNumber(price) && isNumber(size) && isListOf(conditions, isText)) {
        return { id, price, size, conditions };
      }
    }
    return this.#fail(field, value, 'expected { "id": text, "price": number, "size": number, "conditions": [texts] }');
  }

  levels(field: number): readonly Level[] {
    const value = this.#take(field);
    if (isListOf(value, isLevel)) return value;
    return this.#fail(field, value, 'expected a list of { "price": number, "size": number }');
  }

  #take(field: number): unknown {
    const name = fieldNames[field] ?? '';
    const value = this.#fields[name];
    if (value !== undefined) this.#found++;
    this.#asked?.push(name);
    return value;
  }

  #parse(text: string): Fields {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (cause) {
      throw new TapeError(
        `${this.#place}:${this.#line}: ${cut(text)} is no JSON; ` +
          (text.includes('\0')
            ? 'NUL bytes come of a write that was cut off, or of a file that is no text: make the tape anew'
            : 'every line must be one event as one JSON object'),
        { cause },
      );
    }
    if (isFields(value)) return value;
    throw new TapeError(`${this.#place}:${this.#line}: ${cut(text)} is no JSON object; every line must be one event`);
  }

  #missing(field: number, wanted: string): never {
    return this.#fail(field, undefined, `this kind of event needs it: give ${wanted}`);
  }

  #fail(field: number | string, value: unknown, wayOut: string): never {
    const name = typeof field === 'string' ? field : fieldNames[field];
    const found = value === undefined ? 'missing' : cut(JSON.stringify(value));
    throw new TapeError(`${this.#place}:${this.#line}: ${name}: ${found}; ${wayOut}`);
  }

  /** Asks for the event once more, this time taking notes of what an event of this kind may have. */
  #refuseSurplus(): never {
    const known: string[] = [];
    this.#asked = known;
    eventOfRow(this);
    this.#asked = undefined;
    const surplus = Object.keys(this.#fields).find((field) => !known.includes(field)) ?? '';
    return this.#fail(surplus, this.#fields[surplus], `a ${String(this.#fields['kind'])} has only ${known.join(', ')}`);
  }
}

/** What a line or a value says, short, with every letter that a terminal would not show or would obey as its number. */
function cut(text: string): string {
  const visible = (letter: string): string => `\\u${(letter.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;
  const short = text.length > shown ? `${text.slice(0, shown)}…` : text;
  return short.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, visible);
}
function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
function isText(value: unknown): value is string {
  return typeof value === 'string';
}
function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
function isLevel(value: unknown): value is Level {
  return isFields(value) && isNumber(value['price']) && isNumber(value['size']) && Object.keys(value).length === 2;
}
function isListOf<Item>(value: unknown, isItem: (item: unknown) => item is Item): value is Item[] {
  if (!Array.isArray(value)) return false;
  for (const item of value) if (!isItem(item)) return false;
  return true;
}
