import { BrokenPayload, type Leaf, type Piece, type Value } from './piece.ts';

const token = /\s*(?:("(?:[^"\\]|\\["\\/bfnrtu])*")|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(true|false|null)|([{}[\],:]))/y;

interface Token {
  readonly kind: Leaf['kind'] | 'mark';
  /** As it is spelt. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** The objects of a JSON text. Throws `BrokenPayload`. */
export function jsonPieces(payload: Buffer): readonly Piece[] {
  const reader = new Reader(payload);
  const pieces: Piece[] = [];
  if (reader.peek().text === '{') pieces.push(reader.piece());
  else reader.list('[', ']', () => pieces.push(reader.piece()));
  return pieces;
}

/** A value as JSON spells it. */
export function jsonValue(value: Value): Buffer {
  if (value === 'nan') return Buffer.from('NaN');
  if (value === 'null') return Buffer.from('null');
  return Buffer.from(JSON.stringify('text' in value ? value.text : value.number));
}

class Reader {
  /** One character per byte, so that places in it are places in the payload. */
  readonly #text: string;
  readonly #payload: Buffer;
  #at = 0;

  constructor(payload: Buffer) {
    this.#payload = payload;
    this.#text = payload.toString('latin1');
  }

  peek(): Token {
    token.lastIndex = this.#at;
    const match = token.exec(this.#text);
    if (match === null) throw new BrokenPayload(`no JSON at byte ${this.#at}`);
    const [, text, number, word, mark = ''] = match;
    const end = token.lastIndex;
    const spelt = text ?? number ?? word ?? mark;
    const kind = text !== undefined ? 'text' : number !== undefined ? 'number' : word !== undefined ? 'other' : 'mark';
    return { kind, text: spelt, start: end - spelt.length, end };
  }

  piece(): Piece {
    const leaves: Leaf[] = [];
    const { start } = this.peek();
    this.#value(leaves);
    return { start, end: this.#at, leaves };
  }

  list(open: string, close: string, item: () => void): void {
    this.#expect(open);
    if (this.peek().text === close) return this.#expect(close);
    for (;;) {
      item();
      const { text, end } = this.peek();
      if (text === close) return this.#expect(close);
      if (text !== ',') throw new BrokenPayload(`no comma at byte ${end}`);
      this.#at = end;
    }
  }

  #value(leaves: Leaf[]): void {
    const { kind, text, start, end } = this.peek();
    if (text === '[') return this.list('[', ']', () => this.#value(leaves));
    if (text === '{') return this.list('{', '}', () => this.#field(leaves));
    if (kind === 'mark') throw new BrokenPayload(`no value at byte ${start}`);
    this.#at = end;
    leaves.push({
      kind,
      text: kind === 'text' ? this.#payload.toString('utf8', start + 1, end - 1) : text,
      start,
      end,
    });
  }

  #field(leaves: Leaf[]): void {
    const { kind, start, end } = this.peek();
    if (kind !== 'text') throw new BrokenPayload(`no name at byte ${start}`);
    this.#at = end;
    this.#expect(':');
    this.#value(leaves);
  }

  #expect(mark: string): void {
    const { text, start, end } = this.peek();
    if (text !== mark) throw new BrokenPayload(`no ${mark} at byte ${start}`);
    this.#at = end;
  }
}
