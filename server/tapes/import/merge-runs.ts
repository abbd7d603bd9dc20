import { open, type FileHandle } from 'node:fs/promises';
import { headBytes } from './runs.ts';

/** Bytes read of each run at once. */
const readBytes = 1 << 18;
/** Bytes handed on at once. */
const writeBytes = 1 << 18;

/** Some merged records or lines. */
export interface Stretch {
  readonly bytes: Buffer;
  readonly rows: number;
}

/**
 * Several runs as one, earliest first; records of one time keep the order of the runs, and within a run their own. Gives whole records, to be
 * merged again, or the lines alone.
 */
export async function* mergeRuns(paths: readonly string[], give: 'records' | 'lines'): AsyncGenerator<Stretch> {
  const readers = paths.map((path, rank) => new RunReader(path, rank));
  const skipped = give === 'lines' ? headBytes : 0;
  let out = Buffer.allocUnsafe(writeBytes);
  let [filled, rows] = [0, 0];
  try {
    const heap: RunReader[] = [];
    for (const reader of readers) if (await reader.next()) heap.push(reader);
    heap.sort((one, other) => (one.before(other) ? -1 : 1));
    for (let first = heap[0]; first !== undefined; first = heap[0]) {
      const rival = heap[2] !== undefined && heap[1] !== undefined && heap[2].before(heap[1]) ? heap[2] : heap[1];
      let more = true;
      // Files come in stretches: stay with this run until another has something earlier.
      while (more && (rival === undefined || first.before(rival))) {
        const { bytes, start, end } = first;
        const length = end - start - skipped;
        if (filled + length > out.length) {
          if (filled > 0) yield { bytes: out.subarray(0, filled), rows };
          out = Buffer.allocUnsafe(Math.max(writeBytes, length));
          [filled, rows] = [0, 0];
        }
        filled += bytes.copy(out, filled, start + skipped, end);
        rows++;
        more = first.step() || (await first.next());
      }
      if (!more) {
        const last = heap.pop();
        if (last !== undefined && last !== first) heap[0] = last;
      }
      sink(heap);
    }
    if (filled > 0) yield { bytes: out.subarray(0, filled), rows };
  } finally {
    for (const reader of readers) await reader.close();
  }
}

/** One run and the record it stands at. */
class RunReader {
  readonly #path: string;
  readonly #rank: number;
  #file: FileHandle | undefined;
  bytes = Buffer.alloc(0);
  start = 0;
  end = 0;
  #filled = 0;
  #high = 0;
  #low = 0;

  constructor(path: string, rank: number) {
    this.#path = path;
    this.#rank = rank;
  }

  before(other: RunReader): boolean {
    if (this.#high !== other.#high) return this.#high < other.#high;
    if (this.#low !== other.#low) return this.#low < other.#low;
    return this.#rank < other.#rank;
  }

  /** Moves to the next record when all of it is in memory. */
  step(): boolean {
    const start = this.end;
    if (start + headBytes > this.#filled) return false;
    const end = start + headBytes + this.bytes.readUInt32BE(start + 8);
    if (end > this.#filled) return false;
    this.start = start;
    this.end = end;
    this.#high = this.bytes.readInt32BE(start);
    this.#low = this.bytes.readUInt32BE(start + 4);
    return true;
  }

  /** Reads on until there is a next record, and moves to it; false at the end of the run. */
  async next(): Promise<boolean> {
    this.#file ??= await open(this.#path, 'r');
    while (!this.step()) {
      const left = this.bytes.subarray(this.end, this.#filled);
      const needed = left.length >= headBytes ? headBytes + left.readUInt32BE(8) : headBytes;
      const room = Buffer.allocUnsafe(Math.max(readBytes, needed) + left.length);
      left.copy(room);
      const { bytesRead } = await this.#file.read(room, left.length, room.length - left.length);
      this.bytes = room;
      this.#filled = left.length + bytesRead;
      this.start = this.end = 0;
      if (bytesRead === 0) return false;
    }
    return true;
  }

  async close(): Promise<void> {
    await this.#file?.close();
  }
}

/** Restores the heap after its first place has changed. */
function sink(heap: RunReader[]): void {
  const moved = heap[0];
  if (moved === undefined) return;
  let place = 0;
  for (;;) {
    const left = 2 * place + 1;
    const [one, other] = [heap[left], heap[left + 1]];
    if (one === undefined) break;
    const [child, at] = other !== undefined && other.before(one) ? [other, left + 1] : [one, left];
    if (moved.before(child)) break;
    heap[place] = child;
    place = at;
  }
  heap[place] = moved;
}
