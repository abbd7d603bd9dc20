import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, existsSync, readdirSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Command } from 'commander';
import { expect, test } from 'vitest';
import { addTape } from '../../bin/commands/tape.ts';
import { folderOf } from '../server/scenario/folder.ts';
import { type Ending, start } from './papertape.ts';

test('on a terminal tape generate shows which share of the day is made', async () => {
  await using folder = await folderOf({});
  const drawn: string[] = [];
  const shell = {
    environment: {},
    folder: folder.path,
    in: Readable.from([]),
    out: { write: () => undefined },
    err: { isTTY: true, write: (text: string) => drawn.push(text) },
    stop: new AbortController().signal,
  };
  const program = new Command();
  addTape(program, shell, () => undefined);
  await program.parseAsync(['tape', 'generate', 'day.ndjson', '--day', '2026-07-01', '--rate', '5'], { from: 'user' });
  const bars = drawn.flatMap((text) => /\[(#*)(\.*)\]/.exec(text)?.slice(1) ?? []);
  expect(bars.join('')).toMatch(/^[#.]+$/);
  expect(bars.every((_, index) => index % 2 === 1 || `${bars[index]}${bars[index + 1]}`.length === 24)).toBe(true);
});

test('tape generate that is stopped ends with 0, says that nothing was written, and leaves nothing behind', async () => {
  await using folder = await folderOf({});
  const years = ['--from', '2016-07-01T00:00:00Z', '--to', '2026-07-01T00:00:00Z', '--rate', '1000'];
  await using running = start(['tape', 'generate', 'long.ndjson.gz', ...years], { folder: folder.path });
  await until(() => existsSync(folder.at('long.ndjson.gz.partial')));
  running.signal('SIGINT');
  expect(await running.ending).toEqual({ code: 0, out: '', err: 'stopped; long.ndjson.gz was not written\n' });
  expect(readdirSync(folder.path)).toEqual([]);
});

test('what is stopped while it reads a tape says what was not done, and ends with 0, but for a run, which is no pass', async () => {
  await using folder = await folderOf({ 't.yaml': 'name: t\ntapes: [{ file: endless.ndjson }]\n' });
  // A pipe is a tape that never ends, and tells when somebody has begun to read it.
  execFileSync('mkfifo', [folder.at('endless.ndjson')]);
  const stopped = async (words: readonly string[]): Promise<Ending> => {
    await using running = start(words, { folder: folder.path });
    const tape = createWriteStream(folder.at('endless.ndjson'));
    await once(tape, 'open');
    // Its reader leaves in the middle of it.
    const left = pipeline(Readable.from(endless()), tape).catch(() => undefined);
    running.signal('SIGINT');
    const ending = await running.ending;
    await left;
    return ending;
  };
  const told = (err: string): Ending => ({ code: 0, out: '', err });
  expect(await stopped(['tape', 'info', 'endless.ndjson'])).toEqual(
    told('stopped before the whole of endless.ndjson was read\n'),
  );
  expect(await stopped(['validate', 't.yaml'])).toEqual(told('stopped before t.yaml was checked\n'));
  expect(await stopped(['serve', 't.yaml', '--port', '0'])).toEqual(told('stopped before it was ready\n'));
  expect(await stopped(['run', 't.yaml'])).toEqual({ ...told('stopped before it was played\n'), code: 1 });
});

function* endless(): Generator<string> {
  const value = { kind: 'value', market: 'indices', symbol: 'SPX', at: '1800000000000000000', value: 1 };
  for (;;) yield `${JSON.stringify(value)}\n`.repeat(100);
}

async function until(come: () => boolean): Promise<void> {
  while (!come()) await new Promise((resolve) => setImmediate(resolve));
}
