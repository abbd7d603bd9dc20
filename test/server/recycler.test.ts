import { Client } from 'pg';
import { expect, test } from 'vitest';
import { ManualClock } from '../../market/clock.ts';
import type { Bar, Nanos } from '../../market/event.ts';
import { hour, millis, minute, second } from '../../market/nanos.ts';
import { forgetRecycled, keepClean } from '../../server/housekeeping.ts';
import { parseScenario, startPapertape, type Papertape } from '../../server/index.ts';
import { silentLog } from '../../server/log.ts';
import { bar } from '../helpers/events.ts';
import { memorySource } from '../helpers/memory-source.ts';
import { testDatabase } from '../services/index.ts';
import { OldClient } from './exchanges/recycler/old-client.ts';
import { blocks } from './scenario/recycler/blocks.ts';

const at = (iso: string): Nanos => BigInt(Date.parse(iso)) * 1_000_000n;
const saturday = at('2025-07-05T12:00:20Z');
const symbols = ['AAPL', 'MSFT'];

/** A minute's bar of the old table; `close` tells which. */
function row(symbol: string, iso: string, close: number): Bar {
  return bar('bar', at(iso), at(iso) + minute, { symbol, close });
}

/** Two days of two symbols; MSFT misses a minute, and a night lies between. */
const tape = [
  row('AAPL', '2025-06-23T19:57:00Z', 1),
  row('MSFT', '2025-06-23T19:57:00Z', 101),
  row('AAPL', '2025-06-23T19:58:00Z', 2),
  row('AAPL', '2025-06-23T19:59:00Z', 3),
  row('MSFT', '2025-06-23T19:59:00Z', 103),
  row('AAPL', '2025-06-24T13:30:00Z', 4),
  row('MSFT', '2025-06-24T13:30:00Z', 104),
];

async function recycle(
  lines: string,
  clock: ManualClock,
  environment: Readonly<Record<string, string>> = {},
): Promise<Papertape> {
  const text = `websocket:\n  mode: recycler\n  recycler:\n    symbols: [AAPL, MSFT]\n    ${lines}`;
  const { scenario } = await parseScenario(text, 'config.yaml', environment);
  return await startPapertape({ scenario, port: 0, clock, tapes: [memorySource(tape)] });
}

/** Closing prices of each frame heard so far, and the wall seconds at which it came, a step of the clock apart. */
async function listen(client: OldClient, clock: ManualClock, frames: number, step: Nanos): Promise<string[]> {
  await client.heard(1);
  const start = clock.now();
  // A little into each second, so that what is due on it has come.
  await clock.advance(millis(10));
  const heard: string[] = [];
  for (;;) {
    await client.settle();
    for (const text of client.frames.slice(heard.length)) {
      const closes = [...text.matchAll(/"c":(\d+)/g)].map(([, close]) => close);
      heard.push(`${(clock.now() - start) / second}s ${closes.join(' ')}`);
    }
    if (heard.length >= frames || client.state !== 'receiving') return heard.slice(0, frames);
    await clock.advance(step);
  }
}

const pass = ['0s 1 101', '60s 2', '120s 3 103', '180s 4 104'];

test('rows play by their time, not by their index: a symbol without a row in a minute is not moved up, the last row comes, and no night is waited through', async () => {
  const clock = new ManualClock(saturday);
  await using papertape = await recycle('replay_mode: single_pass', clock);
  await using client = await OldClient.connect(papertape.url, symbols);
  expect(await listen(client, clock, 4, 10n * second)).toEqual(pass);
});

test('single_pass plays once and ends in a way that ends the old client too', async () => {
  const clock = new ManualClock(saturday);
  await using papertape = await recycle('replay_mode: single_pass', clock);
  await using client = await OldClient.connect(papertape.url, symbols);
  await client.heard(1);
  await clock.advance(5n * minute);
  await client.ended();
  expect(client.state).toBe('returned');
  expect(client.save()).toHaveLength(tape.length);
});

test.each([
  ['replay_speed: 10.0', 6],
  ['replay_speed: 2.0', 30],
  ['replay_speed: 0.5', 120],
])('%s spaces the minutes by a minute through it, without drift', async (line, spacing) => {
  const clock = new ManualClock(saturday);
  await using papertape = await recycle(`replay_mode: single_pass\n    ${line}`, clock);
  await using client = await OldClient.connect(papertape.url, symbols);
  const seconds = (await listen(client, clock, 4, second)).map((text) => Number.parseInt(text));
  expect(seconds).toEqual([0, spacing, 2 * spacing, 3 * spacing]);
});

test('loop starts over on the same connection, for ever, and no saved row replaces another', async () => {
  const clock = new ManualClock(saturday);
  await using papertape = await recycle('replay_mode: loop\n    loop_count: -1\n    replay_speed: 10', clock);
  await using client = await OldClient.connect(papertape.url, symbols);
  const heard = await listen(client, clock, 40, second);
  const closes = heard.map((text) => text.replace(/^\d+s /, ''));
  const once = pass.map((text) => text.replace(/^\d+s /, ''));
  expect(closes).toEqual(Array.from({ length: 10 }, () => once).flat());
  expect(client.state).toBe('receiving');
  const saved = client.save();
  const received = client.frames.reduce((sum, text) => sum + text.split('"S":').length - 1, 0);
  expect(received).toBeGreaterThanOrEqual(10 * tape.length);
  expect(saved).toHaveLength(received);
  expect(new Set(saved.map(({ symbol, timestamp }) => `${symbol} ${timestamp}`)).size).toBe(received);
});

test('loop_count 2 plays twice and ends', async () => {
  const clock = new ManualClock(saturday);
  await using papertape = await recycle('loop_count: 2', clock);
  await using client = await OldClient.connect(papertape.url, symbols);
  await client.heard(1);
  await clock.advance(20n * minute);
  await client.ended();
  expect(client.frames).toHaveLength(8);
});

test('date_range plays its days, the last to its end, in New York', async () => {
  const clock = new ManualClock(saturday);
  const range = 'replay_mode: date_range\n    date_range: { start_date: 2025-06-24, end_date: 2025-06-24 }';
  await using papertape = await recycle(range, clock);
  await using client = await OldClient.connect(papertape.url, symbols);
  await client.heard(1);
  await clock.advance(20n * minute);
  await client.ended();
  expect(client.save().map(({ close }) => close)).toEqual([4, 104]);
});

test('times are UTC and say so, on whole minutes, less than a minute old at the start', async () => {
  const clock = new ManualClock(saturday);
  await using papertape = await recycle('replay_mode: loop', clock);
  await using client = await OldClient.connect(papertape.url, symbols);
  await client.heard(1);
  expect(client.save().map(({ timestamp }) => timestamp)).toEqual(Array(2).fill('2025-07-05T11:59:00+00:00'));
});

test('the variables choose symbols and speed; what the client is not sent it cannot save', async () => {
  const clock = new ManualClock(saturday);
  const variables = { RECYCLER_SYMBOLS: 'MSFT', RECYCLER_REPLAY_SPEED: '60' };
  await using papertape = await recycle('replay_mode: single_pass', clock, variables);
  await using client = await OldClient.connect(papertape.url, symbols);
  expect(await listen(client, clock, 3, second)).toEqual(['0s 101', '1s 103', '2s 104']);
});

test('a symbol without rows is refused by name; nobody hears AAPL under it', async () => {
  const clock = new ManualClock(saturday);
  await expect(recycle('replay_mode: loop', clock, { RECYCLER_SYMBOLS: 'AAPL,GOOGL' })).rejects.toThrow(
    'replay.symbols: no GOOGL on the tapes; they hold AAPL, MSFT; name only those',
  );
});

const oldTable = `CREATE TABLE market_data (
  id serial PRIMARY KEY, symbol varchar(10) NOT NULL, timestamp timestamp NOT NULL,
  open double precision, high double precision, low double precision, close double precision, volume integer,
  data_source varchar(20) DEFAULT 'alpaca', CONSTRAINT uix_market_data_symbol_timestamp UNIQUE (symbol, timestamp))`;

test('stored times are UTC by a wall without zone, whatever zone the database server and this machine are in', async () => {
  await using database = await testDatabase('empty');
  const admin = new Client({ connectionString: database.url });
  await admin.connect();
  await admin.query(
    `${oldTable}; ALTER DATABASE ${new URL(database.url).pathname.slice(1)} SET timezone = 'Asia/Tokyo'`,
  );
  await admin.query(`INSERT INTO market_data (symbol, timestamp, open, high, low, close, volume) VALUES
    ('AAPL', '2025-06-23 13:30', 1, 1, 1, 1, 10)`);
  await admin.end();
  const environment = { DATABASE_URL: database.url, PAPERTAPE_TIMESTAMPS: 'original' };
  const { scenario } = await parseScenario(blocks['loop mode'], 'config.yaml', environment);
  await using papertape = await startPapertape({ scenario, port: 0, clock: new ManualClock(saturday) });
  await using client = await OldClient.connect(papertape.url, ['AAPL']);
  expect(await client.heard(1)).toEqual(['[{"S":"AAPL","t":"2025-06-23T13:30:00Z","o":1,"h":1,"l":1,"c":1,"v":10}]']);
});

test('the main configuration plays the old table from its database, and never what an earlier replay left there', async () => {
  await using database = await testDatabase('empty');
  const admin = new Client({ connectionString: database.url });
  await admin.connect();
  await admin.query(oldTable);
  await admin.query(`INSERT INTO market_data (symbol, timestamp, open, high, low, close, volume, data_source) VALUES
    ('AAPL', '2025-06-23 13:30', 1, 1, 1, 1, 10, 'alpaca'), ('MSFT', '2025-06-23 13:30', 2, 2, 2, 2, 20, 'alpaca'),
    ('GOOGL', '2025-06-23 13:31', 3, 3, 3, 3, 30, 'alpaca'), ('AAPL', '2025-07-05 11:00', 9, 9, 9, 9, 90, 'recycled')`);
  const { scenario, retention } = await parseScenario(blocks['main configuration'], 'config.yaml', {
    DATABASE_URL: database.url,
  });
  expect(retention).toEqual({ url: database.url, days: 1 });
  const clock = new ManualClock(saturday);
  await using papertape = await startPapertape({ scenario, port: 0, clock });
  await using client = await OldClient.connect(papertape.url, ['AAPL', 'MSFT', 'GOOGL']);
  await client.heard(1);
  await clock.advance(minute);
  await client.heard(2);
  expect(client.save().map(({ symbol, close, volume }) => [symbol, close, volume])).toEqual([
    ['AAPL', 1, 10],
    ['MSFT', 2, 20],
    ['GOOGL', 3, 30],
  ]);
  await admin.end();
});

test('data_retention: recycled rows are deleted past their days, at the start and every hour, and real rows never', async () => {
  await using database = await testDatabase('empty');
  const admin = new Client({ connectionString: database.url });
  await admin.connect();
  await admin.query(oldTable);
  await admin.query(`INSERT INTO market_data (symbol, timestamp, data_source) VALUES
    ('A', '2025-07-04 12:00:19', 'recycled'), ('B', '2025-07-04 12:30', 'recycled'), ('C', '2025-07-05 11:00', 'recycled'),
    ('D', '2025-06-23 13:30', 'alpaca')`);
  const left = async (): Promise<string> =>
    (await admin.query<{ symbol: string }>('SELECT symbol FROM market_data ORDER BY 1')).rows
      .map(({ symbol }) => symbol)
      .join('');
  const retention = { url: database.url, days: 1 };
  const clock = new ManualClock(saturday);
  const told: string[] = [];
  let next: () => void = () => undefined;
  const tell = (fields: unknown, message = String(fields)): void => {
    told.push(message);
    next();
  };
  const cleaned = async (): Promise<void> => await new Promise((resolve) => (next = resolve));
  const atStart = cleaned();
  await using _cleaning = keepClean(retention, clock, { ...silentLog, info: tell, warn: tell });
  await atStart;
  expect(await left()).toBe('BCD');
  const hourLater = cleaned();
  await clock.advance(hour);
  await hourLater;
  expect(await left()).toBe('CD');
  expect(await forgetRecycled(retention, clock.now())).toBe(0);
  await admin.query('DROP TABLE market_data');
  const withoutTable = cleaned();
  await clock.advance(hour);
  await withoutTable;
  expect(told.at(-1)).toMatch(/^old rows of replays stay in database .*market_data.* does not exist/);
  await admin.end();
});
