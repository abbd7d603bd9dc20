import { createWriteStream, type WriteStream } from 'node:fs';
import { access, constants, mkdir, stat, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { dirname, extname, resolve } from 'node:path';
import type { JournalEntry, Trial } from '../server/index.ts';
import { Complaint, type Shell } from './shell.ts';

/** Characters of a journal that may wait for the disk. What comes beyond is left out, and said. */
const mostWaiting = 16 * 2 ** 20;

/** A file that a run writes; of several runs each has its own: `report.xml`, `report.2.xml`. */
export function runFile(name: string, number: number, { folder }: Pick<Shell, 'folder'>): string {
  const path = resolve(folder, name);
  if (number === 1) return path;
  const ending = extname(path);
  return `${path.slice(0, path.length - ending.length)}.${number}${ending}`;
}

/**
 * Makes the folders on a file's way and looks whether it can be written there, so that nobody learns it after a run. Throws a `Complaint`
 * that names the option and the file.
 */
export async function checkWritable(option: string, path: string): Promise<void> {
  try {
    await makeFolder(path);
    const there = await stat(path).catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (there?.isDirectory() === true) throw new Error('a folder');
    await access(there === undefined ? dirname(path) : path, constants.W_OK);
  } catch (cause) {
    throw cannotWrite(`${option}: ${path}`, cause);
  }
}

/** Writes a file, and the folders on its way. Throws a `Complaint` that names it. */
export async function writeRunFile(path: string, text: string): Promise<void> {
  try {
    await makeFolder(path);
    await writeFile(path, text);
  } catch (cause) {
    throw cannotWrite(path, cause);
  }
}

async function makeFolder(path: string): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true }).catch((cause: unknown) => {
    const code = cause instanceof Error && 'code' in cause ? cause.code : '';
    if (code !== 'EEXIST' && code !== 'ENOTDIR') throw cause;
    throw new Error(`${folder} is not a folder`, { cause });
  });
}

const cannotWrite = (path: string, cause: unknown): Complaint =>
  new Complaint(
    `${path}: cannot be written (${cause instanceof Error ? cause.message : String(cause)}); choose another place`,
    undefined,
    { cause },
  );

/** Writes a journal as it is kept, an entry a line, numbers of nanoseconds as text. */
export class JournalFile implements AsyncDisposable {
  readonly #path: string;
  readonly #stream: WriteStream;
  readonly #deaf: () => void;
  readonly #failed: Promise<unknown>;
  /** Entries that had no room. */
  left = 0;

  /** Throws a `Complaint` when the file cannot be written. */
  static async open(path: string, trial: Trial): Promise<JournalFile> {
    try {
      await makeFolder(path);
      const stream = createWriteStream(path);
      await once(stream, 'open');
      return new JournalFile(path, stream, trial);
    } catch (cause) {
      throw cannotWrite(path, cause);
    }
  }

  private constructor(path: string, stream: WriteStream, trial: Trial) {
    this.#path = path;
    this.#stream = stream;
    this.#failed = once(stream, 'error').then(([error]: unknown[]) => error);
    const write = (entry: JournalEntry): void => {
      if (stream.writableLength > mostWaiting || stream.destroyed) this.left++;
      else
        stream.write(
          `${JSON.stringify(entry, (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value))}\n`,
        );
    };
    for (const entry of trial.entries) write(entry);
    this.#deaf = trial.listen(write);
  }

  /** Everything is in the file. Throws a `Complaint` when it is not. */
  async close(): Promise<void> {
    this.#deaf();
    const written = new Promise<undefined>((done) => this.#stream.end(() => done(undefined)));
    const failure = this.#stream.errored ?? (await Promise.race([written, this.#failed]));
    if (failure !== undefined && failure !== null) throw cannotWrite(this.#path, failure);
    if (this.left > 0)
      throw cannotWrite(this.#path, new Error(`the disk is too slow: ${this.left} entries are left out`));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#deaf();
    this.#stream.destroy();
    await Promise.resolve();
  }
}
