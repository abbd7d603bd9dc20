import { readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { importFiles } from '../../../../server/tapes/import/index.ts';
import { lineOfEvent } from '../../../../server/sources/file/index.ts';
import { opening, quote, trade } from '../../../helpers/events.ts';
import { eventsOf, imported, rejectsOf, request } from '../../../helpers/import.ts';
import { folderOf } from '../../scenario/folder.ts';

const line = (at: bigint, id: string): string => lineOfEvent(trade(opening + at, { id }));
const ids = (events: readonly unknown[]): unknown[] =>
  events.map((event) => (typeof event === 'object' && event !== null && 'id' in event ? event.id : undefined));

describe('an import', () => {
  test('of several files plays them as one, by time, and events of one time in the order of the files', async () => {
    const { events, result } = await imported({
      'b.ndjson': [line(5n, 'b1'), line(2n, 'b2')].join('\n'),
      'a.ndjson': [line(2n, 'a1'), line(1n, 'a2')].join('\r\n'),
    });
    expect(ids(events)).toEqual(['a2', 'b2', 'a1', 'b1']);
    expect(result.holdings).toMatchObject([{ symbol: 'AAPL', events: 4, from: opening + 1n, to: opening + 5n }]);
  });

  test.each(['out.ndjson', 'out.ndjson.gz', 'out.parquet'])(
    'writes %s, with a sidecar that vouches for it',
    async (out) => {
      await using folder = await folderOf({ 'a.ndjson': `${line(2n, 'late')}\n${lineOfEvent(quote(opening))}\n` });
      await importFiles(request(folder.path, ['a.ndjson'], { out, licence: 'MIT', reading: { timeZone: 'UTC' } }));
      expect((await eventsOf(folder.path, out)).map(({ kind }) => kind)).toEqual(['quote', 'trade']);
      const sidecar: unknown = JSON.parse(readFileSync(folder.at(`${out}.meta.json`), 'utf8'));
      expect(sidecar).toMatchObject({
        origin: 'a.ndjson',
        licence: 'MIT',
        timeZone: 'UTC',
        symbols: ['AAPL'],
        events: 2,
      });
      expect(readdirSync(folder.path).sort()).toEqual(['a.ndjson', out, `${out}.meta.json`].sort());
    },
  );

  test.each([
    ['an empty file', '', undefined],
    ['a file of blank lines', '\n\n', undefined],
    ['a header alone', 'ticker,volume,open,close,high,low,window_start,transactions\n', 'polygon'],
  ])('of %s alone makes no tape, beside another it is told to hold no row', async (_, text, format) => {
    await expect(imported({ 'e.csv': text })).rejects.toThrow('e.csv: no row to import, so out.ndjson was not written');
    const { events, result } = await imported({ 'e.csv': text, 'a.ndjson': line(1n, 'x') });
    expect(ids(events)).toEqual(['x']);
    expect(result.inputs[0]).toEqual({ name: 'e.csv', format, events: 0, rejected: 0 });
  });

  test.each([
    ['a gzip file that is called .ndjson', 'a.ndjson', gzipSync(`${line(1n, 'x')}\n`)],
    ['a plain file that is called .gz', 'a.ndjson.gz', Buffer.from(line(1n, 'x'))],
    ['two gzip files one after another', 'a.gz', Buffer.concat([gzipSync(`${line(1n, 'x')}\n`), gzipSync('')])],
    ['a byte order mark and carriage returns', 'a.ndjson', Buffer.from(`\uFEFF${line(1n, 'x')}\r\n\r\n`)],
  ])('reads %s by what it holds', async (_, name, bytes) => {
    const { events, rejects } = await imported({ [name]: bytes });
    expect([ids(events), rejects]).toEqual([['x'], []]);
  });

  test('reads the standard input, Parquet too', async () => {
    await using folder = await folderOf({ 'a.ndjson': line(1n, 'x') });
    await importFiles(request(folder.path, ['a.ndjson'], { out: 'a.parquet' }));
    for (const name of ['a.ndjson', 'a.parquet']) {
      const stdin = Readable.from([readFileSync(folder.at(name))]);
      await importFiles(request(folder.path, ['-'], { stdin, out: `of-${name}.ndjson` }));
      expect(ids(await eventsOf(folder.path, `of-${name}.ndjson`))).toEqual(['x']);
    }
  });

  test('rejects what is no line of ours, no UTF-8 or full of NUL bytes, and harms no other line', async () => {
    const bytes = Buffer.concat([
      Buffer.from(`garbage\n${line(1n, 'a')}\n{"kind":"trade"}\n${line(2n, 'b')}\n`),
      Buffer.from([0xff, 0xfe, 0x0a, 0x00, 0x00, 0x0a]),
      Buffer.from(line(3n, 'c').replace('231.47', '"x"')),
    ]);
    const { events, rejects, result } = await imported({ 'a.ndjson': bytes });
    expect(ids(events)).toEqual(['a', 'b']);
    expect(rejects.map((reject) => [reject.line, reject.reason])).toEqual([
      [1, 'the line is no JSON object'],
      [3, 'market: this kind of event needs it: give one of stocks, options, crypto, forex, indices, futures, perps'],
      [5, 'the row holds bytes that are no UTF-8'],
      [6, 'the row holds NUL bytes'],
      [7, 'price: expected a number without quotes, within the range of a double'],
    ]);
    expect(result.rejected).toBe(5);
  });

  test.each([
    [
      'a text nobody knows',
      'x.txt',
      Buffer.from('a,b\n1,2\n'),
      /x\.txt: its format is not known\. Its first line begins with\n {2}a,b\n[^]*polygon[^]*--?/,
    ],
    ['JSON nobody knows', 'x.json', Buffer.from('{"a":1}'), /Its JSON begins with\n {2}\{"a":1\}/],
    ['zstd', 'x.zst', Buffer.from('28b52ffd00', 'hex'), /x\.zst: is packed with zstd; unpack it in a pipe: zstd -dc/],
    ['a zip', 'x.zip', Buffer.from('504b030400', 'hex'), /is a zip archive/],
    ['UTF-16', 'x.csv', Buffer.from('\uFEFFtime', 'utf16le'), /is text in UTF-16/],
    [
      'a gzip file that was cut off',
      'x.gz',
      gzipSync(`${line(1n, 'a')}\n`).subarray(0, 60),
      /x\.gz: .*cut off or damaged: fetch it again/,
    ],
  ])('refuses %s with the way out, and leaves no tape', async (_, name, bytes, message) => {
    await using folder = await folderOf({ [name]: bytes });
    await expect(importFiles(request(folder.path, [name]))).rejects.toThrow(message);
    expect(
      readdirSync(folder.path).filter((left) => left.startsWith('out.ndjson') && !left.endsWith('.import')),
    ).toEqual([]);
  });

  test('never writes over a tape unasked', async () => {
    await using folder = await folderOf({ 'a.ndjson': line(1n, 'new'), 'out.ndjson': line(1n, 'old') });
    await expect(importFiles(request(folder.path, ['a.ndjson']))).rejects.toThrow(/out\.ndjson exists; .*--force/);
    expect(ids(await eventsOf(folder.path, 'out.ndjson'))).toEqual(['old']);
    await importFiles(request(folder.path, ['a.ndjson'], { force: true }));
    expect(ids(await eventsOf(folder.path, 'out.ndjson'))).toEqual(['new']);
  });

  test.each([
    ['1', /2 rows were rejected, reading was stopped there; --max-rejects allows 1/],
    ['40%', /2 rows were rejected of 4 rows; --max-rejects allows 40%/],
  ])('with more than %s of rejects fails, and lists them', async (maxRejects, message) => {
    await using folder = await folderOf({ 'a.ndjson': ['x', line(1n, 'a'), 'y', line(2n, 'b')].join('\n') });
    await expect(importFiles(request(folder.path, ['a.ndjson'], { maxRejects }))).rejects.toThrow(message);
    expect(await rejectsOf(folder.at('out.ndjson.rejects.ndjson'))).toMatchObject([{ line: 1 }, { line: 3 }]);
    expect(readdirSync(folder.path).sort()).toEqual(['a.ndjson', 'out.ndjson.rejects.ndjson']);
    await importFiles(request(folder.path, ['a.ndjson'], { maxRejects: '50%' }));
    expect(ids(await eventsOf(folder.path, 'out.ndjson'))).toEqual(['a', 'b']);
  });

  test('that was stopped goes on with the files it had not finished, and counts the rejects of all', async () => {
    const files = { 'a.ndjson': `x\n${line(3n, 'a')}`, 'b.ndjson': `${line(2n, 'b')}\ny`, 'c.ndjson': line(1n, 'c') };
    await using folder = await folderOf(files);
    const stop = new AbortController();
    const asked = request(folder.path, Object.keys(files));
    const stopped = importFiles({
      ...asked,
      signal: stop.signal,
      onProgress: ({ input }) => {
        if (input === 'c.ndjson') stop.abort();
      },
    });
    await expect(stopped).rejects.toThrow(/abort/);
    expect(readdirSync(folder.path)).not.toContain('out.ndjson');
    const result = await importFiles(asked);
    expect(result).toMatchObject({ resumed: 2, events: 3, rejected: 2 });
    expect(ids(await eventsOf(folder.path, 'out.ndjson'))).toEqual(['c', 'b', 'a']);
    expect(await rejectsOf(folder.at('out.ndjson.rejects.ndjson'))).toMatchObject([
      { file: 'a.ndjson', line: 1 },
      { file: 'b.ndjson', line: 2 },
    ]);
    expect(readdirSync(folder.path)).not.toContain('out.ndjson.import');
  });

  test('that was stopped begins anew when a file has changed since', async () => {
    await using folder = await folderOf({ 'a.ndjson': line(1n, 'old'), 'b.ndjson': line(2n, 'b') });
    const stop = new AbortController();
    const asked = request(folder.path, ['a.ndjson', 'b.ndjson']);
    const onProgress = ({ input }: { readonly input: string }): void =>
      input === 'b.ndjson' ? stop.abort() : undefined;
    await expect(importFiles({ ...asked, signal: stop.signal, onProgress })).rejects.toThrow(/abort/);
    await writeFile(folder.at('a.ndjson'), `${line(1n, 'newer')}\n`);
    expect((await importFiles(asked)).resumed).toBe(0);
    expect(ids(await eventsOf(folder.path, 'out.ndjson'))).toEqual(['newer', 'b']);
  });
});
