import { afterAll, beforeAll, expect, test } from 'vitest';
import { TapeError } from '../../../../server/sources/source.ts';
import { endless, eventsOf, foreignRig, iso, type ForeignRig } from './rig.ts';

let rig: ForeignRig;
beforeAll(async () => void (rig = await foreignRig()));
afterAll(async () => await rig[Symbol.asyncDispose]());

test('several tables of different shapes play as one tape in time order', async () => {
  await rig.admin.query(`
    CREATE SCHEMA archive;
    CREATE TABLE archive."Bars 2024" (ticker text, ended timestamptz, o numeric, h numeric, l numeric, c numeric, v bigint, n integer, w real);
    INSERT INTO archive."Bars 2024" VALUES ('AAPL', '2024-12-31T15:01Z', 1.25, 1.5, 1, 1.375, 3000000000, 7, 1.25);
    CREATE TABLE prints (id bigint, pair text, ms bigint, price text, px numeric(20, 8), qty numeric(20, 8), cond integer[], venue text);
    INSERT INTO prints VALUES (9007199254740993, 'BTC/USD', 1735657200500, 'x', 93000.12345678, 0.00000001, '{1,2}', 'CBSE');
    CREATE TABLE fx (time timestamptz, bid float8, ask float8);
    INSERT INTO fx VALUES ('2024-12-31T15:00:30Z', 4400.5, 4401.25);
    CREATE VIEW levels AS SELECT 'SPX' AS symbol, '2024-12-31T15:00:45Z'::timestamptz AS timestamp, 5900.5::float4 AS value, 'indices' AS class`);
  const events = await eventsOf(
    rig.open({
      tables: [
        {
          table: 'archive.Bars 2024',
          columns: {
            at: 'ended',
            symbol: 'ticker',
            open: 'o',
            high: 'h',
            low: 'l',
            close: 'c',
            volume: 'v',
            trades: 'n',
            vwap: 'w',
          },
          label: 'end',
        },
        {
          table: 'prints',
          kind: 'trade',
          epoch: 'millis',
          market: 'crypto',
          columns: {
            at: 'ms',
            symbol: 'pair',
            price: 'px',
            size: 'qty',
            id: 'id',
            conditions: 'cond',
            exchange: 'venue',
          },
        },
        {
          table: 'fx',
          kind: 'quote',
          columns: { at: 'time', bidPrice: 'bid', askPrice: 'ask' },
          symbol: 'USD/COP',
          market: 'forex',
        },
        { table: 'levels', kind: 'value', columns: { market: 'class' } },
      ],
    }),
  );
  expect(events).toMatchObject([
    {
      kind: 'trade',
      symbol: 'BTC/USD',
      market: 'crypto',
      id: '9007199254740993',
      price: 93000.12345678,
      size: 1e-8,
      conditions: ['1', '2'],
      exchange: 'CBSE',
    },
    { kind: 'quote', symbol: 'USD/COP', market: 'forex', bidPrice: 4400.5, bidSize: 0, askPrice: 4401.25 },
    { kind: 'value', symbol: 'SPX', market: 'indices', value: 5900.5 },
    { kind: 'bar', open: 1.25, high: 1.5, low: 1, close: 1.375, volume: 3e9, trades: 7, vwap: 1.25 },
  ]);
  expect(events.map(({ at }) => iso(at))).toEqual([
    '2024-12-31T15:00:00.500Z',
    '2024-12-31T15:00:30Z',
    '2024-12-31T15:00:45Z',
    '2024-12-31T15:01:00Z',
  ]);
  expect(events[3]).toMatchObject({ start: BigInt(Date.parse('2024-12-31T15:00Z')) * 1_000_000n });
});

const bars = (name: string, rows: string): string =>
  `CREATE TABLE ${name} (symbol text, timestamp timestamptz, open float, high float, low float, close float, volume float);
   INSERT INTO ${name} VALUES ${rows}`;

test('rows that are no bar refuse the tape with their number and one of them, or are left out with one warning', async () => {
  await rig.admin.query(
    bars(
      'broken',
      `('AAPL', '2025-07-01T13:30Z', 1, 1, 1, 1, 1), ('AAPL', '2025-07-01T13:31Z', 1, 1, 1, NULL, 1),
       ('AAPL', '2025-07-01T13:32Z', 1, 'NaN', 1, 1, 1), ('AAPL', '2025-07-01T13:33Z', 1, 1, -0.5, 1, 1),
       ('AAPL', NULL, 1, 1, 1, 1, 1), (NULL, '2025-07-01T13:34Z', 1, 1, 1, 1, 1), ('AAPL', 'infinity', 1, 1, 1, 1, 1),
       ('AAPL', '2025-07-01T13:35Z', 1, 'Infinity', 1, 1, 1), ('AAPL', '2025-07-01T13:36Z', 1, 1, 1, 1, -1),
       ('AAPL', '2025-07-01T13:37Z', 0, 0, 0, 0, NULL)`,
    ),
  );
  const tape = rig.table({ table: 'broken' });
  await expect(tape.survey(endless)).rejects.toThrow(
    /broken has 8 rows that are no bar, such as \{"symbol":.*\}; correct them, or leave them out with badRows: skip/,
  );
  await expect(eventsOf(tape)).rejects.toThrow(
    /broken has a row that is no bar: AAPL at 2025-07-01T13:31:00.000Z has close NULL; .*badRows: skip/,
  );
  const skipping = rig.table({ table: 'broken', badRows: 'skip' });
  const minutes = (await eventsOf(skipping)).map(({ at }) => iso(at).slice(11, 16));
  expect(minutes).toEqual(['13:31', '13:38']);
  expect((await skipping.survey(endless)).holdings).toMatchObject([{ symbol: 'AAPL', events: 2 }]);
  await skipping.survey(endless);
  expect(rig.warnings).toEqual([
    expect.stringMatching(/^postgres database .*: broken has 8 rows that are no bar, such as .*; they are left out$/),
  ]);
});

test('a mapping that names what is not there is told what there is', async () => {
  await rig.admin.query('CREATE TABLE odd (sym text, d timestamp, n bigint, o text, h float, l float, c float)');
  const complaint = async (mapping: object): Promise<string> => {
    const error = await rig
      .table(mapping)
      .survey(endless)
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TapeError);
    return String(error);
  };
  expect(await complaint({ table: 'od' })).toMatch(/There is no table "od"; there are .*archive\.Bars 2024.*odd/);
  expect(await complaint({ table: `x"; DROP TABLE odd; --` })).toMatch(/There is no table/);
  const has = 'odd has sym (text), d (timestamp without time zone), n (bigint), o (text), h (double precision)';
  expect(await complaint({ table: 'odd' })).toContain(has);
  expect(await complaint({ table: 'odd', columns: { at: 'datetime' } })).toMatch(
    /odd has no column "datetime" to be at; name it in columns: \{ at: … \}/,
  );
  const sym = { at: 'd', symbol: 'sym' };
  const zone = { timeZone: 'UTC' };
  expect(await complaint({ table: 'odd', ...zone, columns: sym })).toMatch(/no column "open" to be open/);
  const ohlc = { ...sym, open: 'h', high: 'h', low: 'l', close: 'c' };
  expect(await complaint({ table: 'odd', columns: ohlc })).toMatch(/odd\.d is a timestamp without.*add timeZone/);
  expect(await complaint({ table: 'odd', columns: { ...ohlc, at: 'n' } })).toMatch(/odd\.n is a bigint; add epoch/);
  expect(await complaint({ table: 'odd', columns: { ...ohlc, at: 'o' } })).toMatch(
    /odd\.o is a text, which is no time/,
  );
  expect(await complaint({ table: 'odd', ...zone, columns: { ...ohlc, open: 'o' } })).toMatch(
    /odd\.o is a text, and open must be a number/,
  );
  expect(await complaint({ table: 'odd', ...zone, columns: ohlc, where: { source: 'a' } })).toMatch(
    /where: odd has no column "source"/,
  );
});

test('where keeps to rows of the values given, whatever they hold', async () => {
  await rig.admin.query(`
    CREATE TABLE mixed (symbol text, timestamp timestamptz, open float, high float, low float, close float, "data source" text, tf integer);
    INSERT INTO mixed SELECT 'AAPL', '2025-07-01T13:30Z'::timestamptz + n * interval '1 min', n, n, n, n, source, n % 2
    FROM generate_series(0, 3) AS n, (VALUES ('alpaca'), ('it''s \\')) AS s (source)`);
  const opens = async (where: object): Promise<number[]> =>
    (await eventsOf(rig.table({ table: 'mixed', where }))).map((event) => ('open' in event ? event.open : -1));
  expect(await opens({ 'data source': `it's \\`, tf: 1 })).toEqual([1, 3]);
  expect(await opens({ 'data source': ['alpaca', 'nobody'], tf: [0, 1] })).toEqual([0, 1, 2, 3]);
  expect(await opens({ 'data source': 'nobody' })).toEqual([]);
});

test('the tables of the seed systems play by the name of their mapping', async () => {
  await using other = await foreignRig();
  await other.admin.query(`
    CREATE TABLE market_data (id serial PRIMARY KEY, symbol varchar(10), timestamp TIMESTAMP, open FLOAT, high FLOAT, low FLOAT, close FLOAT,
      volume INTEGER, data_source varchar(20) DEFAULT 'alpaca');
    INSERT INTO market_data (symbol, timestamp, open, high, low, close, volume) VALUES ('AAPL', '2025-06-23 13:30', 1, 2, 0.5, 1.5, 100)`);
  expect(await eventsOf(other.open({ tables: 'prefect-trading' }))).toMatchObject([
    { kind: 'bar', symbol: 'AAPL', start: BigInt(Date.parse('2025-06-23T13:30Z')) * 1_000_000n, volume: 100 },
  ]);
  const [bar] = await eventsOf(other.open({ tables: 'prefect-trading', timeZone: 'America/New_York' }));
  expect(iso(bar?.at ?? 0n)).toBe('2025-06-23T17:31:00Z');

  await using peso = await foreignRig();
  await peso.admin.query(`
    CREATE TABLE market_data (id serial PRIMARY KEY, symbol varchar(20) NOT NULL, datetime timestamptz NOT NULL, open decimal(10, 4), high decimal(10, 4),
      low decimal(10, 4), close decimal(10, 4), volume bigint DEFAULT 0, source varchar(50), UNIQUE (symbol, datetime, source));
    CREATE TABLE realtime_market_data (id serial, symbol varchar(20), time timestamptz NOT NULL, bid decimal(10, 4), ask decimal(10, 4), last decimal(10, 4),
      volume bigint, spread decimal(10, 4), session_date date, trading_session boolean, source varchar(50));
    INSERT INTO market_data (symbol, datetime, open, high, low, close, source) VALUES ('USDCOP', '2025-01-20T13:00Z', 4300, 4310.5, 4299, 4305.25, 'x');
    INSERT INTO realtime_market_data (symbol, time, bid, ask, last, volume) VALUES ('USDCOP', '2025-01-20T13:04:59.5Z', 4305, 4305.5, 4305.25, 0)`);
  expect(await eventsOf(peso.open({ tables: 'usdcop-rl' }))).toMatchObject([
    { kind: 'price', market: 'forex', price: 4305.25, bidPrice: 4305, askPrice: 4305.5, dayVolume: 0 },
    { kind: 'bar', market: 'forex', high: 4310.5, at: BigInt(Date.parse('2025-01-20T13:05Z')) * 1_000_000n },
  ]);
});

test('a replica is read instead of the database, and the database when the replica does not answer', async () => {
  await using replica = await foreignRig();
  await replica.admin.query(bars('copied', `('REPLICA', '2025-07-01T13:30Z', 1, 1, 1, 1, 1)`));
  await rig.admin.query(bars('copied', `('PRIMARY', '2025-07-01T13:30Z', 1, 1, 1, 1, 1)`));
  const tables = [{ table: 'copied' }];
  expect(await eventsOf(rig.open({ tables, replica: replica.url }))).toMatchObject([{ symbol: 'REPLICA' }]);
  rig.warnings.length = 0;
  const deaf = rig.open({ tables, replica: 'postgres://me:hunter2@127.0.0.1:1/copy' });
  expect(await eventsOf(deaf)).toMatchObject([{ symbol: 'PRIMARY' }]);
  expect(rig.warnings[0]).toMatch(/the replica does not answer, so database .* itself is read: .*ECONNREFUSED/);
  expect(rig.warnings.join()).not.toContain('hunter2');
});

test('a scenario is told what in a mapping makes no sense, before anything is opened', () => {
  const said = (tables: unknown, more: object = {}): string =>
    rigless({ url: 'postgres://localhost/x', tables, ...more });
  const rigless = (options: object): string => {
    try {
      rig.open(options);
      return '';
    } catch (error) {
      return String(error);
    }
  };
  expect(said([{ table: 'a', timeZone: 'New York' }])).toMatch(/not a time zone; use an IANA name/);
  expect(said([{ table: 'a', kind: 'trade', columns: { open: 'o' } }])).toMatch(
    /a trade has none; it has at, symbol, market, price/,
  );
  expect(said([{ table: 'a', kind: 'quote', timeframe: '1m' }])).toMatch(/a quote has none; remove it/);
  expect(said([{ table: 'a', symbol: 'A', columns: { symbol: 's' } }])).toMatch(/stands beside columns\.symbol/);
  expect(said([{ table: 'a' }], { dataSource: 'alpaca' })).toMatch(/use where/);
  expect(said('somebody')).toMatch(/prefect-trading/);
  expect(said(undefined, { timeZone: 'UTC' })).toMatch(/belongs to tables/);
});
