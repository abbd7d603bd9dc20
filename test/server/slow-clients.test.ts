import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { ManualClock } from '../../market/clock.ts';
import { millis, seconds } from '../../market/nanos.ts';
import type { Papertape } from '../../server/index.ts';
import type { Session } from '../../server/session.ts';
import { opening, trade } from '../helpers/events.ts';
import { Listener } from '../helpers/listener.ts';
import { serve } from '../helpers/serve.ts';
import { maskedFrame } from '../helpers/raw-frames.ts';
import { Wiretap } from '../helpers/wiretap.ts';

const outbox = 256 * 1024;
/** What a kernel may hold of a connection beyond the outbox is not counted; a page of 256 trades takes some 40 KB. */
const page = 50_000;
/** 13 MB on the wire: more than a socket's buffers at both ends. */
const flood = Array.from({ length: 100_000 }, (_, index) => trade(opening + millis(index), { id: String(index + 1) }));
const limits = { outbox };
const all = { trades: ['*'] };

interface SilentReader extends AsyncDisposable {
  readonly tap: Wiretap;
  readonly session: Session;
}

/** A client that subscribes to everything and then stops reading. */
async function silentReader(papertape: Papertape): Promise<SilentReader> {
  const tap = await Wiretap.open(`${papertape.url}/v2/sip`);
  tap.say({ action: 'auth', key: 'silent', secret: 's' });
  tap.say({ action: 'subscribe', ...all });
  await tap.heard(3);
  tap.socket.pause();
  const session = [...papertape.run.sessions].at(-1);
  if (session === undefined) throw new Error('the silent reader has no session');
  return { tap, session, [Symbol.asyncDispose]: async () => tap[Symbol.asyncDispose]() };
}

/** The most that waited for a session while the tape played. */
async function watch(session: Session, until: () => boolean, clock?: ManualClock): Promise<number> {
  let most = 0;
  while (!until()) {
    most = Math.max(most, session.line.buffered);
    await (clock?.advance(millis(1)) ?? nextTurn());
  }
  return most;
}

test('disconnect: whoever reads hears everything while another is sent away', async () => {
  const clock = new ManualClock(opening);
  await using papertape = await serve(
    flood,
    { speed: 1000, frameWindow: '100ms', backpressure: 'disconnect' },
    { limits },
    clock,
  );
  await using silent = await silentReader(papertape);
  const { session } = silent;
  await using reader = await Listener.subscribed(`${papertape.url}/v2/iex`, all);
  papertape.run.play();
  for (let played = 0; played < flood.length && reader.closeCode === undefined; played = reader.events.length) {
    await clock.advance(millis(0.5));
    await reader.heard(Math.min(played + 1, flood.length));
  }
  expect(reader.events.map(({ i }) => i)).toEqual(flood.map((_, index) => index + 1));
  expect(session.delivered).toBeLessThan(flood.length);
});

test('disconnect: a slow client hears 407 after what it still took, and its connection ends', async () => {
  const clock = new ManualClock(opening);
  await using papertape = await serve(flood, { speed: 'max', backpressure: 'disconnect' }, { limits }, clock);
  await using silent = await silentReader(papertape);
  const { tap, session } = silent;
  papertape.run.play();
  const most = await watch(session, () => papertape.run.status.phase === 'ended', clock);
  expect(most).toBeLessThan(outbox + page);
  tap.socket.resume();
  await tap.end();
  const last = tap.frames.at(-1)?.toString() ?? '';
  expect(last).toContain('407');
  const heard = tap.frames.slice(3, -1).flatMap(idsIn);
  expect(heard).toEqual(heard.map((_, index) => index + 1));
  expect(heard.length).toBeLessThan(flood.length);
});

test('disconnect: a client that never reads again is dropped a second later', async () => {
  const clock = new ManualClock(opening);
  await using papertape = await serve(flood, { speed: 'max', backpressure: 'disconnect' }, { limits }, clock);
  await using silent = await silentReader(papertape);
  const { session } = silent;
  papertape.run.play();
  await watch(session, () => papertape.run.status.phase === 'ended', clock);
  await clock.advance(seconds(2));
  await expect.poll(() => papertape.run.status.sessions).toBe(0);
});

test('drop: who stops reading misses events, is told nothing, stays connected, and hears on in order', async () => {
  const clock = new ManualClock(opening);
  await using papertape = await serve(flood, { speed: 'max', backpressure: 'drop' }, { limits }, clock);
  await using silent = await silentReader(papertape);
  const { tap, session } = silent;
  papertape.run.play();
  const most = await watch(session, () => papertape.run.status.phase === 'ended', clock);
  expect(most).toBeLessThan(outbox + page);
  expect(session.dropped).toBeGreaterThan(0);
  expect(session.delivered + session.dropped).toBe(flood.length);
  tap.socket.resume();
  let count = 0;
  for (let seen = 3; count < session.delivered; seen++) {
    await tap.heard(seen + 1);
    count += idsIn(tap.frames[seen] ?? Buffer.alloc(0)).length;
  }
  const heard = tap.frames.slice(3).flatMap(idsIn);
  expect(heard).toEqual(heard.toSorted((a, b) => a - b));
  expect(new Set(heard).size).toBe(heard.length);
});

test('pause: the tape waits for who reads slowly, and nobody misses anything', async () => {
  const clock = new ManualClock(opening);
  await using papertape = await serve(
    flood,
    { speed: 'max', backpressure: 'pause', atEnd: 'close' },
    { limits },
    clock,
  );
  await using silent = await silentReader(papertape);
  const { tap, session } = silent;
  await using reader = await Listener.subscribed(`${papertape.url}/v2/iex`, all);
  papertape.run.play();
  const most = await watch(session, () => session.line.buffered > outbox / 2);
  expect(most).toBeLessThan(outbox + page);
  for (let turn = 0; turn < 200; turn++) await nextTurn();
  expect(papertape.run.status.phase).toBe('playing');
  tap.socket.resume();
  await Promise.all([tap.end(), reader.ended()]);
  expect(tap.frames.slice(3).flatMap(idsIn)).toHaveLength(flood.length);
  expect(reader.events).toHaveLength(flood.length);
});

test('pause: who does not read at all is sent away after the stall, and the tape plays on for the others', async () => {
  const clock = new ManualClock(opening);
  await using papertape = await serve(
    flood,
    { speed: 'max', backpressure: 'pause' },
    { limits: { outbox, stall: '3s' } },
    clock,
  );
  await using silent = await silentReader(papertape);
  const { session } = silent;
  await using reader = await Listener.subscribed(`${papertape.url}/v2/iex`, all);
  papertape.run.play();
  await watch(session, () => session.line.buffered > outbox / 2);
  await clock.advance(seconds(2.9));
  expect(papertape.run.status.sessions).toBe(2);
  await clock.advance(seconds(2));
  await reader.heard(flood.length);
  expect(reader.events).toHaveLength(flood.length);
  await expect.poll(() => papertape.run.status.sessions).toBe(1);
});

test('pause: with the smallest outbox a client that reads well loses neither time nor events', async () => {
  const clock = new ManualClock(opening);
  const few = flood.slice(0, 20_000);
  await using papertape = await serve(few, { speed: 'max' }, { limits: { outbox: '1KiB' } }, clock);
  await using reader = await Listener.subscribed(`${papertape.url}/v2/iex`, all);
  papertape.run.play();
  await reader.heard(few.length);
  expect(reader.events).toHaveLength(few.length);
});

test('who asks without end and never reads the answers is sent away before it fills the memory', async () => {
  const clock = new ManualClock(opening);
  await using papertape = await serve(flood.slice(0, 1), {}, { limits }, clock);
  await using silent = await silentReader(papertape);
  const { tap, session } = silent;
  const ping = Buffer.concat(Array.from({ length: 2000 }, () => maskedFrame(0x89, Buffer.alloc(125))));
  let most = 0;
  for (let round = 0; round < 200 && !tap.ended; round++) {
    await new Promise((resolve) => tap.socket.write(ping, resolve));
    most = Math.max(most, session.line.buffered);
  }
  await clock.advance(seconds(2));
  expect(most).toBeLessThan(4 * outbox);
  await expect.poll(() => papertape.run.status.sessions).toBe(0);
});

function idsIn(frame: Buffer): number[] {
  return [...frame.toString('latin1').matchAll(/"i":(\d+)/g)].map(([, id]) => Number(id));
}
