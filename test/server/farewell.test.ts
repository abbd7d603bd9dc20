import { afterEach, expect, test } from 'vitest';
import { ManualClock, type Cancel } from '../../market/clock.ts';
import { millis, seconds } from '../../market/nanos.ts';
import type { Nanos } from '../../market/event.ts';
import { frame } from '../../server/wire/frame.ts';
import { startPapertape, type Papertape } from '../../server/index.ts';
import { scenarioSchema } from '../../server/scenario/schema.ts';
import { Caller } from '../helpers/caller.ts';
import { opening, trade } from '../helpers/events.ts';
import { memorySource } from '../helpers/memory-source.ts';
import { maskedFrame } from '../helpers/raw-frames.ts';
import { Wiretap } from '../helpers/wiretap.ts';

/** Knows how many wake-ups are still to come. */
class CountingClock extends ManualClock {
  pending = 0;
  override wake(at: Nanos, call: () => void): Cancel {
    let over = false;
    const settled = (): void => {
      if (!over) this.pending--;
      over = true;
    };
    this.pending++;
    const cancel = super.wake(at, () => (settled(), call()));
    return () => (settled(), cancel());
  }
}

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

test('an exchange that is shut down does not wait for the slots of clients that vanished', async () => {
  const clock = new CountingClock(opening);
  const papertape = await serve({ slotRelease: '1h' }, clock);
  const ghost = await login(papertape, clock);
  const idle = await Caller.connect(`${papertape.url}/v2/iex`, clock);
  open.push(idle);
  ghost.caller.socket.terminate();
  await expect.poll(() => papertape.run.status.sessions).toBe(1);
  expect(clock.pending).toBeGreaterThan(0);
  await papertape[Symbol.asyncDispose]();
  // A socket says that it is closed a moment after its server does.
  await expect.poll(() => clock.pending).toBe(0);
});

test('nothing follows the Close frame of the server, neither its own ping nor the answer to one', async () => {
  const clock = new ManualClock(opening);
  const serverPing = { every: '200ms', patience: '100ms' };
  const papertape = await serve({ closeFrames: 'clean', serverPing }, clock);
  const tap = await Wiretap.open(`${papertape.url}/v2/iex`);
  open.push(tap);
  await tap.heard(1);
  const received: Buffer[] = [];
  tap.socket.on('data', (chunk) => received.push(chunk));
  for (const session of papertape.run.sessions) session.end();
  tap.socket.write(maskedFrame(0x89, Buffer.from('are you there?')));
  tap.say({ action: 'auth', key: 'k', secret: 's' });
  await clock.advance(millis(900));
  // A second round: the ping is answered, if at all, before the connection's last second is over.
  tap.socket.write(maskedFrame(0x89, Buffer.from('hello?')));
  await clock.advance(seconds(1));
  await tap.end();
  expect(Buffer.concat(received).toString('hex')).toBe('880203e9');
});

test('nothing follows the Close frame that answers a client, though much still waits to be delivered', async () => {
  const papertape = await serve({ closeFrames: 'clean', serverPing: 'off' }, new ManualClock(opening));
  const tap = await Wiretap.open(`${papertape.url}/v2/iex`);
  open.push(tap);
  await tap.heard(1);
  // More than any socket takes from a server whose client does not read.
  const flood = frame('binary', Buffer.alloc(1 << 24));
  tap.socket.pause();
  tap.socket.removeAllListeners('data');
  const [session] = papertape.run.sessions;
  session?.line.write(flood);
  const waiting = session?.line.buffered ?? 0;
  expect(waiting).toBeGreaterThan(0);
  tap.socket.write(maskedFrame(0x88, Buffer.from([0x03, 0xe8])));
  await expect.poll(() => session?.line.buffered).not.toBe(waiting);
  session?.line.write(frame('text', Buffer.from('late')));
  const received: Buffer[] = [];
  tap.socket.on('data', (chunk) => received.push(chunk)).resume();
  await tap.end();
  const bytes = Buffer.concat(received);
  expect(bytes.length).toBe(flood.length + 4);
  expect(bytes.subarray(-4).toString('hex')).toBe('880203e8');
});
