import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Nanos } from '../../market/event.ts';
import {
  lineOfEvent,
  sha256Of,
  sidecarPath,
  sidecarText,
  Tally,
  tapeEnding,
  tapeEndings,
  type Sidecar,
} from '../sources/file/index.ts';
import { TapeError, type Holding, type Page } from '../sources/source.ts';
import { isoOf } from './instant.ts';

/** What is told of a tape beyond its events, and how its writing is followed and stopped. */
export interface WriteOptions {
  /** Where the events come from: `generated`, a vendor, a URL. */
  readonly origin: string;
  /** Under which terms the tape may be passed on; an SPDX name where there is one. */
  readonly licence: string;
  /** Zone in which people think of this tape's times; `America/New_York` when left out. */
  readonly timeZone?: string | undefined;
  readonly signal: AbortSignal;
  /** Hears, after every page, how many events were written so far and up to which instant. */
  readonly onProgress?: ((events: number, at: Nanos) => void) | undefined;
}

/**
 * Writes a tape and its sidecar; the path's ending chooses NDJSON, NDJSON with gzip, or Parquet. The tape appears under its name
 * only when it is whole. Throws a `TapeError` when the pages are out of order, the signal's reason on abort.
 */
export async function writeTape(path: string, pages: AsyncIterable<Page>, options: WriteOptions): Promise<Sidecar> {
  const tally = new Tally();
  return await writeSpelt(path, spell(path, pages, tally, options), () => tally, { ...options, scratch: 'packed' });
}

/** Lines of a tape that are spelt and sorted already: what `writeSpelt` has to know of them. */
export interface SpeltOptions extends Omit<WriteOptions, 'onProgress'> {
  /** Whether the lines from which a Parquet file is made are packed while they wait: half the speed, a sixth of the room. */
  readonly scratch: 'packed' | 'plain';
}

/** What the lines of a tape hold. */
export interface Contents {
  readonly holdings: readonly Holding[];
  /** Names of the fields that its events have. */
  readonly fields: readonly string[];
}

/** Writes such lines as `writeTape` does. What they hold is asked for when all of them have passed. */
export async function writeSpelt(
  path: string,
  spelt: AsyncIterable<Buffer>,
  contentsOf: () => Contents,
  options: SpeltOptions,
): Promise<Sidecar> {
  const { origin, licence, timeZone = 'America/New_York', signal, scratch } = options;
  const ending = tapeEnding(path);
  if (ending === undefined) {
    throw new TapeError(`${path}: no tape ends so; give a path that ends in ${tapeEndings.join(', ')}`);
  }
  await mkdir(dirname(path), { recursive: true });
  const packed = scratch === 'packed' ? '.gz' : '';
  const lines = ending === '.parquet' ? `${path}.partial.ndjson${packed}` : `${path}.partial`;
  const whole = ending === '.parquet' ? `${path}.partial` : lines;
  try {
    const compress = ending === '.ndjson.gz' ? 'small' : ending === '.parquet' && packed !== '' ? 'fast' : undefined;
    await writeLines(lines, spelt, compress, signal);
    const { holdings, fields } = contentsOf();
    if (ending === '.parquet') {
      const { convertToParquet } = await import('../sources/file/parquet-writer.ts');
      await convertToParquet(lines, whole, fields, signal);
    }
    const sidecar: Sidecar = {
      sha256: await sha256Of(whole),
      bytes: (await stat(whole)).size,
      origin,
      licence,
      timeZone,
      ...summaryOf(holdings),
    };
    // An old sidecar must not vouch for the new tape, nor a new one for the old: without one the tape is scanned.
    await rm(sidecarPath(path), { force: true });
    await rename(whole, path);
    await writeFile(`${path}.partial.meta.json`, sidecarText(sidecar));
    await rename(`${path}.partial.meta.json`, sidecarPath(path));
    return sidecar;
  } finally {
    for (const left of new Set([lines, whole])) await rm(left, { force: true });
  }
}

/** What a sidecar tells of what its tape holds. */
export function summaryOf(
  holdings: readonly Holding[],
): Pick<Sidecar, 'symbols' | 'channels' | 'events' | 'period' | 'holdings'> {
  return {
    symbols: [...new Set(holdings.map(({ symbol }) => symbol))],
    channels: [...new Set(holdings.map(({ channel }) => channel))],
    events: holdings.reduce((sum, { events }) => sum + events, 0),
    ...periodOf(holdings),
    holdings: [...holdings],
  };
}

async function* spell(
  path: string,
  pages: AsyncIterable<Page>,
  tally: Tally,
  options: WriteOptions,
): AsyncGenerator<Buffer> {
  const { signal, onProgress } = options;
  let previous: Nanos | undefined;
  let events = 0;
  for await (const page of pages) {
    signal.throwIfAborted();
    let text = '';
    for (const event of page) {
      if (previous !== undefined && event.at < previous) {
        throw new TapeError(
          `${basename(path)}: ${event.kind} of ${event.symbol}: at: ${event.at} comes after ${previous}; ` +
            `write the events oldest first`,
        );
      }
      previous = event.at;
      text += lineOfEvent(event);
      text += '\n';
    }
    tally.add(page);
    events += page.length;
    yield Buffer.from(text);
    if (previous !== undefined) onProgress?.(events, previous);
  }
  // A source that was aborted ends early without an error; half a tape must not look whole.
  signal.throwIfAborted();
}

async function writeLines(
  path: string,
  text: AsyncIterable<Buffer>,
  compress: 'fast' | 'small' | undefined,
  signal: AbortSignal,
): Promise<void> {
  const file = createWriteStream(path);
  const source = Readable.from(text, { objectMode: false });
  if (compress === undefined) await pipeline(source, file, { signal });
  else await pipeline(source, createGzip({ level: compress === 'fast' ? 1 : 6 }), file, { signal });
}

function periodOf(holdings: readonly Holding[]): Pick<Sidecar, 'period'> {
  const [first] = holdings;
  if (first === undefined) return {};
  let { from, to } = first;
  for (const holding of holdings) {
    if (holding.from < from) from = holding.from;
    if (holding.to > to) to = holding.to;
  }
  return { period: { from: isoOf(from), to: isoOf(to) } };
}
