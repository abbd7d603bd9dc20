import { type FileHandle, mkdir, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { reason } from '../../../migrations/session.ts';
import { type Listen, StoreError } from './happening.ts';
import { claim } from './lock.ts';
import type { Parcel } from './parcel.ts';
import { parcelOf, recordHead, recordOf, segmentHead, sizeOf } from './record.ts';
import type { SpoolSettings } from './settings.ts';

/** A file of the spool: records one after another, appended to by one client only, removed when all are stored. */
interface Segment {
  readonly file: string;
  readonly handle: FileHandle;
  /** Written by this client; of a former one's, nobody knows how much of it was stored. */
  readonly ours: boolean;
  /** Bytes that are whole records, and those beyond which a former client left something torn. */
  size: number;
  readonly torn: number;
  rows: number;
}

/** The first parcel of the spool. It stays there until `done`. */
export interface Spooled {
  readonly parcel: Parcel;
  done(): Promise<void>;
}

const shape = /^(\d{12})\.rows$/;

/** Parcels that wait on disk, in order, for a database that is away. Also those that a killed client left. */
export class Spool implements AsyncDisposable {
  /** Rows that wait, and those that ever did. */
  rows = 0;
  appended = 0;
  /** Why the last append found no room. */
  trouble: string | undefined;
  readonly #settings: SpoolSettings;
  readonly #listen: Listen;
  readonly #release: () => Promise<void>;
  readonly #segments: Segment[];
  #next: number;
  /** Where the first parcel begins in the first segment. */
  #at = segmentHead.length;
  #bytes = 0;
  /** One after another: a file must not go while something is written to it. */
  #turn: Promise<unknown> = Promise.resolve();

  /** Opens the folder, and finds what a former client left there. Throws a `StoreError` when another client is at it. */
  static async open(settings: SpoolSettings, listen: Listen): Promise<Spool> {
    const { folder } = settings;
    await mkdir(folder, { recursive: true });
    const release = await claim(folder);
    const segments: Segment[] = [];
    const names = (await readdir(folder)).filter((name) => shape.test(name)).sort();
    for (const name of names) segments.push(await survey(join(folder, name)));
    return new Spool(settings, listen, release, segments, Number(shape.exec(names.at(-1) ?? '')?.[1] ?? -1) + 1);
  }

  private constructor(
    settings: SpoolSettings,
    listen: Listen,
    release: () => Promise<void>,
    segments: Segment[],
    next: number,
  ) {
    this.#settings = settings;
    this.#listen = listen;
    this.#release = release;
    this.#segments = segments;
    this.#next = next;
    for (const { file, size, torn, rows } of segments) {
      if (torn > 0) listen({ kind: 'torn', file, bytes: torn });
      this.#bytes += size + torn;
      this.rows += rows;
    }
    this.appended = this.rows;
  }

  /** Keeps a parcel behind all others. False, with `trouble`, when there is no room; `beyond` its own limit there is always some. */
  async append(parcel: Parcel, beyond = false): Promise<boolean> {
    return await this.#inTurn(async () => await this.#append(parcel, beyond));
  }

  /** The parcel that waits longest. What is torn is passed over. */
  async first(): Promise<Spooled | undefined> {
    return await this.#inTurn(async () => await this.#first());
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => undefined);
    return await turn;
  }

  async #append(parcel: Parcel, beyond: boolean): Promise<boolean> {
    const record = recordOf(parcel);
    const { mostBytes, segmentBytes, sync, folder } = this.#settings;
    if (!beyond && this.#bytes + record.length > mostBytes) {
      this.trouble = `${folder} holds ${this.#bytes} bytes of the ${mostBytes} it may (spool.mostBytes)`;
      return false;
    }
    try {
      const segment = await this.#current(segmentBytes);
      await this.#write(segment, record);
      if (sync === 'append') await segment.handle.datasync();
      segment.size += record.length;
      segment.rows += parcel.rows;
    } catch (error) {
      this.trouble = `${folder} cannot be written: ${reason(error)}`;
      return false;
    }
    this.#bytes += record.length;
    this.rows += parcel.rows;
    this.appended += parcel.rows;
    this.trouble = undefined;
    return true;
  }

  async #first(): Promise<Spooled | undefined> {
    for (;;) {
      const [segment] = this.#segments;
      if (segment === undefined) return undefined;
      if (this.#at >= segment.size) {
        await this.#drop(segment);
        continue;
      }
      const head = await read(segment.handle, this.#at, recordHead);
      const size = sizeOf(head);
      const record = size === undefined ? undefined : await read(segment.handle, this.#at, size.bytes);
      const parcel = record === undefined ? undefined : parcelOf(record);
      if (parcel === undefined || record === undefined) {
        // Nothing says where the next record begins, so the rest of the file is gone with it.
        this.#listen({ kind: 'torn', file: segment.file, bytes: segment.size - this.#at });
        await this.#drop(segment);
        continue;
      }
      return {
        parcel: segment.ours ? parcel : { ...parcel, known: true },
        done: async () =>
          await this.#inTurn(async () => {
            this.#at += record.length;
            this.rows -= parcel.rows;
            segment.rows -= parcel.rows;
            if (this.#at >= segment.size) await this.#drop(segment);
          }),
      };
    }
  }

  async #current(segmentBytes: number): Promise<Segment> {
    const last = this.#segments.at(-1);
    if (last?.ours === true) {
      if (last.size < segmentBytes) return last;
      if (this.#settings.sync === 'segment') await last.handle.datasync();
    }
    const file = join(this.#settings.folder, `${String(this.#next).padStart(12, '0')}.rows`);
    const handle = await open(file, 'wx+');
    this.#next++;
    await handle.write(segmentHead, 0, segmentHead.length, 0);
    if (this.#settings.sync !== 'never') await syncFolder(this.#settings.folder);
    const segment = { file, handle, ours: true, size: segmentHead.length, torn: 0, rows: 0 };
    this.#segments.push(segment);
    this.#bytes += segment.size;
    return segment;
  }

  /** Writes at the end of the whole records, so that a failed write is written over by the next. */
  async #write({ handle, size }: Segment, record: Buffer): Promise<void> {
    for (let done = 0; done < record.length;) {
      const { bytesWritten } = await handle.write(record, done, record.length - done, size + done);
      done += bytesWritten;
    }
  }

  async #drop(segment: Segment): Promise<void> {
    this.#segments.shift();
    this.#at = segmentHead.length;
    this.#bytes -= segment.size + segment.torn;
    this.rows -= segment.rows;
    await segment.handle.close();
    await rm(segment.file, { force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { handle } of this.#segments) {
      if (this.#settings.sync !== 'never') await handle.datasync();
      await handle.close();
    }
    await this.#release();
  }
}

/** What a file holds that a former client left. */
async function survey(file: string): Promise<Segment> {
  const handle = await open(file, 'r+');
  const { size: length } = await handle.stat();
  const start = await read(handle, 0, segmentHead.length);
  if (length >= segmentHead.length && !start.equals(segmentHead)) {
    await handle.close();
    throw new StoreError(
      `${file} was not written by this version of Papertape. Let the version that wrote it bring it to the database, or move it away.`,
    );
  }
  let [at, rows] = [Math.min(segmentHead.length, length), 0];
  for (;;) {
    const size = sizeOf(await read(handle, at, recordHead));
    if (size === undefined || at + size.bytes > length) break;
    at += size.bytes;
    rows += size.rows;
  }
  return { file, handle, ours: false, size: at, torn: length - at, rows };
}

async function read(handle: FileHandle, at: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(length), 0, length, at);
  return buffer.subarray(0, bytesRead);
}

/** A new file survives a power failure only when its folder does. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
