import { expect, test } from 'vitest';
import { ManualClock } from '../../../market/clock.ts';
import { seconds } from '../../../market/nanos.ts';
import type { ScenarioInput } from '../../../server/scenario/schema.ts';
import { book, opening } from '../../helpers/events.ts';
import { RawClient } from '../../helpers/raw-client.ts';
import { serve } from '../../helpers/serve.ts';

type Timeline = NonNullable<ScenarioInput['timeline']>;

/** Two whole books, and a change of the first ten seconds later. */
const tape = [
  book(opening),
  book(opening, { symbol: 'ETH/USD' }),
  book(opening + seconds(10), { reset: false, bids: [{ price: 64205.2, size: 1 }], asks: [] }),
  book(opening + seconds(60)),
];

/** What two clients hear of the books who subscribe five seconds into the tape; the fault is aimed at the first of them. */
async function heard(inject: Timeline[number]['inject'], target: object = {}): Promise<readonly (readonly string[])[]> {
  const clock = new ManualClock(opening);
  const step = { id: 'fault', at: '1s', for: '7s', inject, target: { key: 'struck', ...target } };
  await using papertape = await serve(
    tape,
    { speed: 1 },
    { endpoints: { alpaca: { serverPing: 'off' } }, timeline: [step] },
    clock,
  );
  papertape.run.play();
  await clock.advance(seconds(5));
  const told: string[][] = [];
  for (const key of ['struck', 'other']) {
    const client = await RawClient.open(`${papertape.url}/v1beta3/crypto/us`);
    client.say({ action: 'auth', key, secret: 's' });
    client.say({ action: 'subscribe', orderbooks: ['*'] });
    await client.settled();
    await clock.advance(seconds(0.5));
    await client.settled();
    const names = (): string[] =>
      client.elements
        .filter(({ T }) => T === 'o')
        .map(({ S, r, t }) => [S, r === true ? 'whole' : 'change', t].join(' '));
    const before = names().length;
    // The fault is over when the second has come and gone.
    if (key === 'other') await clock.advance(seconds(15));
    await client.settled();
    told.push(key === 'other' ? names() : names().slice(0, before));
    await client[Symbol.asyncDispose]();
  }
  return told;
}

const whole = ['BTC/USD whole 2026-07-01T14:30:00Z', 'ETH/USD whole 2026-07-01T14:30:00Z'];
const change = 'BTC/USD change 2026-07-01T14:30:10Z';

test('who is muted is not told the whole books either to which it subscribes; others are', async () => {
  expect(await heard({ mute: {} })).toEqual([[], [...whole, change]]);
});

test('a mute of one symbol or of another channel leaves the other books alone', async () => {
  expect(await heard({ mute: {} }, { symbols: ['BTC/USD'] })).toEqual([whole.slice(1), [...whole, change]]);
  expect(await heard({ mute: {} }, { channels: ['trade'] })).toEqual([whole, [...whole, change]]);
});

test('a whole book is doubled, and its times are moved, as those of the tape are', async () => {
  expect((await heard({ duplicate: {} }))[0]).toEqual(whole.flatMap((one) => [one, one]));
  expect((await heard({ stale: { by: '15m' } }))[0]).toEqual(whole.map((one) => one.replace('14:30', '14:15')));
});
