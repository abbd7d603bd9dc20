import { once } from 'node:events';
import { expect, test } from 'vitest';
import { ManualClock } from '../../../market/clock.ts';
import { millis, seconds } from '../../../market/nanos.ts';
import type { Papertape } from '../../../server/index.ts';
import { opening, trade } from '../../helpers/events.ts';
import { Listener } from '../../helpers/listener.ts';
import { serve } from '../../helpers/serve.ts';
import { maskedFrame } from '../../helpers/raw-frames.ts';
import { Wiretap } from '../../helpers/wiretap.ts';

/** A trade every half second. */
const trades = Array.from({ length: 20 }, (_, index) =>
  trade(opening + millis(500 * index), { id: String(index + 1) }),
);
const all = { trades: ['*'] };

interface Scene extends AsyncDisposable {
  readonly papertape: Papertape;
  readonly clock: ManualClock;
  /** The first session, whose line is bent from the first to the fifth second. */
  readonly bent: Listener;
  readonly other: Listener;
}

async function bend(inject: object, rest: object = {}, tape = trades): Promise<Scene> {
  const clock = new ManualClock(opening);
  const timeline = [{ id: 'bend', at: '1s', for: '4s', inject, target: { sessions: [1] } }];
  const papertape = await serve(tape, { frameWindow: '0s' }, { timeline, ...rest }, clock);
  const bent = await Listener.subscribed(`${papertape.url}/v2/iex`, all);
  const other = await Listener.subscribed(`${papertape.url}/v2/iex`, all);
  papertape.run.play();
  return {
    papertape,
    clock,
    bent,
    other,
    async [Symbol.asyncDispose]() {
      await papertape[Symbol.asyncDispose]();
      for (const listener of [bent, other]) await listener[Symbol.asyncDispose]();
    },
  };
}

const firstLine = ({ papertape }: Scene) => [...papertape.run.sessions][0]?.line;
const ids = ({ events }: Listener): unknown[] => events.map(({ i }) => i);
const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

test('latency: what one session is sent comes later, in its order; the other never feels it, and it ends', async () => {
  await using scene = await bend({ latency: { mean: '200ms' } });
  const { clock, bent, other } = scene;
  await clock.advance(millis(1600));
  await other.heard(4);
  await other.settled();
  expect(ids(other)).toEqual(upTo(4));
  expect(ids(bent)).toEqual(upTo(3));
  expect(firstLine(scene)?.buffered).toBeGreaterThan(0);
  await clock.advance(millis(100));
  await bent.heard(4);
  await clock.advance(millis(3400));
  await bent.heard(11);
  expect(firstLine(scene)?.buffered).toBe(0);
  expect(ids(bent)).toEqual(upTo(11));
});

test('drip: every byte is a segment of its own, and together they are frames', async () => {
  const clock = new ManualClock(opening);
  const timeline = [{ id: 'drip', at: '1s', for: '4s', inject: { drip: { pause: '10ms' } } }];
  await using papertape = await serve(trades, { frameWindow: '0s' }, { timeline }, clock);
  await using tap = await Wiretap.open(`${papertape.url}/v2/iex`);
  tap.say({ action: 'auth', key: 'tap', secret: 's' });
  tap.say({ action: 'subscribe', ...all });
  await tap.heard(3);
  papertape.run.play();
  await clock.advance(millis(999));
  await tap.heard(5);
  const sizes: number[] = [];
  tap.socket.on('data', (chunk) => sizes.push(chunk.length));
  for (let count = 1; count <= 40; count++) {
    const arrived = once(tap.socket, 'data');
    await clock.advance(count === 1 ? millis(1) : millis(10));
    await arrived;
  }
  expect(sizes).toEqual(Array.from({ length: 40 }, () => 1));
  await clock.advance(seconds(9));
  await tap.heard(23);
  expect(tap.frames.slice(3).map((frame) => /"i":(\d+)/.exec(frame.toString())?.[1])).toEqual(upTo(20).map(String));
});

test('slice: frames come in pieces and are whole in the end', async () => {
  await using scene = await bend({ slice: { bytes: 16, pause: '1ms' } });
  const { clock, bent, other } = scene;
  await clock.advance(seconds(9.9));
  await Promise.all([bent.heard(20), other.heard(20)]);
  expect(bent.events).toEqual(other.events);
});

test('bandwidth: who falls too far behind hears so as a slow client, after what still came, and is let go', async () => {
  const dense = Array.from({ length: 600 }, (_, index) =>
    trade(opening + millis(5 * index), { id: String(index + 1) }),
  );
  await using scene = await bend({ bandwidth: { rate: '1KiB' } }, { limits: { outbox: 2048 } }, dense);
  const { clock, bent, other } = scene;
  await clock.advance(seconds(1.5));
  await other.heard(301);
  expect(firstLine(scene)?.buffered).toBeGreaterThan(1500);
  expect(bent.closeCode).toBeUndefined();
  await clock.advance(seconds(3));
  await bent.ended();
  expect(bent.closeCode).toBe(1006);
  expect(bent.controls.at(-1)).toMatchObject({ T: 'error', code: 407 });
  expect(ids(bent)).toEqual(upTo(bent.events.length));
  expect(bent.events.length).toBeLessThan(260);
  await other.heard(600);
  expect(ids(other)).toEqual(upTo(600));
});

test('half open: nothing arrives any more, not even a pong or the end, until the connection is reset', async () => {
  await using scene = await bend({ halfOpen: {} });
  const { clock, bent, other } = scene;
  await clock.advance(millis(999));
  await Promise.all([bent.heard(2), other.heard(2)]);
  let pongs = 0;
  bent.socket.on('pong', () => pongs++);
  await clock.advance(seconds(3.5));
  bent.socket.ping();
  await other.heard(9);
  await other.settled();
  expect([bent.events.length, pongs, bent.closeCode]).toEqual([2, 0, undefined]);
  await clock.advance(seconds(1));
  await bent.ended();
  expect([bent.events.length, pongs, bent.closeCode]).toEqual([2, 0, 1006]);
  await expect.poll(() => scene.papertape.run.status.sessions).toBe(1);
});

test('a client that says goodbye in the middle of a frame gets the rest of it, and then the answer', async () => {
  const clock = new ManualClock(opening);
  const rules = [{ id: 'drip', for: 'run', inject: { drip: { pause: '10ms' } } }];
  await using papertape = await serve(trades, {}, { rules }, clock);
  await using tap = await Wiretap.open(`${papertape.url}/stocks`);
  const chunks: Buffer[] = [];
  tap.socket.on('data', (chunk) => chunks.push(chunk));
  await clock.advance(millis(50));
  tap.socket.write(maskedFrame(0x88, Buffer.from([0x03, 0xe8])));
  const line = [...papertape.run.sessions][0]?.line;
  while (!tap.ended) await clock.advance(millis(10));
  expect(line?.buffered).toBe(0);
  expect(tap.frames.map((frame) => frame.subarray(2).toString())).toEqual([expect.stringContaining('connected')]);
  expect(Buffer.concat(chunks).subarray(-4)).toEqual(Buffer.from([0x88, 0x02, 0x03, 0xe8]));
});

test('a server that closes does not wait for what a fault holds back', async () => {
  for (const inject of [{ latency: { mean: '1h' } }, { halfOpen: {} }, { drip: { pause: '1m' } }]) {
    const scene = await bend(inject);
    await scene.clock.advance(seconds(3));
    await scene.other.heard(7);
    await scene[Symbol.asyncDispose]();
    await expect.poll(() => scene.papertape.run.status.sessions).toBe(0);
  }
});
