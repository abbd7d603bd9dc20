import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { mergeRuns, type Stretch } from './merge-runs.ts';
import type { WorkFolder } from './work-folder.ts';

/** Runs merged at once; more are merged in stages, so that few files are open at a time. */
const mergedAtOnce = 64;

/** The lines of all runs by time. Too many runs are first merged group by group; neighbours stay neighbours, so ties keep their order. */
export async function* sortedLines(
  folder: WorkFolder,
  runs: readonly string[],
  signal: AbortSignal,
  passed: (rows: number) => void,
): AsyncGenerator<Buffer> {
  let stage = 0;
  while (runs.length > mergedAtOnce) {
    const fewer: string[] = [];
    for (let from = 0; from < runs.length; from += mergedAtOnce) {
      const path = folder.at(`merged-${stage}-${fewer.length}.run`);
      const records = bytesOf(mergeRuns(runs.slice(from, from + mergedAtOnce), 'records'), () => undefined);
      await pipeline(records, createWriteStream(path), { signal });
      fewer.push(path);
    }
    runs = fewer;
    stage++;
  }
  yield* bytesOf(mergeRuns(runs, 'lines'), passed);
}

async function* bytesOf(stretches: AsyncIterable<Stretch>, passed: (rows: number) => void): AsyncGenerator<Buffer> {
  let rows = 0;
  for await (const stretch of stretches) {
    yield stretch.bytes;
    rows += stretch.rows;
    passed(rows);
  }
}
