import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MarketEvent } from '../../../market/event.ts';
import { openDuckDb } from '../../../server/sources/file/duckdb.ts';
import { explainTape, openTape, tapeSchema } from '../../../server/sources/index.ts';
import { TapeError, type Page } from '../../../server/sources/source.ts';
import { describeTape, writeTape } from '../../../server/tapes/index.ts';

const signal = new AbortController().signal;
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'papertape-'));
});
afterAll(() => rm(directory, { recursive: true }));

async function read(path: string): Promise<MarketEvent[]> {
  await using source = openTape({ file: path }, { directory, seed: 0 });
  const events: MarketEvent[] = [];
  for await (const page of source.pages({}, signal)) events.push(...page);
  return events;
}
async function complaint(text: string | Buffer, name = 'broken.ndjson'): Promise<string> {
  await writeFile(join(directory, name), text);
  const error: unknown = await read(name).catch((thrown: unknown) => thrown);
  if (!(error instanceof TapeError)) throw new Error(`expected a TapeError, got ${String(error)}`);
  return error.message.replace(directory, '');
}
const value = (at: number, more = ''): string =>
  `{"kind":"value","market":"indices","symbol":"SPX","at":"${at}","value":6100.5${more}}\n`;
async function* endless(): AsyncGenerator<Page> {
  for (let at = 1n; ; at++) yield [{ kind: 'value', market: 'indices', symbol: 'SPX', at, value: 1 }];
}

describe('a broken NDJSON tape is refused with file, line, field, value and the way out', () => {
  test.each([
    [
      'a missing field',
      value(1) + value(2).replace(',"value":6100.5', ''),
      '/broken.ndjson:2: value: missing; this kind',
    ],
    [
      'a number in quotes',
      value(1).replace('6100.5', '"6100.5"'),
      '/broken.ndjson:1: value: "6100.5"; expected a number',
    ],
    ['a field too many', value(1, ',"colour":"red"'), '/broken.ndjson:1: colour: "red"; a value has only kind, market'],
    [
      'an unknown kind',
      value(1).replace('value', 'tick'),
      '/broken.ndjson:1: kind: "tick"; expected one of trade, quote',
    ],
    ['a time as a number', value(1).replace('"1"', '1'), '/broken.ndjson:1: at: 1; expected nanoseconds since 1970'],
    ['no JSON', `${value(1)}hello\n`, '/broken.ndjson:2: hello is no JSON; every line must be one event'],
    [
      'NUL bytes',
      Buffer.from(`${value(1)}\0\0\0\n`),
      '/broken.ndjson:2: \\u0000\\u0000\\u0000 is no JSON; NUL bytes come of a write that was cut off',
    ],
    ['letters that a terminal obeys', '\u001b[2J\u202ehello\n', '/broken.ndjson:1: \\u001b[2J\\u202ehello is no JSON'],
    ['a list', '[]\n', '/broken.ndjson:1: [] is no JSON object'],
    ['an empty line', `${value(1)}\n${value(2)}`, '/broken.ndjson:2:  is no JSON'],
    ['events out of order', value(5) + value(4), '/broken.ndjson:2: at: 4 comes after 5; a tape is ordered by at'],
  ])('%s', async (_, text, message) => {
    expect(await complaint(text)).toContain(message);
  });

  test('a gzip file that was cut off', async () => {
    const whole = gzipSync(Array.from({ length: 5000 }, (_, at) => value(at)).join(''));
    expect(await complaint(whole.subarray(0, whole.length / 2), 'cut.ndjson.gz')).toContain('cut off');
  });
});

test.each([
  ['gzip', 'packed.ndjson', gzipSync(value(1)), 'packed with gzip, where NDJSON belongs; name it packed.ndjson.gz'],
  [
    'gzip twice',
    'twice.ndjson.gz',
    gzipSync(gzipSync(value(1))),
    'packed with gzip, where NDJSON belongs; it is packed twice',
  ],
  [
    'zstd',
    'z.ndjson',
    Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 1, 2, 3]),
    'packed with zstd, where NDJSON belongs; unpack it',
  ],
  [
    'Parquet',
    'p.ndjson',
    Buffer.from('PAR1\u0015\0\u0015'),
    'a Parquet file, where NDJSON belongs; let its name end in',
  ],
  [
    'UTF-16',
    'wide.ndjson',
    Buffer.from(`\ufeff${value(1)}`, 'utf16le'),
    'text in UTF-16, where NDJSON belongs; save it as UTF-8',
  ],
  [
    'UTF-16 without a mark',
    'unmarked.ndjson',
    Buffer.from(value(1), 'utf16le'),
    'text in UTF-16, where NDJSON belongs; save it as UTF-8',
  ],
  [
    'plain text',
    'plain.ndjson.gz',
    Buffer.from(value(1)),
    'not packed with gzip, though its name ends in .gz; name it plain.ndjson, or pack it',
  ],
])('%s under the name %s is told in words, not in bytes', async (_, name, bytes, told) => {
  const message = await complaint(bytes, name);
  expect(message).toContain(`/${name}: ${told}`);
  expect(message).toMatch(/^[\x20-\x7e]+$/);
});

test.each(['marked.ndjson', 'marked.ndjson.gz'])(
  'a byte order mark before the first line of %s is no part of it',
  async (name) => {
    const text = Buffer.from(`\ufeff${value(1)}${value(2)}`);
    await writeFile(join(directory, name), name.endsWith('.gz') ? gzipSync(text) : text);
    expect((await read(name)).map(({ at }) => at)).toEqual([1n, 2n]);
  },
);

test('a last line without its line end counts', async () => {
  await writeFile(join(directory, 'open-end.ndjson'), (value(1) + value(2)).trimEnd());
  expect((await read('open-end.ndjson')).map(({ at }) => at)).toEqual([1n, 2n]);
});

test('a Parquet file that is none, or no tape, is refused by name', async () => {
  expect(await complaint('nothing', 'none.parquet')).toMatch(
    /^[^\n]*none\.parquet: [^\n]*expected a Parquet tape[^\n]*$/,
  );
});

test('a Parquet tape that was written before a field existed plays, and does not know that field', async () => {
  const path = join(directory, 'older.parquet');
  using database = await openDuckDb(path);
  await database.connection.run(
    `COPY (SELECT 1::BIGINT AS at, 'luld' AS kind, 'stocks' AS market, 'AAPL' AS symbol, 9.5::DOUBLE AS up, 8.5::DOUBLE AS down,
       'B' AS indicator) TO '${path}' (FORMAT parquet)`,
  );
  await using source = openTape({ file: path }, { directory, seed: 0 });
  const events: MarketEvent[] = [];
  for await (const page of source.pages({}, signal)) events.push(...page);
  const unknown = { tape: undefined, indicators: undefined, sequence: undefined };
  expect(events).toStrictEqual([
    { kind: 'luld', market: 'stocks', symbol: 'AAPL', at: 1n, up: 9.5, down: 8.5, indicator: 'B', ...unknown },
  ]);
});

test('a tape that is not there is refused when it is opened, with the way out', () => {
  expect(() => openTape({ file: 'gone.ndjson' }, { directory, seed: 0 })).toThrow(
    /No tape at .*gone\.ndjson\. Correct the path/,
  );
});

test('a survey believes the sidecar only while the tape is the one it was written for', async () => {
  const path = join(directory, 'vouched.ndjson');
  await writeFile(join(directory, 'plain.ndjson'), value(1) + value(2));
  await using plain = openTape({ file: 'plain.ndjson' }, { directory, seed: 0 });
  await writeTape(path, plain.pages({}, signal), { origin: 'test', licence: 'MIT', signal });
  await using vouched = openTape({ file: path }, { directory, seed: 0 });
  expect((await describeTape(vouched, signal)).events).toBe(2);
  expect(await vouched.survey(signal)).toEqual(await plain.survey(signal));
  await writeFile(path, (await readFile(path, 'utf8')) + value(3));
  expect(await describeTape(vouched, signal)).toMatchObject({ events: 3, period: { from: 1n, to: 3n } });
});

test.each(['half.ndjson', 'half.ndjson.gz', 'half.parquet'])(
  'writing %s that is stopped leaves nothing behind',
  async (name) => {
    const stop = new AbortController();
    const writing = writeTape(join(directory, name), endless(), {
      origin: 'test',
      licence: 'MIT',
      signal: stop.signal,
      onProgress: (events) => events === 2000 && stop.abort(),
    });
    await expect(writing).rejects.toThrow(/abort/i);
    expect(readdirSync(directory).filter((left) => left.startsWith('half'))).toEqual([]);
  },
);

test('events out of order are refused while a tape is written', async () => {
  async function* backwards(): AsyncGenerator<Page> {
    for (const at of [2n, 1n]) yield [{ kind: 'value', market: 'indices', symbol: 'SPX', at, value: 1 }];
  }
  const writing = writeTape(join(directory, 'back.ndjson'), backwards(), { origin: 'test', licence: 'MIT', signal });
  await expect(writing).rejects.toThrow('back.ndjson: value of SPX: at: 1 comes after 2');
});

describe('a tape entry of a scenario', () => {
  test('names exactly one source', () => {
    const nothing = tapeSchema.safeParse({});
    const both = tapeSchema.safeParse({ file: 'a.ndjson', synthetic: {} });
    expect([nothing.success, both.success]).toEqual([false, false]);
    expect(nothing.error?.issues[0]?.message).toContain('must name exactly one source; use one of synthetic, file');
  });

  test('explains itself in plain words', () => {
    const told = (entry: unknown): string => explainTape(tapeSchema.parse(entry));
    expect(told({ file: { path: 'a.parquet', symbols: ['AAPL'] } })).toBe('the tape file a.parquet, only AAPL');
    expect(told({ synthetic: { symbols: ['AAPL'], rate: 5 } })).toBe(
      'a generated market of AAPL, 2026-07-01T13:30:00Z to 2026-07-01T20:01:00Z, about 5 events/s',
    );
  });
});
