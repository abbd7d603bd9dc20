import { endOfBroken, JsonReader } from './json-reader.ts';
import { JsonScan } from './json-scan.ts';
import { Fields, type Said, Unreadable } from './said.ts';

const [openList, closeList, comma] = [0x5b, 0x5d, 0x2c];
/** Complaints about one frame; what is wrong beyond is counted. */
const mostComplaints = 100;
const longestExcerpt = 200;

/** Who reads a frame, element by element. */
export interface FrameReader {
  /** Reads the element that begins here if it is spelled as it usually is; wherever it stops, an untrue answer gives the element back. */
  quick(scan: JsonScan): boolean;
  /** Reads an element, whatever its spelling. May throw `Unreadable`. */
  element(fields: Fields): void;
  unreadable(why: string, excerpt: string): void;
}

/**
 * Reads frames of JSON: objects in a list, or one by itself. Each is read on its own, so that one that cannot be read does not take the
 * others with it.
 */
export class JsonFrames {
  readonly #scan = new JsonScan();
  readonly #reader: FrameReader;

  constructor(reader: FrameReader) {
    this.#reader = reader;
  }

  read(bytes: Buffer): void {
    const complaints = new Complaints(bytes, this.#reader);
    const json = new JsonReader(bytes);
    this.#scan.open(bytes);
    if (json.take(openList)) this.#elements(bytes, json, complaints);
    else this.#element(bytes, json, complaints);
    if (!json.ended) complaints.say('more comes after the end', json.at, bytes.length);
    complaints.end();
  }

  #elements(bytes: Buffer, json: JsonReader, complaints: Complaints): void {
    if (json.take(closeList)) return;
    for (;;) {
      json.space();
      const whole = this.#element(bytes, json, complaints);
      if (json.take(comma)) continue;
      if (json.take(closeList)) return;
      const end = endOfBroken(bytes, json.at);
      if (end > json.at) complaints.say('no comma follows', json.at, end);
      else if (whole) complaints.say('the frame breaks off', end, end);
      json.at = end;
      if (!json.take(comma)) return void json.take(closeList);
    }
  }

  /** Whether it was an element, be it one that makes no sense; `json` is behind it. */
  #element(bytes: Buffer, json: JsonReader, complaints: Complaints): boolean {
    const from = json.at;
    this.#scan.at = from;
    if (this.#reader.quick(this.#scan)) {
      json.at = this.#scan.at;
      return true;
    }
    let said: Said;
    try {
      said = json.value();
    } catch (error) {
      json.at = endOfBroken(bytes, from);
      complaints.say(whyOf(error), from, json.at);
      return false;
    }
    try {
      if (!(said instanceof Fields)) throw new Unreadable('it is no object');
      this.#reader.element(said);
    } catch (error) {
      complaints.say(whyOf(error), from, json.at);
    }
    return true;
  }
}

/** What is wrong, for people. Throws again what is not about the message. */
export function whyOf(error: unknown): string {
  if (error instanceof Unreadable) return error.message;
  throw error;
}

/** Tells of what could not be read, and only counts when it is too much. */
export class Complaints {
  readonly #bytes: Buffer;
  readonly #reader: Pick<FrameReader, 'unreadable'>;
  #count = 0;

  constructor(bytes: Buffer, reader: Pick<FrameReader, 'unreadable'>) {
    this.#bytes = bytes;
    this.#reader = reader;
  }

  say(why: string, from: number, to: number): void {
    if (++this.#count <= mostComplaints) this.#reader.unreadable(why, excerptOf(this.#bytes.subarray(from, to)));
  }

  /** To be called when the frame has been read. */
  end(): void {
    const more = this.#count - mostComplaints;
    if (more > 0) this.#reader.unreadable(`${more} more parts could not be read`, '');
  }
}

/** The beginning of what could not be read, at most 200 characters. */
export const excerptOf = (bytes: Buffer): string => bytes.toString('utf8', 0, longestExcerpt);
