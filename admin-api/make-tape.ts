import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { addAbortSignal, type Readable } from 'node:stream';
import { importFiles, openTape, parseTape, ScenarioError, TapeError, writeTape } from '../server/index.ts';
import { beyond, type Limit } from './limits.ts';
import { ProblemError } from './problem.ts';
import type { UploadQuery } from './schemas/tape.ts';
import { shownRejects, type Work } from './tape-works.ts';

/** Rows are no shorter, so that more of them than would fit unpacked are a bomb. */
const shortestRow = 16;
/** The file of an upload while it is read. */
const received = 'upload';

export interface Making {
  readonly work: Work;
  readonly signal: AbortSignal;
  /** A folder of its own, which is removed afterwards. */
  readonly folder: string;
  /** Bytes of the tape. */
  readonly limit: Limit;
}

/** Receives a file and makes a tape of its rows. Throws a `ProblemError` or a `TapeError` for what its sender can mend. */
export async function makeOfUpload(body: Readable, query: UploadQuery, making: Making): Promise<void> {
  const { work, signal, folder, limit } = making;
  const { format, market, symbol, timeframe, timeZone, timeFormat, barLabel, source, licence = 'unknown' } = query;
  await orReason(receive(body, making), signal);
  if (work.bytes === 0) throw new ProblemError(400, 'the body is empty; send the rows of a tape');
  work.phase = 'reading';
  const bomb = new AbortController();
  const either = AbortSignal.any([signal, bomb.signal]);
  const importing = importFiles({
    files: [received],
    out: work.tape,
    folder,
    stdin: body,
    reading: { format, market, symbol, map: undefined, timeZone, timeFormat, barLabel, timeframe },
    licence,
    origin: source ?? `uploaded as ${work.tape}`,
    dataSource: 'uploaded',
    force: false,
    signal: either,
    onProgress: ({ phase, events: rows, rejected, share }) => {
      Object.assign(work, { phase, rows, rejected, share });
      if (rows + rejected > mostRows(limit)) bomb.abort(tooManyRows(limit));
    },
    onReject: ({ line, place, reason, value }) => {
      work.rejected++;
      if (work.rejects.length >= shownRejects) return;
      work.rejects.push({ line, ...(place === undefined ? {} : { place }), reason, value: value.slice(0, 200) });
    },
  });
  const { events } = await orReason(importing, either);
  work.rows = events;
  if (events > 0) return;
  const faults = work.rejects.map(({ line, reason, value }) => ({ field: 'body', line, message: reason, value }));
  throw new ProblemError(422, `none of its ${work.rejected} rows can be read; see errors, each with its line`, faults);
}

async function receive(body: Readable, { work, signal, folder, limit }: Making): Promise<void> {
  addAbortSignal(signal, body);
  await using file = await open(join(folder, received), 'wx');
  for await (const chunk of body) {
    const bytes = Buffer.from(chunk);
    work.bytes += bytes.length;
    if (work.bytes > limit.most) throw tooLarge(limit);
    await file.writeFile(bytes);
  }
}

/** Writes a generated market. Throws a `ProblemError` for options that it does not know. */
export async function makeOfMarket(market: Record<string, unknown>, making: Making): Promise<void> {
  const { work, signal, folder, limit } = making;
  await using source = openTape(marketOf(market), { directory: folder, seed: 1 });
  const share = shareOf((await source.outline?.(signal)) ?? []);
  const full = new AbortController();
  const either = AbortSignal.any([signal, full.signal]);
  const writing = writeTape(join(folder, work.tape), source.pages({}, either), {
    origin: 'generated',
    licence: 'CC0-1.0',
    signal: either,
    onProgress: (rows, at) => {
      Object.assign(work, { rows, share: share(at) });
      if (rows > mostRows(limit)) full.abort(tooManyRows(limit));
    },
  });
  await orReason(writing, either);
}

/** Streams say only that they were aborted; the signal says why. */
async function orReason<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return await work.catch((error: unknown) => {
    throw signal.aborted ? signal.reason : error;
  });
}

/** Of an upload that says before how large it is, too. */
export const tooLarge = (limit: Limit): ProblemError =>
  beyond(limit, 413, 'bytes of one tape', 'give it in parts, or import it on the server');

const mostRows = ({ most }: Limit): number => Math.floor(most / shortestRow);
const tooManyRows = (limit: Limit): ProblemError =>
  beyond(
    { ...limit, most: mostRows(limit) },
    413,
    `rows of one tape, one for ${shortestRow} bytes of the limit`,
    'make several tapes of it',
  );

function marketOf(market: Record<string, unknown>): ReturnType<typeof parseTape> {
  try {
    return parseTape({ synthetic: market }, (path) => ['body.market', ...path.slice(1)].join('.'));
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    const faults = error.problems.map(({ place, message, value, wayOut }) => ({
      field: 'variable' in place ? place.variable : 'body.market',
      message,
      ...(value === undefined ? {} : { value }),
      ...(wayOut === '' ? {} : { wayOut }),
    }));
    throw new ProblemError(422, faults.map(({ field, message }) => `${field}: ${message}`).join('; '), faults);
  }
}

/** How much of what an outline tells of lies before an instant. */
function shareOf(
  outline: readonly { readonly from: bigint; readonly to: bigint }[],
): (at: bigint) => number | undefined {
  const froms = outline.map(({ from }) => Number(from));
  const tos = outline.map(({ to }) => Number(to));
  if (outline.length === 0) return () => undefined;
  const [first, last] = [
    froms.reduce((one, other) => Math.min(one, other)),
    tos.reduce((one, other) => Math.max(one, other)),
  ];
  return (at) => (Number(at) - first) / Math.max(1, last - first);
}

/** The error as its sender is to see it: what broke off is no fault of ours, and folders of this machine are not told. */
export function tellable(error: unknown, folder: string): unknown {
  if (error instanceof TapeError) return new TapeError(error.message.replaceAll(`${folder}/`, ''), { cause: error });
  if (
    error instanceof Error &&
    'code' in error &&
    (error.code === 'ERR_STREAM_PREMATURE_CLOSE' || error.code === 'ECONNRESET')
  ) {
    return new ProblemError(400, 'the upload was cut off; nothing of it is kept');
  }
  return error;
}
