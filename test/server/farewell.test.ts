import { afterEach, expect, test } from 'vitest';
import { ManualClock } from '../../market/clock.ts';
import { seconds } from '../../market/duration.ts';
import { startPapertape, type Papertape } from '../../server/index.ts';
import { scenarioSchema } from '../../server/scenario/schema.ts';
import { Caller } from '../helpers/caller.ts';
import { opening, trade } from '../helpers/events.ts';
import { memorySource } from '../helpers/memory-source.ts';

const open: AsyncDisposable[] = [];
afterEach(async () => {
  for (const part of open.splice(0).toReversed()) await part[Symbol.asyncDispose]();
});

async function serve(alpaca: object, clock: ManualClock): Promise<Papertape> {
  const scenario = scenarioSchema.parse({
    name: 'farewell',
    tapes: [{ file: 'given.ndjson' }],
    replay: { mode: 'single_pass', speed: 1000, atEnd: 'close', frameWindow: '0s' },
    endpoints: { alpaca },
  });
  const papertape = await startPapertape({ scenario, port: 0, clock, tapes: [memorySource([trade(opening)])] });
  open.push(papertape);
  return papertape;
}

async function login(papertape: Papertape, clock: ManualClock): Promise<{ caller: Caller; answer: string }> {
  const caller = await Caller.connect(`${papertape.url}/v2/iex`, clock);
  open.push(caller);
  caller.socket.send('{"action":"auth","key":"k","secret":"s"}');
  await text(caller);
  return { caller, answer: await text(caller) };
}

async function text(caller: Caller): Promise<string> {
  const heard = await caller.next(seconds(1));
  return heard?.kind === 'message' ? heard.payload.toString() : (heard?.kind ?? 'silence');
}

const granted = '[{"T":"success","msg":"authenticated"}]';
const full = '[{"T":"error","code":406,"msg":"connection limit exceeded"}]';

test('with closeFrames: clean a client hears 1001 when the tape ends, after the last event', async () => {
  const clock = new ManualClock(opening);
  const papertape = await serve({ closeFrames: 'clean' }, clock);
  const { caller } = await login(papertape, clock);
  caller.socket.send('{"action":"subscribe","trades":["AAPL"]}');
  expect(await text(caller)).toContain('subscription');
  expect(await text(caller)).toContain('"T":"t"');
  expect(await caller.next(seconds(1))).toMatchObject({ kind: 'close', code: 1001 });
});

test('without it the same client sees 1006', async () => {
  const clock = new ManualClock(opening);
  const papertape = await serve({}, clock);
  const { caller } = await login(papertape, clock);
  caller.socket.send('{"action":"subscribe","trades":["AAPL"]}');
  expect(await text(caller)).toContain('subscription');
  expect(await text(caller)).toContain('"T":"t"');
  expect(await caller.next(seconds(1))).toMatchObject({ kind: 'close', code: 1006 });
});

test('a client that vanished holds its connection slot as long as slotRelease says', async () => {
  const clock = new ManualClock(opening);
  const papertape = await serve({ slotRelease: '90s' }, clock);
  const ghost = await login(papertape, clock);
  ghost.caller.socket.terminate();
  await expect.poll(() => papertape.run.status.sessions).toBe(0);
  expect((await login(papertape, clock)).answer).toBe(full);
  await clock.advance(seconds(90));
  expect((await login(papertape, clock)).answer).toBe(granted);
});

test('a client that said goodbye frees its slot at once', async () => {
  const clock = new ManualClock(opening);
  const papertape = await serve({ slotRelease: '90s' }, clock);
  const { caller } = await login(papertape, clock);
  caller.socket.close(1000);
  await expect.poll(() => papertape.run.status.sessions).toBe(0);
  expect((await login(papertape, clock)).answer).toBe(granted);
});
