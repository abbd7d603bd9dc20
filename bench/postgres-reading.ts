import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { migrate } from '../migrations/index.ts';
import { postgres } from '../server/sources/postgres/index.ts';
import { eventColumns, rowsOf } from '../server/sources/postgres/sql.ts';
import { startPostgres } from '../test/services/start.ts';
import { opening, symbols } from './tape.ts';
import { median } from './race.ts';
import type { Finding } from './report.ts';

const trades = 1_000_000;

/** Row 9: events a second out of PostgreSQL, against `psql \copy` of the same rows to nothing. */
export async function measurePostgresReading(rounds: number, scale = 1): Promise<readonly Finding[]> {
  const running = await startPostgres();
  try {
    await migrate(running.url);
    const rows = Math.round(trades * scale);
    await fill(running.url, rows);
    const [ratios, ours, theirs]: [number[], number[], number[]] = [[], [], []];
    for (let round = 0; round <= rounds; round++) {
      const [bare, own] = [
        await rate(rows, async () => await copyToNothing(running.url)),
        await rate(rows, async () => await drain(running.url, rows)),
      ];
      process.stderr.write('.');
      // The first round fills caches and compiles.
      if (round === 0) continue;
      theirs.push(bare);
      ours.push(own);
      ratios.push(own / bare);
    }
    const million = (rates: readonly number[]): string => `${(median(rates) / 1e6).toFixed(2)} M`;
    return [
      {
        row: 9,
        what: 'PostgreSQL tape / psql \\copy binary to nothing',
        sense: '≥',
        goal: 0.9,
        floor: 0.45,
        reached: median(ratios),
        note: `${million(ours)} events/s against ${million(theirs)} rows/s of ${eventColumns.length} columns`,
      },
    ];
  } finally {
    await running.stop();
  }
}

/** Trades as a client stores them, ten thousand a second of market time. */
export async function fill(url: string, rows: number): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const names = symbols.map((symbol) => `'${symbol}'`).join(', ');
  const from = new Date(Number(opening / 1_000_000n)).toISOString();
  await client.query(`
    INSERT INTO websocket_data (timestamp, nanos, symbol, channel, data_source, event_key, event_id, exchange, conditions, tape, price, size, indicators)
    SELECT '${from}'::timestamptz + n * interval '100 us', n % 1000, (ARRAY[${names}])[1 + n % 10], 'trade', 'bench', 'V/' || n,
      (52983525000000 + n)::text, 'V', ARRAY['@', 'I'], 'C', (10000 + n % 80000) / 100.0, 1 + n % 500, '{}'
    FROM generate_series(0, ${rows - 1}) AS n`);
  await client.query('VACUUM ANALYZE websocket_data');
  await client.end();
}

async function rate(rows: number, work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return (rows * 1000) / (performance.now() - start);
}

async function copyToNothing(url: string): Promise<void> {
  const all = { symbols: undefined, channels: undefined, from: undefined, to: undefined, dataSource: undefined };
  const query = rowsOf('websocket_data', { ...all, timeframe: '1m' }).replaceAll('\n', ' ');
  await promisify(execFile)('psql', ['-q', '-c', `\\copy (${query}) to /dev/null (format binary)`, url]);
}

async function drain(url: string, rows: number): Promise<void> {
  const tape = postgres.open(postgres.options.parse({ url, table: 'websocket_data' }), { directory: '.', seed: 1 });
  let read = 0;
  for await (const page of tape.pages({}, new AbortController().signal)) read += page.length;
  if (read !== rows) throw new Error(`${read} events were read of ${rows} rows`);
}
