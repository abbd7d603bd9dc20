import { EventEmitter, once } from 'node:events';
import { drizzle } from 'drizzle-orm/node-postgres';
import { doublePrecision, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';
import { Pool } from 'pg';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { startPipeline } from '../client/pipeline.ts';
import type { Sink } from '../client/sinks/sink.ts';
import { symbols } from './tape.ts';

/** Hears trades from a socket and stores them, as its order says, and tells how long that took. */

/** `pipeline`: the client, cleaning, bars, cache and all. `naive`: what everyone writes. */
export interface CollectOrder {
  readonly how: 'pipeline' | 'naive';
  readonly port: number;
  readonly trades: number;
  readonly database: string;
  readonly spool: string;
}

/** From the start of the connection to the last committed row. */
export interface Collected {
  readonly nanos: number;
  readonly cpuNanos: number;
}

/** Rows of one INSERT. */
const atOnce = 500;

async function pipeline({ port, trades, database, spool }: CollectOrder): Promise<void> {
  const heard = new EventEmitter();
  let waiting = trades;
  const counter: Sink = {
    name: 'counter',
    take: ({ events, dataSource }) => {
      if (dataSource === 'alpaca' && (waiting -= events.length) <= 0) heard.emit('all');
      return undefined;
    },
    flush: async () => undefined,
    health: () => ({ state: 'well', says: '', pending: 0 }),
    [Symbol.asyncDispose]: async () => undefined,
  };
  const all = once(heard, 'all');
  await using running = await startPipeline(
    {
      feeds: [
        {
          feed: { vendor: 'alpaca', stream: 'sip', streamUrl: `ws://127.0.0.1:${port}` },
          keys: [{ id: 'key', secret: 'secret' }],
          want: { trade: [...symbols] },
        },
      ],
      store: { database, migrate: false, spool: { folder: spool } },
      service: false,
    },
    { sinks: [counter] },
  );
  await all;
  await running.flush();
}

const naiveTrades = pgTable(
  'naive_trades',
  {
    symbol: text().notNull(),
    at: timestamp({ withTimezone: true }).notNull(),
    id: text().notNull(),
    price: doublePrecision().notNull(),
    size: doublePrecision().notNull(),
    exchange: text().notNull(),
    conditions: text().array().notNull(),
    tape: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.symbol, table.at, table.id] })],
);
const wireTrade = z.object({
  T: z.literal('t'),
  S: z.string().min(1),
  i: z.number().int(),
  x: z.string(),
  p: z.number().positive(),
  s: z.number().nonnegative(),
  c: z.array(z.string()),
  z: z.string(),
  t: z.iso.datetime(),
});

interface NaiveBar {
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
}

async function naive({ port, trades, database }: CollectOrder): Promise<void> {
  const pool = new Pool({ connectionString: database });
  const db = drizzle({ client: pool });
  const bars = new Map<string, NaiveBar>();
  const socket = new WebSocket(`ws://127.0.0.1:${port}/v2/sip`);
  let rows: (typeof naiveTrades.$inferInsert)[] = [];
  let waiting = trades;
  let storing = Promise.resolve();
  const store = (full: typeof rows): void => {
    storing = storing.then(async () => void (await db.insert(naiveTrades).values(full).onConflictDoNothing()));
  };
  const take = (said: unknown): void => {
    const { S: symbol, i, x: exchange, p: price, s: size, c: conditions, z: tape, t } = wireTrade.parse(said);
    const minute = `${symbol}:${t.slice(0, 16)}`;
    const bar = bars.get(minute);
    if (bar === undefined) bars.set(minute, { open: price, high: price, low: price, close: price, volume: size });
    else {
      bar.high = Math.max(bar.high, price);
      bar.low = Math.min(bar.low, price);
      bar.close = price;
      bar.volume += size;
    }
    rows.push({ symbol, at: new Date(t), id: String(i), price, size, exchange, conditions, tape });
    waiting--;
    if (rows.length < atOnce && waiting > 0) return;
    store(rows);
    rows = [];
  };
  const say = (message: object): void => socket.send(JSON.stringify(message));
  await new Promise<void>((resolve, reject) => {
    socket.on('error', reject);
    socket.on('open', () => say({ action: 'auth', key: 'key', secret: 'secret' }));
    socket.on('message', (data: Buffer) => {
      for (const said of JSON.parse(data.toString())) {
        if (said.T === 't') take(said);
        else if (said.msg === 'authenticated') say({ action: 'subscribe', trades: symbols });
      }
      if (waiting <= 0) storing.then(resolve, reject);
    });
  });
  socket.terminate();
  await pool.end();
}

async function collect(order: CollectOrder): Promise<Collected> {
  const [from, cpu] = [process.hrtime.bigint(), process.cpuUsage()];
  await (order.how === 'pipeline' ? pipeline(order) : naive(order));
  const { user, system } = process.cpuUsage(cpu);
  return { nanos: Number(process.hrtime.bigint() - from), cpuNanos: (user + system) * 1000 };
}

process.on('message', (order: CollectOrder) => void collect(order).then((collected) => process.send?.(collected)));
process.on('disconnect', () => process.exit());
