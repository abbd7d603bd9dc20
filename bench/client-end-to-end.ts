import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { migrate } from '../migrations/index.ts';
import { startPostgres } from '../test/services/start.ts';
import type { Collected, CollectOrder } from './collector.ts';
import type { HearingOrder } from './hearing-server.ts';
import { Worker } from './pit.ts';
import { median } from './race.ts';
import type { Finding } from './report.ts';
import { symbols, tradesOf } from './tape.ts';

/** A hundred seconds of market time: the bars of its first minute are stored too. */
const trades = 100_000;
const millisApart = 1;
const perFrame = 10;

/** Row 13: from the socket to committed rows, cleaned, with bars, against `ws`, JSON.parse, zod and drizzle's INSERTs of 500 rows. */
export async function measureClientEndToEnd(
  rounds: number,
  scale: number,
  flags: readonly string[],
): Promise<readonly Finding[]> {
  const count = Math.round(trades * scale);
  const running = await startPostgres();
  const folder = mkdtempSync(join(tmpdir(), 'papertape-bench-end-'));
  const admin = new Client({ connectionString: running.url });
  try {
    await migrate(running.url);
    await admin.connect();
    await admin.query(
      'CREATE TABLE naive_trades (symbol text, at timestamptz, id text, price float8, size float8, exchange text, conditions text[], tape text, PRIMARY KEY (symbol, at, id))',
    );
    using server = new Worker('hearing-server', 0);
    const talk = { trades: count, perFrame, millisApart } satisfies HearingOrder;
    const { port } = await server.ask<{ port: number }>(talk);
    using own = new Worker('collector', 1, flags);
    using theirs = new Worker('collector', 1);
    let bars = '';
    const run = async (worker: Worker, how: CollectOrder['how'], table: string): Promise<Collected> => {
      await admin.query('TRUNCATE websocket_data, market_data, naive_trades');
      await admin.query('CHECKPOINT');
      const order = { how, port, trades: count, database: running.url, spool: join(folder, 'spool') };
      const collected = await worker.ask<Collected>(order satisfies CollectOrder);
      await check(admin, table, count);
      if (how === 'pipeline') bars = await lookAtBars(admin, count);
      process.stderr.write('.');
      return collected;
    };
    const rates: number[] = [];
    const [ours, naive]: [Collected[], Collected[]] = [[], []];
    for (let round = 0; round <= rounds; round++) {
      const [slow, quick] = [await run(theirs, 'naive', 'naive_trades'), await run(own, 'pipeline', 'websocket_data')];
      // The first round compiles.
      if (round === 0) continue;
      ours.push(quick);
      naive.push(slow);
      rates.push(slow.nanos / quick.nanos);
    }
    const cpu = (lane: readonly Collected[]): number => median(lane.map(({ cpuNanos }) => cpuNanos / count));
    const thousands = (lane: readonly Collected[]): string =>
      `${((count * 1e6) / median(lane.map(({ nanos }) => nanos))).toFixed(0)} k`;
    return [
      {
        row: 13,
        what: 'socket to committed row / ws + JSON.parse + zod + drizzle',
        sense: '≥',
        goal: 10,
        floor: 6,
        reached: median(rates),
        note: `${thousands(ours)} rows/s against ${thousands(naive)}; CPU ${(cpu(ours) / 1000).toFixed(1)} µs a row against ${(cpu(naive) / 1000).toFixed(1)}${bars}`,
      },
    ];
  } finally {
    await admin.end();
    await running.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Every trade is there once, and together they are worth what was sent. */
async function check(admin: Client, table: string, count: number): Promise<void> {
  const id = table === 'websocket_data' ? 'event_id' : 'id';
  const worth = tradesOf(count).reduce((sum, { price, size }) => sum + Math.round(price * 100) * size, 0);
  const { rows } = await admin.query<{ count: string; ids: string; worth: string }>(
    `SELECT count(*), count(DISTINCT ${id}) AS ids, sum(round(price * 100) * size)::bigint AS worth FROM ${table}`,
  );
  const [found] = rows;
  if (found?.count !== String(count) || found.ids !== String(count) || found.worth !== String(worth))
    throw new Error(`${table} holds ${JSON.stringify(found)} instead of ${count} trades worth ${worth}`);
}

/** What is amiss with the bars: every whole minute should have one of each symbol, and their volumes add up. What changed a bar in its last seconds is told only later. */
async function lookAtBars(admin: Client, count: number): Promise<string> {
  const perMinute = 60_000 / millisApart;
  const minutes = Math.floor(count / perMinute);
  const volume = tradesOf(count)
    .slice(0, minutes * perMinute)
    .reduce((sum, { size }) => sum + size, 0);
  const { rows } = await admin.query<{ count: string; volume: string }>(
    'SELECT count(*), coalesce(sum(volume), 0)::bigint AS volume FROM market_data',
  );
  const [found] = rows;
  if (found?.count === String(minutes * symbols.length) && found.volume === String(volume)) return '';
  return `; BARS ${found?.count} of volume ${found?.volume} instead of ${minutes * symbols.length} of ${volume}`;
}
