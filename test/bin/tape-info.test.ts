import { Readable } from 'node:stream';
import { Command } from 'commander';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addTape } from '../../bin/commands/tape.ts';
import { folderOf } from '../server/scenario/folder.ts';
import { testDatabase, type TestDatabase } from '../services/index.ts';
import { papertape } from './papertape.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase('empty');
  const client = new Client({ connectionString: database.url });
  await client.connect();
  // Minutes 09:30 to 15:59 of New York on a Monday and a Wednesday, without the half hour from noon on Wednesday.
  await client.query(`
    CREATE TABLE bars (symbol text, datetime timestamp, open numeric, high numeric, low numeric, close numeric, volume bigint);
    INSERT INTO bars SELECT 'AAPL', t, 10, 12.5, 9.25, 11, 100
    FROM (VALUES ('2026-07-06'::date), ('2026-07-08')) AS d (day), LATERAL generate_series(day + time '09:30', day + time '15:59', '1 min') AS t
    WHERE t < '2026-07-08 12:00' OR t >= '2026-07-08 12:30';
    INSERT INTO bars VALUES ('AAPL', '2026-07-08 12:15', NULL, 1, 1, 1, 1)`);
  await client.end();
});
afterAll(async () => await database[Symbol.asyncDispose]());

const scenario = `
name: foreign
tapes:
  - postgres:
      url: \${DATABASE_URL}
      tables:
        - { table: bars, columns: { at: datetime }, timeZone: America/New_York, badRows: skip }
`;

test('tape info tells of a foreign database what it holds, which days and stretches are missing, and which rows are left out', async () => {
  await using folder = await folderOf({ 't.yaml': scenario });
  const surroundings = { folder: folder.path, environment: { DATABASE_URL: database.url } };
  const { code, out, err } = await papertape(['tape', 'info', 't.yaml'], surroundings);
  expect(code).toBe(0);
  expect(err).toMatch(/bars has 1 row that is no bar, such as .*"2026-07-08T12:15:00".*; they are left out\n/);
  expect(out).toMatch(
    /^postgres database .*\n750 events, 2026-07-06T13:31:00\.000000000Z to 2026-07-08T20:00:00\.000000000Z\n/,
  );
  expect(out).toMatch(/symbol +market +events +days +missing +silences +low +high +volume +of each kind\n/);
  expect(out).toMatch(/AAPL +stocks +750 +2 +1 +1 +9\.25 +12\.5 +75,000 +bar 750\n/);
  expect(out).toContain('AAPL: nothing on 2026-07-07\n');
  expect(out).toContain('AAPL: silent from 2026-07-08T16:00:00Z to 2026-07-08T16:30:00Z\n');

  const json = await papertape(['tape', 'info', 't.yaml', '--json', '--silence', '1h'], surroundings);
  const described: unknown = JSON.parse(json.out);
  expect(described).toMatchObject({
    events: 750,
    symbols: [
      { symbol: 'AAPL', availability: { days: { present: 2, missing: ['2026-07-07'] }, silences: { count: 0 } } },
    ],
  });
  const quick = await papertape(['tape', 'info', 't.yaml', '--quick'], surroundings);
  expect(quick.out).not.toContain('silences');
});

test('tape info tells of Papertape’s own database by its URL, and refuses a silence that is no duration', async () => {
  await using own = await testDatabase();
  expect(await papertape(['tape', 'info', own.url])).toMatchObject({
    code: 2,
    out: expect.stringMatching(/empty\n$/),
    err: expect.stringMatching(/^the database: nothing to play; make a tape with `papertape tape generate` or /),
  });
  const refused = await papertape(['tape', 'info', own.url, '--silence', 'long']);
  expect(refused).toMatchObject({ code: 2, err: expect.stringContaining('--silence: long is no duration') });
});

test('an empty tape ends with 2, as it does when it is served; one among others does not', async () => {
  const line = '{"kind":"value","market":"indices","symbol":"SPX","at":"1","value":1}\n';
  await using folder = await folderOf({
    'empty.ndjson': '',
    'value.ndjson': line,
    'both.yaml': 'name: both\ntapes: [{ file: empty.ndjson }, { file: value.ndjson }]\n',
    'none.yaml': 'name: none\ntapes: [{ file: empty.ndjson }]\n',
  });
  const surroundings = { folder: folder.path };
  for (const name of ['empty.ndjson', 'none.yaml']) {
    expect(await papertape(['tape', 'info', name], surroundings)).toMatchObject({
      code: 2,
      out: 'file empty.ndjson: empty\n',
      err: expect.stringContaining(`${name}: nothing to play; `),
    });
  }
  expect(await papertape(['validate', 'none.yaml'], surroundings)).toMatchObject({ code: 2 });
  const both = await papertape(['tape', 'info', 'both.yaml'], surroundings);
  expect(both).toMatchObject({ code: 0, err: '' });
  expect(await papertape(['validate', 'both.yaml'], surroundings)).toMatchObject({ code: 0 });
});

test('on a terminal tape info shows that it counts, then which share of the tape it has read, and leaves the line clean', async () => {
  const drawn: string[] = [];
  const program = new Command();
  const ended: number[] = [];
  const shell = {
    environment: {},
    folder: '.',
    in: Readable.from([]),
    out: { write: () => undefined },
    err: { isTTY: true, write: (text: string) => drawn.push(text) },
    stop: new AbortController().signal,
  };
  addTape(program, shell, (code) => ended.push(code));
  await program.parseAsync(['tape', 'info', 'scenarios/ci.scenario.yaml'], { from: 'user' });
  expect(ended).toEqual([0]);
  expect(drawn[0]).toMatch(/Reading scenarios\/ci\.scenario\.yaml$/);
  expect(drawn.join('')).toMatch(/Reading \[#*\.*\] scenarios\/ci\.scenario\.yaml, [\d,]+ of [\d,]+ events/);
  expect(drawn.at(-1)).toBe('\r\u001b[2K');
});
