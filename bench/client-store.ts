import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { openStore, storeSettings } from '../client/sinks/store/index.ts';
import { layouts } from '../client/sinks/store/tables.ts';
import { SystemClock } from '../market/clock.ts';
import type { Trade } from '../market/event.ts';
import { migrate } from '../migrations/index.ts';
import { startPostgres } from '../test/services/start.ts';
import { opening, tradesOf } from './tape.ts';
import { median } from './race.ts';
import type { Finding } from './report.ts';

const trades = 300_000;
/** As a frame of a busy stream brings them. */
const batchSize = 500;
const columns = layouts.websocket_data.map(([column]) => column).join(', ');

/**
 * Row 12: trades a second from events to committed rows, against `psql \copy` of the very same rows from a binary file into the same table with
 * its indexes: from a stream, without duplicates, and from history, a tenth of which the stream had stored.
 */
export async function measureClientStore(rounds: number, scale = 1): Promise<readonly Finding[]> {
  const running = await startPostgres();
  const folder = mkdtempSync(join(tmpdir(), 'papertape-bench-store-'));
  const admin = new Client({ connectionString: running.url });
  try {
    await migrate(running.url);
    await admin.connect();
    const count = Math.round(trades * scale);
    const events = tradesOf(count);
    const empty = async (): Promise<void> => void (await admin.query('TRUNCATE websocket_data'));
    const check = async (): Promise<void> => {
      const { rows } = await admin.query<{ count: string; ids: string }>(
        'SELECT count(*), count(DISTINCT event_id) AS ids FROM websocket_data',
      );
      if (rows[0]?.count !== String(count) || rows[0].ids !== String(count)) {
        throw new Error(`${rows[0]?.count} rows with ${rows[0]?.ids} ids were stored of ${count} trades`);
      }
    };
    await empty();
    await store(running.url, folder, events, 'stream');
    await check();
    const file = join(folder, 'rows');
    writeFileSync(file, '', { mode: 0o666 });
    await promisify(execFile)('psql', [
      '-q',
      '-c',
      `\\copy (SELECT ${columns} FROM websocket_data ORDER BY id) to ${file} (format binary)`,
      running.url,
    ]);
    const psql = async (): Promise<void> =>
      void (await promisify(execFile)('psql', [
        '-q',
        '-c',
        `\\copy websocket_data (${columns}) from ${file} (format binary)`,
        running.url,
      ]));
    const tenth = events.filter((_, n) => n % 10 === 0);
    const lanes = {
      psql: { work: psql, prepare: empty, rates: new Array<number>() },
      direct: {
        work: async () => await store(running.url, folder, events, 'stream'),
        prepare: empty,
        rates: new Array<number>(),
      },
      staged: {
        work: async () => await store(running.url, folder, events, 'history'),
        prepare: async () => {
          await empty();
          await store(running.url, folder, tenth, 'stream');
        },
        rates: new Array<number>(),
      },
    };
    for (let round = 0; round <= rounds; round++) {
      for (const { work, prepare, rates } of Object.values(lanes)) {
        await prepare();
        await admin.query('CHECKPOINT');
        const start = performance.now();
        await work();
        const rate = (count * 1000) / (performance.now() - start);
        await check();
        // The first round fills caches and compiles.
        if (round > 0) rates.push(rate);
        process.stderr.write('.');
      }
    }
    const ratio = (own: readonly number[]): number =>
      median(own.map((rate, round) => rate / (lanes.psql.rates[round] ?? Number.NaN)));
    const thousand = (rates: readonly number[]): string => `${Math.round(median(rates) / 1000)} k`;
    const against = `rows/s against ${thousand(lanes.psql.rates)}, ${layouts.websocket_data.length} columns, two unique indexes`;
    return [
      {
        row: 12,
        what: 'store, no duplicates / psql \\copy binary',
        sense: '≥',
        goal: 0.6,
        floor: 0.4,
        reached: ratio(lanes.direct.rates),
        note: `${thousand(lanes.direct.rates)} ${against}`,
      },
      {
        row: 12,
        what: 'store by staging, a tenth known / psql \\copy binary',
        sense: '≥',
        goal: 0.3,
        floor: 0.2,
        reached: ratio(lanes.staged.rates),
        note: `${thousand(lanes.staged.rates)} ${against}`,
      },
    ];
  } finally {
    await admin.end();
    await running.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** From events to committed rows: connecting and closing are part of it, as for psql. */
async function store(
  url: string,
  folder: string,
  events: readonly Trade[],
  origin: 'stream' | 'history',
): Promise<void> {
  const settings = storeSettings.parse({ database: url, migrate: false, spool: { folder: join(folder, 'spool') } });
  await using sink = await openStore(settings, {
    clock: new SystemClock(),
    listen: (happening) => {
      throw new Error(`nothing should happen, but ${JSON.stringify(happening)}`);
    },
  });
  for (let from = 0; from < events.length; from += batchSize) {
    const batch = { events: events.slice(from, from + batchSize), dataSource: 'bench', origin, heardAt: opening };
    await sink.take(batch);
    // As between two frames, others have their turn.
    await new Promise(setImmediate);
  }
  await sink.flush();
}
