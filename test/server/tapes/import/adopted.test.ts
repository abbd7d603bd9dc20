import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, rm, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ManualClock, SystemClock } from '../../../../market/clock.ts';
import type { Nanos } from '../../../../market/event.ts';
import { day, hour, seconds } from '../../../../market/nanos.ts';
import { adoptTape } from '../../../../server/tapes/import/adopt.ts';
import { AdoptedTapes } from '../../../../server/tapes/import/adopted.ts';
import { folderOf } from '../../scenario/folder.ts';

const signal = new AbortController().signal;
const header = 'ticker,conditions,exchange,id,participant_timestamp,price,size';
const flat = (id: string): string => `${header}\nX:BTC-USD,1,1,${id},1782912600000000001,1,1\n`;

let folder: Awaited<ReturnType<typeof folderOf>>;
let clock: ManualClock;
beforeEach(async () => {
  folder = await folderOf({ 'a.csv': `${flat('a')}broken\n`, 'b.csv': flat('b'), 'c.csv': flat('c') });
  clock = new ManualClock(new SystemClock().now());
});
afterEach(async () => {
  await folder[Symbol.asyncDispose]();
});

const adopt = async (name: string): Promise<string> =>
  await adoptTape(folder.at(name), {}, signal, undefined, clock, folder.path);
const keyOf = (tape: string): string => tape.replace(/^.*\/|\..*$/g, '');
/** As another process sees the folder of a tape. */
const seenBy = (tape: string, processId: number): AdoptedTapes => new AdoptedTapes(dirname(tape), clock, processId);

/** The number of a process that has ended. */
async function deadProcess(): Promise<number> {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  await once(child, 'exit');
  return child.pid ?? 0;
}

/** As if the process that used a tape last had ended: its mark is that of a dead one. */
async function leave(tape: string): Promise<void> {
  const dead = await deadProcess();
  await seenBy(tape, dead).use(keyOf(tape), signal);
  await removeMark(tape, process.pid);
}
async function removeMark(tape: string, processId: number): Promise<void> {
  await rm(join(dirname(tape), `${keyOf(tape)}.used-by-${processId}`));
}

test('a tape that nobody has used for 30 days is removed with all that belongs to it when another file is adopted', async () => {
  const a = await adopt('a.csv');
  await leave(a);
  // What a crash left of its making, and what is none of ours.
  await mkdir(`${a}.Xy12ab/work`, { recursive: true });
  const foreign = join(dirname(a), 'notes.txt');
  await writeFile(foreign, '');
  await utimes(foreign, 0, 0);
  await clock.advance(29n * day);
  await adopt('b.csv');
  expect(existsSync(a)).toBe(true);
  await clock.advance(day + hour);
  const c = await adopt('c.csv');
  expect(readdirSync(dirname(a)).filter((name) => name.startsWith(keyOf(a)))).toEqual([]);
  expect(existsSync(c) && existsSync(foreign)).toBe(true);
  // It is made anew when it is wanted again.
  expect(await adopt('a.csv')).toBe(a);
  expect(existsSync(a)).toBe(true);
});

test('using a tape keeps it for another 30 days', async () => {
  const a = await adopt('a.csv');
  await clock.advance(20n * day);
  expect(await adopt('a.csv')).toBe(a);
  await leave(a);
  await clock.advance(20n * day);
  await adopt('b.csv');
  expect(existsSync(a)).toBe(true);
});

test('a tape in use is never removed, however long it plays, and its mark goes with its process', async () => {
  const a = await adopt('a.csv');
  const player = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], { stdio: 'ignore' });
  const playing = player.pid ?? 0;
  await seenBy(a, playing).use(keyOf(a), signal);
  await removeMark(a, process.pid);
  await clock.advance(400n * day);
  await adopt('b.csv');
  expect(existsSync(a)).toBe(true);
  player.kill('SIGKILL');
  await once(player, 'exit');
  await adopt('c.csv');
  expect(existsSync(a)).toBe(false);
});

test('who wants a tape while another process removes it waits, and makes it anew', async () => {
  const a = await adopt('a.csv');
  const mark = join(dirname(a), `${keyOf(a)}.removed-by-${process.ppid}`);
  await writeFile(mark, '');
  const use = start(a);
  await clock.advance(seconds(0.1));
  expect(use.isOver).toBe(false);
  await Promise.all([rm(a), rm(mark)]);
  await over(use, seconds(0.01));
  expect(await adopt('a.csv')).toBe(a);
  expect(existsSync(a)).toBe(true);
});

test('a mark of somebody who never finished removing does not hold anybody up for good', async () => {
  const a = await adopt('a.csv');
  await writeFile(join(dirname(a), `${keyOf(a)}.removed-by-${process.ppid}`), '');
  await over(start(a), seconds(1));
  expect(existsSync(a)).toBe(true);
});

interface Use {
  isOver: boolean;
}
/** Begins to use a tape. */
function start(tape: string): Use {
  const use = { isOver: false };
  void seenBy(tape, process.pid)
    .use(keyOf(tape), signal)
    .then(() => (use.isOver = true));
  return use;
}
/** Lets the clock go on until it has begun. */
async function over(use: Use, step: Nanos): Promise<void> {
  await vi.waitFor(async () => {
    await clock.advance(step);
    expect(use.isOver).toBe(true);
  });
}

test('many who adopt and remove at once: everybody gets a tape that is there', async () => {
  const wanted = ['a.csv', 'b.csv', 'c.csv'];
  for (let round = 0; round < 5; round++) {
    for (const name of wanted) await leave(await adopt(name));
    await clock.advance(31n * day);
    const real = new SystemClock();
    const shifted = {
      now: () => real.now() + 31n * day * BigInt(round + 1),
      wake: real.wake.bind(real),
      turn: real.turn.bind(real),
    };
    const tapes = await Promise.all(
      [...wanted, ...wanted].map(async (name) => {
        const tape = await adoptTape(folder.at(name), {}, signal, undefined, shifted, folder.path);
        await new AdoptedTapes(dirname(tape), shifted, process.pid).removeUnused();
        return tape;
      }),
    );
    expect(tapes.filter((tape) => !existsSync(tape))).toEqual([]);
  }
});
