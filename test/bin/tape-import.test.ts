import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { Command } from 'commander';
import { expect, test } from 'vitest';
import { addTape } from '../../bin/commands/tape.ts';
import { formats } from '../../server/tapes/import/index.ts';
import { folderOf } from '../server/scenario/folder.ts';
import { papertape } from './papertape.ts';

const header = 'ticker,conditions,exchange,id,participant_timestamp,price,size';
const rows = ['X:BTC-USD,1,1,b,1782912600000000002,2,1', 'X:BTC-USD,2,1,a,1782912600000000001,1,1'];

test('tape import makes a tape, tells the first rejects and the totals of all, and ends with 0', async () => {
  await using folder = await folderOf({
    'f.csv': [header, ...Array.from({ length: 7 }, () => 'broken'), ...rows].join('\n'),
  });
  const ending = await papertape(['tape', 'import', 'f.csv', '--out', 'f.ndjson.gz'], { folder: folder.path });
  const reason = 'the row has not 7 cells as the header';
  expect(ending).toEqual({
    code: 0,
    out: 'f.ndjson.gz written: 2 events\n',
    err: `${[2, 3, 4, 5, 6].map((line) => `f.csv:${line}: ${reason}: 1\n`).join('')}7 rows were rejected; all are listed in f.ndjson.gz.rejects.ndjson\n  7  ${reason}\n`,
  });
  expect(readFileSync(folder.at('f.ndjson.gz.rejects.ndjson'), 'utf8').trimEnd().split('\n')).toHaveLength(7);
});

test('tape import ends with 2 when too many rows are rejected, or a file is none it knows', async () => {
  await using folder = await folderOf({ 'f.csv': `${header}\nbroken\n`, 'x.csv': 'a,b\n' });
  const strict = await papertape(['tape', 'import', 'f.csv', '-o', 'f.ndjson', '--max-rejects', '0'], {
    folder: folder.path,
  });
  expect([strict.code, strict.err]).toEqual([2, expect.stringMatching(/1 rows were rejected/)]);
  const unknown = await papertape(['tape', 'import', 'x.csv', '-o', 'x.ndjson'], { folder: folder.path });
  expect([unknown.code, unknown.err]).toEqual([
    2,
    expect.stringMatching(/x\.csv: its format is not known[^]*alpaca-csv/),
  ]);
  expect(existsSync(folder.at('f.ndjson')) || existsSync(folder.at('x.ndjson'))).toBe(false);
});

test('on a terminal tape import shows which share of the bytes is read, and its help names every format', async () => {
  await using folder = await folderOf({ 'f.csv': [header, ...rows].join('\n') });
  const drawn: string[] = [];
  const shell = {
    environment: {},
    folder: folder.path,
    in: Readable.from([]),
    out: { write: () => undefined },
    err: { isTTY: true, write: (text: string) => drawn.push(text) },
    stop: new AbortController().signal,
  };
  const program = new Command().exitOverride().configureOutput({ writeOut: (text) => drawn.push(text) });
  addTape(program, shell, () => undefined);
  await program.parseAsync(['tape', 'import', 'f.csv', '--out', 'f.ndjson'], { from: 'user' });
  expect(drawn.join('')).toMatch(/Importing \[#{24}\] /);
  expect(readdirSync(folder.path).sort()).toEqual(['f.csv', 'f.ndjson', 'f.ndjson.meta.json']);
  await expect(program.parseAsync(['tape', 'import', '--help'], { from: 'user' })).rejects.toThrow(/help/i);
  expect(formats.filter(({ name }) => !new RegExp(`\\b${name}\\b`).test(drawn.join('')))).toEqual([]);
});

test('tape import of files without a row ends with 2 and writes no tape', async () => {
  await using folder = await folderOf({
    'empty.csv': '',
    'head.csv': `${header}\n`,
    'f.csv': [header, ...rows].join('\n'),
  });
  const run = (...files: readonly string[]) =>
    papertape(['tape', 'import', ...files, '--out', 't.ndjson', '--force'], { folder: folder.path });
  expect(await run('empty.csv', 'head.csv')).toEqual({
    code: 2,
    out: '',
    err: 'empty.csv, head.csv: no row to import, so t.ndjson was not written. Name a file that has rows\n',
  });
  expect(readdirSync(folder.path).sort()).toEqual(['empty.csv', 'f.csv', 'head.csv']);
  expect(await run('empty.csv', 'f.csv')).toMatchObject({ code: 0 });
});

test('control characters of a file never reach the terminal', async () => {
  const red = '\u001b[31mred\u009b0m\u0007';
  await using folder = await folderOf({
    'x.csv': `${red},b\n`,
    'f.csv': [header, rows[0], `X:BTC-USD,1,1,c,${red},1,1`].join('\n'),
    't.yaml': `name: t\ntapes: [{ synthetic: {} }]\nreplay: { mode: "\\e[31mred" }\n`,
  });
  const escaped = String.raw`\u001b[31mred\u009b0m\u0007`;
  const unknown = await papertape(['tape', 'import', 'x.csv', '-o', 'x.ndjson'], { folder: folder.path });
  expect(unknown.err).toContain(`begins with\n  ${escaped},b\n`);
  const rejected = await papertape(['tape', 'import', 'f.csv', '-o', 'f.ndjson'], { folder: folder.path });
  expect(rejected.err).toContain(escaped);
  const scenario = await papertape(['validate', 't.yaml'], { folder: folder.path });
  for (const { err } of [unknown, rejected, scenario]) expect(err).not.toMatch(/(?!\n)\p{Cc}/u);
  expect(scenario.err).toContain(String.raw`\u001b[31mred`);
});
