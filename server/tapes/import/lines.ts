import { isAscii, isUtf8 } from 'node:buffer';
import { TapeError } from '../../sources/source.ts';
import { BadRow } from './format.ts';

/** Longest line accepted: a page of 10,000 trades is a megabyte. */
const lineLimit = 64 << 20;
const newline = 0x0a;
const byteOrderMark = Buffer.from('\uFEFF');

/** Some lines of a text file. */
export class Lines {
  /** Number of the first of them, from 1. */
  readonly first: number;
  /** The lines as they lie in the file, without the end of the last one. */
  readonly bytes: Buffer;
  readonly ascii: boolean;
  /** False when some bytes were no UTF-8 and stand as U+FFFD in the texts. */
  readonly utf8: boolean;
  #texts: readonly string[] | undefined;
  #count: number | undefined;

  constructor(first: number, bytes: Buffer) {
    this.first = first;
    this.bytes = bytes;
    this.ascii = isAscii(bytes);
    this.utf8 = this.ascii || isUtf8(bytes);
  }

  /** Each line without its end. */
  get texts(): readonly string[] {
    return (this.#texts ??= this.bytes.toString('utf8').split('\n').map(withoutReturn));
  }

  /** How many they are; who has walked along them says so, and spares another walk. */
  get count(): number {
    return (this.#count ??= 1 + occurrences(newline, this.bytes));
  }
  set count(walked: number) {
    this.#count = walked;
  }

  /** These lines and those that follow them. */
  with(next: Lines): Lines {
    return new Lines(this.first, Buffer.concat([this.bytes, Buffer.of(newline), next.bytes]));
  }
}

/** The lines of a text, in bunches of what one read brought. A byte order mark and carriage returns at line ends are dropped. */
export async function* linesOf(bytes: AsyncIterable<unknown>, name: string): AsyncGenerator<Lines> {
  let rest: Buffer[] = [];
  let restBytes = 0;
  let first = 1;
  const bunch = (buffer: Buffer): Lines => {
    const isMarked = first === 1 && buffer.subarray(0, byteOrderMark.length).equals(byteOrderMark);
    return new Lines(first, isMarked ? buffer.subarray(byteOrderMark.length) : buffer);
  };
  for await (const chunk of bytes) {
    if (!Buffer.isBuffer(chunk)) continue;
    const cut = chunk.lastIndexOf(newline);
    if (cut < 0) {
      rest.push(chunk);
      restBytes += chunk.length;
      if (restBytes > lineLimit) {
        throw new TapeError(
          `${name}:${first}: a line passes ${lineLimit} bytes; expected CSV, or JSON of one page a line`,
        );
      }
      continue;
    }
    const whole = rest.length === 0 ? chunk.subarray(0, cut) : Buffer.concat([...rest, chunk.subarray(0, cut)]);
    rest = [chunk.subarray(cut + 1)];
    restBytes = chunk.length - cut - 1;
    const lines = bunch(whole);
    yield lines;
    first += lines.count;
  }
  if (restBytes > 0) yield bunch(Buffer.concat(rest));
}

/** Throws a `BadRow` for a line that is no text: it holds NUL bytes, or bytes that are no UTF-8. */
export function checkText(line: string, utf8: boolean): void {
  if (line.includes('\0')) throw new BadRow('the row holds NUL bytes');
  if (!utf8 && line.includes('\uFFFD')) throw new BadRow('the row holds bytes that are no UTF-8');
}

function occurrences(wanted: number, bytes: Buffer): number {
  let found = 0;
  for (let at = 0; at < bytes.length; at++) if (bytes[at] === wanted) found++;
  return found;
}

/** A line without the carriage return that some systems put before its end. */
export function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
