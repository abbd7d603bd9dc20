import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { Writable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { openDuckDb, quoted } from '../server/sources/file/duckdb.ts';
import { file } from '../server/sources/file/index.ts';
import { fileInput } from '../server/tapes/import/input.ts';
import { readInput } from '../server/tapes/import/read-input.ts';
import { Rejects } from '../server/tapes/import/rejects.ts';
import { median } from './race.ts';
import type { Finding } from './report.ts';
import { flatFile, parquetColumns, parquetTape } from './tape-files.ts';

const trades = 1_000_000;
/** Bytes that both readers of a packed file ask of the disk, and of zlib, at once. */
const chunkBytes = 1 << 18;

/** Row 10: events a second out of files, against what only unpacks the same files. */
export async function measureFileReading(rounds: number, scale = 1): Promise<readonly Finding[]> {
  const rows = Math.round(trades * scale);
  const [parquet, csv] = [await parquetTape(rows), await flatFile(rows)];
  const scan = await compare(rounds, rows, {
    ours: () => drainParquet(parquet, rows),
    bare: () => scanColumns(parquet),
  });
  const parse = await compare(rounds, rows, { ours: () => parseCsv(csv, rows), bare: () => gunzip(csv) });
  return [
    {
      row: 10,
      what: "Parquet tape / DuckDB's columnar scan",
      sense: '≥',
      goal: 0.5,
      floor: 0.25,
      reached: scan.ratio,
      note: `${scan.ours} events/s against ${scan.bare} rows/s of ${parquetColumns.length} columns`,
    },
    {
      row: 10,
      what: 'CSV.gz rows read and checked / gunzip to nothing',
      sense: '≥',
      goal: 0.65,
      floor: 0.3,
      reached: parse.ratio,
      note: `${parse.ours} events/s against ${parse.bare} rows/s`,
    },
  ];
}

interface Contest {
  readonly ratio: number;
  readonly ours: string;
  readonly bare: string;
}

/** Both in turn, round after round; the first round fills caches and compiles. */
async function compare(
  rounds: number,
  rows: number,
  work: Readonly<Record<'ours' | 'bare', () => Promise<void>>>,
): Promise<Contest> {
  const rate = async (one: () => Promise<void>): Promise<number> => {
    const start = performance.now();
    await one();
    return (rows * 1000) / (performance.now() - start);
  };
  const [ours, bare]: [number[], number[]] = [[], []];
  for (let round = 0; round <= rounds; round++) {
    const [theirs, own] = [await rate(work.bare), await rate(work.ours)];
    process.stderr.write('.');
    if (round === 0) continue;
    bare.push(theirs);
    ours.push(own);
  }
  const million = (rates: readonly number[]): string => `${(median(rates) / 1e6).toFixed(2)} M`;
  const ratio = median(ours.map((own, round) => own / (bare[round] ?? NaN)));
  return { ratio, ours: million(ours), bare: million(bare) };
}

/** A tape opened anew every time, as a run opens it: what is looked up at the first reading counts. */
async function drainParquet(path: string, rows: number): Promise<void> {
  await using tape = file.open(path, { directory: '.', seed: 1 });
  let read = 0;
  for await (const page of tape.pages({}, new AbortController().signal)) read += page.length;
  if (read !== rows) throw new Error(`${read} events were read of ${rows} rows`);
}

/** Every vector of every chunk, and no value of it. As many threads as the tape's reader lets DuckDB have. */
async function scanColumns(path: string): Promise<void> {
  using database = await openDuckDb(path);
  const result = await database.connection.stream(`SELECT ${parquetColumns.join(', ')} FROM ${quoted(path)}`);
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) return;
    for (let column = 0; column < chunk.columnCount; column++) chunk.getColumnVector(column);
  }
}

/** What an import does before it sorts: rows to events, checked and counted by symbol. */
async function parseCsv(path: string, rows: number): Promise<void> {
  let read = 0;
  const summary = await readInput(fileInput(path, path), {
    reading: {},
    signal: new AbortController().signal,
    runs: { add: () => void read++, full: false, empty: true, write: async () => undefined },
    rejects: new Rejects(path, `${path}.rejects`, ({ line, reason }) => {
      throw new Error(`${path}:${line}: ${reason}`);
    }),
    nextRun: () => '',
    scratch: '',
    progress: () => undefined,
  });
  if (read !== rows || summary.events !== rows) throw new Error(`${read} events were read of ${rows} rows`);
}

async function gunzip(path: string): Promise<void> {
  const nothing = new Writable({ write: (_chunk, _encoding, done) => done() });
  const packed = createReadStream(path, { highWaterMark: chunkBytes });
  await pipeline(packed, createGunzip({ chunkSize: chunkBytes }), nothing);
}
