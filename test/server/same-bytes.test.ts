import { expect, test } from 'vitest';
import { ManualClock } from '../../market/clock.ts';
import { seconds } from '../../market/nanos.ts';
import type { MarketEvent } from '../../market/event.ts';
import type { ScenarioInput } from '../../server/scenario/schema.ts';
import { opening, quote, trade } from '../helpers/events.ts';
import { Listener } from '../helpers/listener.ts';
import { serve } from '../helpers/serve.ts';
import { Wiretap } from '../helpers/wiretap.ts';

const msgpack = { 'Content-Type': 'application/msgpack' };
const deflate = { 'Sec-WebSocket-Extensions': 'permessage-deflate' };
const clients: readonly { path: string; headers: Readonly<Record<string, string>>; wishes: object }[] = [
  { path: '/v2/iex', headers: {}, wishes: { trades: ['*'], quotes: ['*'], bars: ['*'], dailyBars: ['*'] } },
  { path: '/v2/sip', headers: {}, wishes: { trades: ['AAPL'], bars: ['MSFT'] } },
  { path: '/v2/sip', headers: {}, wishes: { quotes: ['TSLA', 'AAPL'] } },
  { path: '/v2/iex', headers: msgpack, wishes: { trades: ['*'], quotes: ['*'] } },
  { path: '/v2/sip', headers: msgpack, wishes: { trades: ['TSLA'], updatedBars: ['*'], bars: ['*'] } },
  { path: '/v2/iex', headers: deflate, wishes: { trades: ['*'], quotes: ['*'] } },
];

/** Three minutes of three symbols: bursts, ties, and silences, over more than one page. */
function tape(): MarketEvent[] {
  let at = opening;
  return Array.from({ length: 1500 }, (_, index) => {
    at += [0n, 1n, 999n, 400_000n, 3_000_017n, 590_000_000n][(index * 7919) % 11] ?? 0n;
    const symbol = ['AAPL', 'MSFT', 'TSLA'][(index >> 2) % 3] ?? '';
    return index % 3 === 0
      ? quote(at, { symbol, bidPrice: 100 + index / 100 })
      : trade(at, { symbol, id: String(index), price: 100 + (index % 97) / 100 });
  });
}

/** Every byte each client was sent, apart from pings. */
async function record(replay: NonNullable<ScenarioInput['replay']>): Promise<Buffer[]> {
  const clock = new ManualClock(opening);
  // The clock runs faster than a client could answer pings.
  const endpoints = { alpaca: { serverPing: 'off' } } as const;
  await using papertape = await serve(tape(), { atEnd: 'close', ...replay }, { endpoints }, clock);
  const taps: Wiretap[] = [];
  for (const [index, { path, headers, wishes }] of clients.entries()) {
    const tap = await Wiretap.open(papertape.url + path, headers);
    tap.say({ action: 'auth', key: `key-${index}`, secret: 's' });
    await tap.heard(2);
    tap.say({ action: 'subscribe', ...wishes });
    await tap.heard(3);
    taps.push(tap);
  }
  papertape.run.play();
  for (let step = 0; papertape.run.status.phase !== 'ended' && step < 10_000; step++) await clock.advance(seconds(20));
  for (const tap of taps) await tap.end();
  return taps.map((tap) => Buffer.concat(tap.frames));
}

test('every session is sent the same bytes at 1x, 10x, 0.5x and max, run after run', async () => {
  const first = await record({ speed: 1 });
  expect(first.map((bytes) => bytes.length > 5000)).toEqual(clients.map(() => true));
  for (const speed of [10, 0.5, 'max', 'max', 1] as const) {
    const again = await record({ speed });
    again.forEach((bytes, index) =>
      expect(bytes.equals(first[index] ?? Buffer.alloc(0)), `${speed}, client ${index}`).toBe(true),
    );
  }
});

test('later loops repeat the bytes of the first', async () => {
  const once = await record({ speed: 'max' });
  for (const speed of [10, 'max'] as const) {
    const thrice = await record({ speed, mode: 'loop', loopCount: 3 });
    thrice.forEach((bytes, index) => {
      const greeting = once[index]?.subarray(0, bytes.length - 3 * pass(once[index], bytes)) ?? Buffer.alloc(0);
      const tail = once[index]?.subarray(greeting.length) ?? Buffer.alloc(0);
      expect(bytes.equals(Buffer.concat([greeting, tail, tail, tail])), `${speed}, client ${index}`).toBe(true);
    });
  }
});

test('a compressing client receives the same messages as a plain one', async () => {
  const clock = new ManualClock(opening);
  await using papertape = await serve(tape(), { speed: 'max', atEnd: 'close' }, {}, clock);
  const wishes = { trades: ['*'], quotes: ['AAPL'], bars: ['*'] };
  await using plain = await Listener.subscribed(`${papertape.url}/v2/iex`, wishes);
  await using packed = await Listener.subscribed(`${papertape.url}/v2/iex`, wishes, { deflate: true });
  expect(packed.socket.extensions).toContain('permessage-deflate');
  papertape.run.play();
  await Promise.all([plain.ended(), packed.ended()]);
  expect(plain.events.length).toBeGreaterThan(1000);
  expect(packed.frames).toEqual(plain.frames);
});

/** Bytes of one pass, from a recording of one and a recording of three. */
function pass(once: Buffer | undefined, thrice: Buffer): number {
  return (thrice.length - (once?.length ?? 0)) / 2;
}
