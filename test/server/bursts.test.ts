import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { ManualClock } from '../../market/clock.ts';
import { seconds } from '../../market/nanos.ts';
import { opening, trade } from '../helpers/events.ts';
import { serve } from '../helpers/serve.ts';
import { Wiretap } from '../helpers/wiretap.ts';

// Ten trades a millisecond, over several of the timeline's pages: wherever a burst ends by count, it ends inside a window.
const tape = Array.from({ length: 20_000 }, (_, index) =>
  trade(opening + BigInt(Math.floor(index / 10)) * 1_000_000n, { id: String(index) }),
);

async function bytesAt(speed: number | 'max', listeners: number, outbox: string): Promise<string> {
  const clock = new ManualClock(opening);
  const endpoints = { alpaca: { serverPing: 'off' } } as const;
  await using papertape = await serve(tape, { speed, atEnd: 'close' }, { endpoints, limits: { outbox } }, clock);
  const taps: Wiretap[] = [];
  for (let index = 0; index < listeners; index++) {
    const tap = await Wiretap.open(`${papertape.url}/v2/iex`);
    tap.say({ action: 'auth', key: `key-${index}`, secret: 's' });
    await tap.heard(2);
    tap.say({ action: 'subscribe', trades: ['*'] });
    await tap.heard(3);
    taps.push(tap);
  }
  papertape.run.play();
  for (let step = 0; papertape.run.status.phase !== 'ended' && step < 1000; step++) await clock.advance(seconds(5));
  for (const tap of taps) await tap.end();
  const hashes = taps.map((tap) => createHash('sha256').update(Buffer.concat(tap.frames)).digest('hex'));
  expect(new Set(hashes).size).toBe(1);
  return `${taps[0]?.frames.length} frames, ${hashes[0]}`;
}

test('how many listen, and how much may wait for them, changes no byte', async () => {
  const alone = await bytesAt(1, 1, '1MiB');
  expect(await bytesAt('max', 1, '1MiB')).toBe(alone);
  expect(await bytesAt('max', 1, '64KiB')).toBe(alone);
  expect(await bytesAt('max', 300, '1MiB')).toBe(alone);
});

test('a window too big for one frame is cut in the same places, whatever others want of it', async () => {
  const burst = Array.from({ length: 3000 }, (_, index) =>
    trade(opening, { symbol: index % 2 === 0 ? 'MSFT' : 'AAPL', id: String(index) }),
  );
  const heardBeside = async (others: readonly string[]): Promise<readonly string[]> => {
    const clock = new ManualClock(opening);
    const endpoints = { polygon: {} } as const;
    await using papertape = await serve(burst, { speed: 'max', atEnd: 'close' }, { endpoints }, clock);
    const taps: Wiretap[] = [];
    for (const params of ['T.AAPL', ...others]) {
      const tap = await Wiretap.open(`${papertape.url}/stocks`);
      await tap.heard(1);
      tap.say({ action: 'auth', params: `key-${taps.length}` });
      await tap.heard(2);
      tap.say({ action: 'subscribe', params });
      await tap.heard(3);
      taps.push(tap);
    }
    papertape.run.play();
    while (papertape.run.status.phase !== 'ended') await clock.turn();
    // Nobody answers the Close frames.
    await clock.advance(seconds(2));
    for (const tap of taps) await tap.end();
    return (taps[0]?.frames ?? []).map((frame) => createHash('sha256').update(frame).digest('hex'));
  };
  const alone = await heardBeside([]);
  expect(alone.length).toBeGreaterThan(5);
  expect(await heardBeside(['T.*'])).toEqual(alone);
});
