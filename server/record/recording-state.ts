import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import { z } from 'zod';
import { pieceSchema } from '../sources/file/index.ts';
import { TapeError } from '../sources/source.ts';

/** What lies beside a tape while it is recorded, so that a recording that was cut can go on: how far the tape is whole, and its story. */
const stateSchema = z.strictObject({
  /** Bytes of the tape that are whole. */
  bytes: z.int().nonnegative(),
  /** Which process writes. */
  process: z.int().positive(),
  /** The last one is still being written. */
  pieces: z.array(pieceSchema).min(1),
  repeats: z.int().nonnegative(),
  strays: z.int().nonnegative(),
  paths: z.array(z.string()),
});
export type RecordingState = z.output<typeof stateSchema>;

/** Where the state of a recording lies: `day.ndjson.gz.recording.json` beside `day.ndjson.gz`. */
export const statePath = (tape: string): string => `${tape}.recording.json`;

/** The state of a recording that was cut; `undefined` when there is none. Throws a `TapeError` when it cannot be read. */
export async function readState(tape: string): Promise<RecordingState | undefined> {
  const path = statePath(tape);
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  try {
    return stateSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new TapeError(
      `${path}: tells nothing of a recording; move it away together with its tape, or record elsewhere`,
      {
        cause,
      },
    );
  }
}

/** Writes it so that a failure of the power leaves the old or the new one. The tape's own bytes have to be on the disk before. */
export async function writeState(tape: string, state: RecordingState): Promise<void> {
  const path = statePath(tape);
  const file = await open(`${path}.partial`, 'w');
  try {
    await file.writeFile(`${JSON.stringify(state, undefined, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.partial`, path);
}

export async function removeState(tape: string): Promise<void> {
  await rm(statePath(tape), { force: true });
}

/** Bytes of a file; `undefined` when there is none. */
export async function sizeOf(path: string): Promise<number | undefined> {
  const found = await stat(path).catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  return found?.size;
}

/** Whether a process runs that is not this one. */
export function runs(id: number): boolean {
  if (id === process.pid) return false;
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    // Another user's process runs as well.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
