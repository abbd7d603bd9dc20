import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, truncate, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const pack = promisify(gzip);

/**
 * Appends whole pieces to a tape: of a packed one each is a gzip member of its own, so that the file can be read after every piece. Knows
 * size and checksum of what is written.
 */
export class TapeAppender implements AsyncDisposable {
  readonly #file: FileHandle;
  readonly #packed: boolean;
  readonly #hash: Hash;
  bytes: number;

  private constructor(file: FileHandle, packed: boolean, hash: Hash, bytes: number) {
    this.#file = file;
    this.#packed = packed;
    this.#hash = hash;
    this.bytes = bytes;
  }

  /** Goes on after the first `bytes` of a tape; what stands behind them is cut off. */
  static async open(path: string, bytes: number): Promise<TapeAppender> {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(path, 'a');
    await truncate(path, bytes);
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk);
    const appender = new TapeAppender(file, path.endsWith('.gz'), hash, bytes);
    // A packed file of no bytes is none.
    if (bytes === 0 && appender.#packed) await appender.append('');
    return appender;
  }

  /** Resolves when the lines are on the disk. */
  async append(lines: string): Promise<void> {
    const text = Buffer.from(lines);
    const piece = this.#packed ? await pack(text) : text;
    await this.#file.writeFile(piece);
    await this.#file.datasync();
    this.#hash.update(piece);
    this.bytes += piece.length;
  }

  /** Checksum of the whole file so far. */
  get sha256(): string {
    return this.#hash.copy().digest('hex');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
  }
}
