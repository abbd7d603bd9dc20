import { expect, test } from 'vitest';
import { ManualClock } from '../../../market/clock.ts';
import { seconds } from '../../../market/nanos.ts';
import type { ScenarioInput } from '../../../server/scenario/schema.ts';
import { opening, trade } from '../../helpers/events.ts';
import { iso } from '../../helpers/comer.ts';
import { RawClient } from '../../helpers/raw-client.ts';
import { serve } from '../../helpers/serve.ts';

type Timeline = NonNullable<ScenarioInput['timeline']>;
/** A silence of a minute between two trades. */
const tape = [trade(opening, { id: '1' }), trade(opening + seconds(60), { id: '2' })];

/** Kind and time, in seconds since the tape began to play, of all that a client hears of a minute where every event says when it is sent. */
async function stamps(timeline: Timeline): Promise<readonly string[]> {
  const start = opening + seconds(1_000_000);
  const clock = new ManualClock(start);
  const endpoints = { alpaca: { serverPing: 'off' } } as const;
  await using papertape = await serve(tape, { speed: 1, timestamps: 'now' }, { endpoints, timeline }, clock);
  await using client = await RawClient.open(`${papertape.url}/v2/iex`);
  client.say({ action: 'auth', key: 'k', secret: 's' });
  client.say({ action: 'subscribe', trades: ['AAPL'], statuses: ['AAPL'] });
  await client.heard(3);
  papertape.run.play();
  for (let second = 0; second < 63; second++) await clock.advance(seconds(1));
  await client.settled();
  const secondAt = new Map(Array.from({ length: 70 }, (_, index) => [iso(start + seconds(index)), index]));
  return client.elements
    .filter(({ T }) => T === 't' || T === 's')
    .map(({ T, t }) => `${String(T)} ${secondAt.get(String(t)) ?? String(t)}`);
}

test('what comes in a silence says when it is sent, not when the last event was', async () => {
  const twice = { id: 'twice', at: '0s', for: '90s', inject: { duplicate: { after: '7s' } } } as const;
  expect(await stamps([twice])).toEqual(['t 0', 't 7', 't 60']);
  const halt: Timeline[number] = {
    id: 'halt',
    at: '20s',
    for: '15s',
    inject: { halt: {} },
    target: { symbols: ['AAPL'] },
  };
  expect(await stamps([halt])).toEqual(['t 0', 's 20', 's 35', 't 60']);
});
