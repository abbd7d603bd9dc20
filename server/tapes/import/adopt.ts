import { createReadStream, existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { basename, join } from 'node:path';
import { type Clock, SystemClock } from '../../../market/clock.ts';
import { sidecarPath } from '../../sources/file/index.ts';
import { type Reading, TapeError } from '../../sources/source.ts';
import { writeSpelt } from '../write.ts';
import { AdoptedTapes } from './adopted.ts';
import { importTape } from './import-tape.ts';
import { fileInput } from './input.ts';
import { keyOf } from './work-folder.ts';

/**
 * Imports a file into a tape in the machine's temporary folder, or another, once: the same file, unchanged and read the same way, is found there the
 * next time, until nobody has used it for 30 days. Rows left out are told to `warn` every time. Throws a `TapeError` when the file cannot
 * be read or no row of it can, the signal's reason on abort.
 */
export async function adoptTape(
  path: string,
  reading: Reading,
  signal: AbortSignal,
  warn: ((message: string) => void) | undefined,
  clock: Clock = new SystemClock(),
  temporary = tmpdir(),
): Promise<string> {
  const folder = await ownFolder(temporary);
  const input = fileInput(path, path);
  const key = await keyOf([input], reading, 'adopted');
  const tape = join(folder, `${key}${await ending()}`);
  const rejects = join(folder, `${key}.rejects.ndjson`);
  const adopted = new AdoptedTapes(folder, clock, process.pid);
  await adopted.use(key, signal);
  if (!existsSync(tape)) {
    await make(path, tape, rejects, reading, signal);
    await adopted.removeUnused().catch((error: unknown) => {
      warn?.(`${folder}: not all tapes out of use could be removed: ${String(error)}`);
    });
  }
  const left = await linesIn(rejects);
  if (left > 0) warn?.(`${path}: ${left} rows could not be read and are left out; they are listed in ${rejects}`);
  return tape;
}

/** Makes the tape in a folder of its own, so that two who want the same tape at once do not meet. */
async function make(path: string, tape: string, rejects: string, reading: Reading, signal: AbortSignal): Promise<void> {
  const place = await mkdtemp(`${tape}.`);
  try {
    const own = join(place, basename(tape));
    const left = join(place, 'rejects.ndjson');
    const options = { reading, signal, work: join(place, 'work'), out: tape, rejects: left };
    const { events, rejected, reasons } = await importTape([fileInput(path, path)], options, async (imported) => {
      const { timeZone } = reading;
      const about = { origin: path, licence: 'unknown', timeZone, signal, scratch: 'plain' as const };
      await writeSpelt(own, imported.lines(), () => imported, about);
    });
    if (events === 0 && rejected > 0) {
      const [first = ['', 0]] = reasons;
      throw new TapeError(`${path}: none of its ${rejected} rows can be read; most often because ${first[0]}`);
    }
    await rm(rejects, { force: true });
    if (existsSync(left)) await rename(left, rejects);
    await rename(sidecarPath(own), sidecarPath(tape));
    await rename(own, tape);
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

/** The folder of adopted tapes, nobody else's: others must not slip a tape in. */
async function ownFolder(temporary: string): Promise<string> {
  const { uid } = userInfo();
  const folder = join(temporary, `papertape-${uid}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const found = await stat(folder);
  if (uid >= 0 && found.uid !== uid) {
    throw new TapeError(
      `${folder}: belongs to somebody else, so no tape can be kept there; set TMPDIR to a folder of your own`,
    );
  }
  return folder;
}

/** Parquet is read fastest, but its reader is an optional package. */
async function ending(): Promise<'.parquet' | '.ndjson.gz'> {
  return await import('@duckdb/node-api').then(
    () => '.parquet',
    () => '.ndjson.gz',
  );
}

async function linesIn(path: string): Promise<number> {
  if (!existsSync(path)) return 0;
  let lines = 0;
  for await (const chunk of createReadStream(path)) {
    if (Buffer.isBuffer(chunk)) for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines++;
  }
  return lines;
}
