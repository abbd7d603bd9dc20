import { afterAll, beforeAll, expect, test } from 'vitest';
import { at, endless, eventsOf, foreignRig, iso, type ForeignRig } from './rig.ts';

let rig: ForeignRig;
beforeAll(async () => void (rig = await foreignRig()));
afterAll(async () => await rig[Symbol.asyncDispose]());

const newYork = { columns: { at: 'datetime' }, timeZone: 'America/New_York' };

test(
  '200,000 minute bars around the clock, stored with naive New York times, play at the right instants across both changes of 2025',
  { timeout: 60_000 },
  async () => {
    // Both hours of the night clocks go back are stored under the same wall times, as a recorder that runs all night stores them.
    await rig.admin.query(`
      CREATE TABLE minutes (id serial PRIMARY KEY, symbol varchar(10), datetime timestamp, open float, high float, low float, close float, volume integer);
      INSERT INTO minutes (symbol, datetime, open, high, low, close, volume)
      SELECT symbol, instant AT TIME ZONE 'America/New_York', n, n, n, n, extract(epoch FROM instant) / 60
      FROM generate_series(0, 99999) AS n, LATERAL (SELECT CASE WHEN n < 50000
          THEN '2025-02-20T00:00Z'::timestamptz + n * interval '1 min'
          ELSE '2025-10-20T00:00Z'::timestamptz + (n - 50000) * interval '1 min' END AS instant) AS clock,
        (VALUES ('BTC'), ('ETH')) AS s (symbol)
      ORDER BY n, symbol;
      CREATE INDEX ON minutes (datetime)`);
    const tape = rig.table({ table: 'minutes', ...newYork });
    let [last, wrong, count] = [0n, 0, 0];
    const instants = new Set<bigint>();
    for await (const page of tape.pages({}, endless)) {
      for (const event of page) {
        if (event.kind !== 'bar') throw new Error(event.kind);
        // Every row says in its volume which minute it truly is of.
        if (event.start !== BigInt(event.volume) * 60_000_000_000n || event.at < last) wrong++;
        last = event.at;
        instants.add(event.start);
        count++;
      }
    }
    expect({ wrong, count, instants: instants.size }).toEqual({ wrong: 0, count: 200_000, instants: 100_000 });

    const { holdings } = await tape.survey(endless);
    expect(holdings.map(({ symbol, events, from, to }) => [symbol, events, iso(from), iso(to)])).toEqual(
      ['BTC', 'ETH'].map((symbol) => [symbol, 100_000, '2025-02-20T00:01:00Z', '2025-11-23T17:20:00Z']),
    );
  },
);

test('a range that ends or begins inside the repeated hour is cut at the instant, not at the wall', async () => {
  const tape = rig.table({ table: 'minutes', ...newYork });
  const starts = async (from: string, to: string): Promise<string[]> => {
    const events = await eventsOf(tape, { symbols: ['BTC'], from: at(from), to: at(to) });
    return [events[0], events.at(-1)].map((event) => iso(event?.at ?? 0n));
  };
  expect(await starts('2025-11-02T05:30:00Z', '2025-11-02T06:10:00Z')).toEqual([
    '2025-11-02T05:30:00Z',
    '2025-11-02T06:09:00Z',
  ]);
  expect(await starts('2025-11-02T06:30:00Z', '2025-11-02T07:10:00Z')).toEqual([
    '2025-11-02T06:30:00Z',
    '2025-11-02T07:09:00Z',
  ]);
  expect(await starts('2025-03-09T06:50:00Z', '2025-03-09T07:05:00Z')).toEqual([
    '2025-03-09T06:50:00Z',
    '2025-03-09T07:04:00Z',
  ]);
});

test('a wall time that comes twice and is stored once is of the first hour, or of the second when asked', async () => {
  await rig.admin.query(`
    CREATE TABLE once (symbol text, datetime timestamp, open float, high float, low float, close float);
    INSERT INTO once SELECT 'BTC', t, 1, 1, 1, 1 FROM (VALUES
      ('2025-11-02 00:59'::timestamp), ('2025-11-02 01:00'), ('2025-11-02 01:59'), ('2025-11-02 02:00')) AS v (t)`);
  const starts = async (more: object): Promise<string[]> =>
    (await eventsOf(rig.table({ table: 'once', ...newYork, ...more }))).map((event) =>
      'start' in event ? iso(event.start).slice(11, 16) : '',
    );
  expect(await starts({})).toEqual(['04:59', '05:00', '05:59', '07:00']);
  expect(await starts({ repeatedHour: 'second' })).toEqual(['04:59', '06:00', '06:59', '07:00']);
});

test('a wall time that no clock ever showed is refused with its row, because the declared zone must be wrong', async () => {
  await rig.admin.query(`
    CREATE TABLE skipped (symbol text, datetime timestamp, open float, high float, low float, close float);
    INSERT INTO skipped SELECT 'BTC', '2025-03-09 01:30'::timestamp + n * interval '1 hour', 1, 1, 1, 1 FROM generate_series(0, 2) AS n`);
  const tape = rig.table({ table: 'skipped', ...newYork });
  await expect(tape.survey(endless)).rejects.toThrow(
    /skipped has 1 row that is no bar.*2025-03-09T02:30:00.*badRows: skip/,
  );
  await expect(eventsOf(tape)).rejects.toThrow(/time that no clock in America\/New_York ever showed/);
});

test('timestamptz, dates and epochs of every unit and type say the same instant', async () => {
  const instant = '2025-07-01T13:30:00.123456Z';
  const nanos = at('2025-07-01T13:30:00Z') + 123_456_000n;
  await rig.admin.query(`
    CREATE TABLE clocks (symbol text, price numeric(12, 4), size integer, zoned timestamptz, wall timestamp, seconds integer,
      exact numeric, floating double precision, millis bigint, micros bigint, nanos bigint, day date);
    INSERT INTO clocks SELECT 'AAPL', 231.4567, 100, i, i AT TIME ZONE 'America/New_York', floor(e), e, e, floor(e * 1e3),
      floor(e * 1e6), floor(e * 1e6) * 1000, '2025-07-01'
    FROM (SELECT '${instant}'::timestamptz AS i, extract(epoch FROM '${instant}'::timestamptz)::numeric AS e) AS v`);
  const told = async (column: string, more: object = {}): Promise<bigint | undefined> => {
    const tape = rig.table({ table: 'clocks', kind: 'trade', columns: { at: column }, ...more });
    const [event] = await eventsOf(tape);
    const [held] = (await tape.survey(endless)).holdings;
    if (event === undefined) return undefined;
    // The survey says the same, and a range of that very nanosecond holds the row.
    expect([held?.from, held?.to]).toEqual([event.at, event.at]);
    expect(await eventsOf(tape, { from: event.at, to: event.at + 1n })).toEqual([event]);
    expect(await eventsOf(tape, { to: event.at })).toEqual([]);
    expect(await eventsOf(tape, { from: event.at + 1n })).toEqual([]);
    expect(event).toMatchObject({ kind: 'trade', price: 231.4567, size: 100, market: 'stocks' });
    return event.at;
  };
  expect(await told('zoned')).toBe(nanos);
  expect(await told('wall', { timeZone: 'America/New_York' })).toBe(nanos);
  expect(await told('seconds', { epoch: 'seconds' })).toBe(at('2025-07-01T13:30:00Z'));
  expect(await told('exact', { epoch: 'seconds' })).toBe(nanos);
  expect(await told('floating', { epoch: 'seconds' })).toBe(nanos);
  expect(await told('millis', { epoch: 'millis' })).toBe(at('2025-07-01T13:30:00.123Z'));
  expect(await told('micros', { epoch: 'micros' })).toBe(nanos);
  expect(await told('nanos', { epoch: 'nanos' })).toBe(nanos);
  expect(await told('day', { timeZone: 'America/New_York' })).toBe(at('2025-07-01T04:00:00Z'));
  await expect(told('millis', { epoch: 'seconds' })).rejects.toThrow(/out of range.*Correct `epoch`/);
});
