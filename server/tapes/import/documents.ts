import { BadRow } from './format.ts';

/** Most characters of one JSON document: half a million rows. A page has ten thousand at most. */
const documentLimit = 128 << 20;

/** One JSON document of a text, or the reason why there is none. */
export interface Piece {
  /** Line on which it begins. */
  readonly line: number;
  readonly text: string;
}

/**
 * Parts a text into JSON documents, which may follow one another without anything between, be spread over many lines, or stand one a line.
 * Only nesting is followed; whether a document is JSON its parsing tells. After a broken document the next one begins at the next line that
 * starts with a brace, so that one broken page costs one page.
 */
export class Documents {
  #text = '';
  #line = 1;
  #depth = 0;
  #inText = false;

  /** The documents that end on this line. */
  add(line: string, number: number): Piece[] {
    const pieces: Piece[] = [];
    // No document of ours has a brace in the first column but its own first one.
    if (this.#depth > 0 && line.startsWith('{') && !this.#text.startsWith('[')) pieces.push(...this.end());
    let start = 0;
    for (let at = 0; at < line.length; at++) {
      if (this.#depth === 0 && !this.#inText) {
        while (at < line.length && isBlank(line.charCodeAt(at))) at++;
        if (at >= line.length) break;
        start = at;
        this.#line = number;
        if (line[at] !== '{' && line[at] !== '[') {
          // What stands between documents is no document; the next one begins at the next brace.
          const next = line.slice(at).search(/[{[]/);
          const end = next < 0 ? line.length : at + next;
          pieces.push({ line: number, text: line.slice(at, end) });
          at = end - 1;
          start = end;
          continue;
        }
      }
      this.#step(line, at);
      if (this.#depth > 0 || this.#inText) continue;
      pieces.push({ line: this.#line, text: this.#text + line.slice(start, at + 1) });
      this.#text = '';
      start = at + 1;
    }
    // A text cannot reach over a line end in JSON.
    this.#inText = false;
    if (this.#depth > 0) this.#text += `${line.slice(start)}\n`;
    if (this.#text.length > documentLimit) pieces.push(...this.end());
    return pieces;
  }

  /** What is left at the end of the text: a document that was cut off. */
  end(): Piece[] {
    const text = this.#text;
    this.#text = '';
    this.#depth = 0;
    this.#inText = false;
    return text === '' ? [] : [{ line: this.#line, text }];
  }

  #step(line: string, at: number): void {
    const sign = line.charCodeAt(at);
    if (this.#inText) {
      if (sign === 0x22 && !isEscaped(line, at)) this.#inText = false;
    } else if (sign === 0x22) this.#inText = true;
    else if (sign === 0x7b || sign === 0x5b) this.#depth++;
    else if (sign === 0x7d || sign === 0x5d) this.#depth--;
  }
}

/** Parses a document; ids past 2^53, which a number would round, become texts of their digits. Throws a `BadRow`. */
export function parseDocument(text: string): unknown {
  try {
    return JSON.parse(text.replaceAll(/("i"\s*:\s*)(\d{16,})/g, '$1"$2"'));
  } catch {
    throw new BadRow('is no JSON document', text.slice(0, 80));
  }
}

function isBlank(sign: number): boolean {
  return sign === 0x20 || sign === 0x09 || sign === 0x2c;
}
function isEscaped(line: string, quote: number): boolean {
  let slashes = 0;
  while (line.charCodeAt(quote - 1 - slashes) === 0x5c) slashes++;
  return slashes % 2 === 1;
}
