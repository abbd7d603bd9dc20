import { truncate } from 'node:fs/promises';
import type { Nanos } from '../../market/event.ts';
import { openTape } from '../sources/index.ts';
import { readSidecar, type RecordedPiece, Tally, tapeEnding } from '../sources/file/index.ts';
import { TapeError } from '../sources/source.ts';
import { readState, type RecordingState, runs, sizeOf, statePath } from './recording-state.ts';
import { Repeats } from './repeats.ts';

/** What a tape has been before its recording begins or goes on. */
export interface Past {
  /** How much of the file is whole. */
  readonly bytes: number;
  /** What stands behind it, of a piece that was not finished. */
  readonly cut: number;
  readonly state: Omit<RecordingState, 'pieces'> & { readonly pieces: readonly RecordedPiece[] };
  readonly tally: Tally;
  readonly repeats: Repeats;
  /** Latest instant on it. */
  readonly last: Nanos | undefined;
}

/** Reads what is there of a recording. Throws a `TapeError` for what is none. */
export async function pastOf(path: string, signal: AbortSignal): Promise<Past> {
  const ending = tapeEnding(path);
  if (ending === undefined || ending === '.parquet') {
    throw new TapeError(
      `${path}: a recording grows line by line; let its name end in .ndjson or .ndjson.gz, and make Parquet of it later with ` +
        `'papertape tape import'`,
    );
  }
  const size = await sizeOf(path);
  const state = await stateOf(path, size);
  const blank = { tally: new Tally(), repeats: new Repeats(), last: undefined };
  if (state.bytes === 0 || size === undefined) return { bytes: 0, cut: size ?? 0, state, ...blank };
  const { tally, repeats } = blank;
  let last: Nanos | undefined;
  await using source = openTape({ file: path }, { directory: '.', seed: 0 });
  if (size > state.bytes) await truncate(path, state.bytes);
  for await (const page of source.pages({}, signal)) {
    tally.add(page);
    for (const event of page) repeats.seed(event);
    last = page.at(-1)?.at ?? last;
  }
  signal.throwIfAborted();
  return { bytes: state.bytes, cut: size - state.bytes, state, tally, repeats, last };
}

const nothing = { bytes: 0, process: process.pid, pieces: [], repeats: 0, strays: 0, paths: [] };

/** Of a recording that was cut, or of one that ended as it should. */
async function stateOf(path: string, size: number | undefined): Promise<Past['state']> {
  const state = await readState(path);
  if (state !== undefined) {
    if (runs(state.process)) {
      throw new TapeError(
        `${path}: process ${state.process} is recording it; stop that first, or record to another file`,
      );
    }
    if (state.bytes > (size ?? 0)) {
      throw new TapeError(
        `${path}: has ${size ?? 0} bytes, and ${state.bytes} were recorded; put the tape back, or delete ${statePath(path)} to record anew`,
      );
    }
    return state;
  }
  if (size === undefined) return { ...nothing, paths: [] };
  const sidecar = await readSidecar(path);
  if (sidecar?.recording === undefined) {
    throw new TapeError(`${path}: is there already and no recording, or was changed since; record to another file`);
  }
  const { pieces, repeats, strays, paths } = sidecar.recording;
  return { ...nothing, bytes: size, pieces, repeats, strays, paths };
}
