import { open } from 'node:fs/promises';
import type { MarketEvent } from '../../../market/event.ts';
import { lineOfEvent } from '../../sources/file/index.ts';

/**
 * A run is a file of records in time order: the time as a signed 64-bit number and the length of the line as an unsigned 32-bit one, both big
 * end first, then the event's NDJSON line with its end. Sorting and merging look at the times only and copy the lines as they are.
 */
export const headBytes = 12;
/** Bytes of records sorted in memory at once: some 250,000 trades. */
const runBytes = 64 << 20;
/** Bytes written to the disk at once. */
const writeBytes = 1 << 20;
/** Most bytes one character of JavaScript takes in UTF-8. */
const widest = 3;

/** Collects events in any order and writes them to files as sorted runs. Events of one time keep the order in which they came. */
export class RunWriter {
  readonly #limit: number;
  #bytes: Buffer;
  #used = 0;
  readonly #starts: number[] = [];
  readonly #highs: number[] = [];
  readonly #lows: number[] = [];
  #sorted = true;

  /** `limit` is the number of bytes after which `full` asks for a run to be written. */
  constructor(limit: number = runBytes) {
    this.#limit = limit;
    this.#bytes = Buffer.allocUnsafe(Math.min(limit, 1 << 20));
  }

  get full(): boolean {
    return this.#used >= this.#limit;
  }
  get empty(): boolean {
    return this.#used === 0;
  }

  add(event: MarketEvent): void {
    const line = lineOfEvent(event);
    const start = this.#used;
    this.#reserve(headBytes + line.length * widest + 1);
    const bytes = this.#bytes;
    bytes.writeBigInt64BE(event.at, start);
    const length = bytes.write(line, start + headBytes) + 1;
    bytes[start + headBytes + length - 1] = 0x0a;
    bytes.writeUInt32BE(length, start + 8);
    this.#used += headBytes + length;
    const [high, low] = [bytes.readInt32BE(start), bytes.readUInt32BE(start + 4)];
    const last = this.#starts.length - 1;
    if (last >= 0 && this.#sorted) {
      const previous = this.#highs[last] ?? 0;
      this.#sorted = high > previous || (high === previous && low >= (this.#lows[last] ?? 0));
    }
    this.#starts.push(start);
    this.#highs.push(high);
    this.#lows.push(low);
  }

  /** Writes what has come so far as one run, and starts afresh. */
  async write(path: string): Promise<void> {
    await using file = await open(path, 'w');
    if (this.#sorted) await file.writeFile(this.#bytes.subarray(0, this.#used));
    else for (const piece of this.#inOrder()) await file.write(piece);
    this.#used = this.#starts.length = this.#highs.length = this.#lows.length = 0;
    this.#sorted = true;
  }

  *#inOrder(): Generator<Buffer> {
    const [highs, lows, bytes] = [this.#highs, this.#lows, this.#bytes];
    const order = highs.map((_, index) => index);
    // The sort of arrays is stable, and quick where a file has long stretches in order already.
    order.sort((one, other) => highs[one]! - highs[other]! || lows[one]! - lows[other]!);
    const piece = Buffer.allocUnsafe(writeBytes);
    let filled = 0;
    for (const index of order) {
      const start = this.#starts[index] ?? 0;
      const end = this.#starts[index + 1] ?? this.#used;
      if (filled + end - start > piece.length) {
        yield piece.subarray(0, filled);
        filled = 0;
      }
      if (end - start > piece.length) yield bytes.subarray(start, end);
      else filled += bytes.copy(piece, filled, start, end);
    }
    yield piece.subarray(0, filled);
  }

  #reserve(more: number): void {
    if (this.#used + more <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#used + more));
    this.#bytes.copy(larger, 0, 0, this.#used);
    this.#bytes = larger;
  }
}
