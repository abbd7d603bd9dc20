import { expect, test } from 'vitest';
import { ManualClock } from '../../market/clock.ts';
import { seconds } from '../../market/nanos.ts';
import { opening, trade } from '../helpers/events.ts';
import { RawClient } from '../helpers/raw-client.ts';
import { serve } from '../helpers/serve.ts';

const mute = { mute: {} };
const every = (count: number) => Array.from({ length: count }, (_, second) => trade(opening + seconds(second)));

test('a fault that is injected while the tape plays takes data from a client until its time is over', async () => {
  const clock = new ManualClock(opening);
  await using papertape = await serve(every(20), {}, {}, clock);
  const { run } = papertape;
  await using client = await RawClient.trades(papertape.streamUrl('/v2/iex'), 'k');
  run.play();
  await clock.advance(seconds(2.5));
  expect(await run.inject({ inject: mute, for: '5s' })).toMatchObject({
    id: 'now-1',
    fault: 'mute',
    sentence: 'no data comes while pings and requests are still answered; for 5s of real time.',
    byHand: true,
    since: opening + seconds(2.5),
    until: opening + seconds(7.5),
    strikes: 0,
    isOver: false,
  });
  await clock.advance(seconds(4));
  expect(run.liveFaults).toMatchObject([{ id: 'now-1', strikes: 4 }]);
  await clock.advance(seconds(4));
  expect(run.liveFaults).toEqual([]);
  await client.settled();
  expect(client.ids).toHaveLength(3 + 3);
  expect(papertape.trial.faults).toMatchObject([
    { step: 'now-1', phase: 'begins', tape: seconds(2.5) },
    { step: 'now-1', phase: 'strikes', times: 5, session: 1 },
    { step: 'now-1', phase: 'ends', tape: seconds(7.5) },
  ]);
  const told = papertape.trial.entries.filter(({ kind }) => kind === 'fault');
  expect(told).toMatchObject([{ phase: 'begins', step: 'now-1' }, { phase: 'strikes' }, { phase: 'ends' }]);
});

test.each([['waiting'], ['paused'], ['ended']])(
  'real time ends an injected fault while the tape is %s',
  async (phase) => {
    const clock = new ManualClock(opening);
    await using papertape = await serve(every(2), {}, {}, clock);
    const { run } = papertape;
    if (phase !== 'waiting') run.play();
    await clock.advance(seconds(phase === 'ended' ? 120 : 1));
    if (phase === 'paused') run.pause();
    expect(run.status.phase).toBe(phase);
    await run.inject({ inject: mute, for: '30s' });
    await clock.advance(seconds(29));
    expect(run.liveFaults).toHaveLength(1);
    await clock.advance(seconds(1));
    expect(run.liveFaults).toEqual([]);
  },
);

test('what is injected is lifted at once, and what the scenario began too', async () => {
  const clock = new ManualClock(opening);
  const timeline = [{ id: 'dark', at: '0s', for: 'run' as const, inject: mute }];
  await using papertape = await serve(every(9), {}, { timeline }, clock);
  const { run } = papertape;
  await using client = await RawClient.trades(papertape.streamUrl('/v2/iex'), 'k');
  run.play();
  await clock.advance(seconds(0.5));
  await run.inject({ id: 'mine', inject: mute, for: '10m', target: { symbols: ['AAPL'] } });
  expect(run.liveFaults).toMatchObject([
    { id: 'dark', byHand: false, until: undefined },
    { id: 'mine', byHand: true, target: { symbols: ['AAPL'] } },
  ]);
  expect([run.lift('dark'), run.lift('mine'), run.lift('mine')]).toEqual([true, true, false]);
  expect([run.liveFaults, clock.waiting > 0]).toEqual([[], true]);
  await clock.advance(seconds(1));
  await client.settled();
  expect(client.ids).toHaveLength(1);
});

test('a connection is closed at once, and such a fault needs no time', async () => {
  await using papertape = await serve(every(2));
  await using client = await RawClient.trades(papertape.streamUrl('/v2/iex'), 'k');
  const done = await papertape.run.inject({ inject: { close: { code: 1012, reason: 'bye' } } });
  expect(done).toMatchObject({ id: 'now-1', strikes: 1, isOver: true });
  await client.until(() => client.farewell !== undefined);
  expect(client.farewell).toEqual({ code: 1012, reason: 'bye' });
});

test('names never meet those of steps, nor those that are live', async () => {
  const rules = [{ id: 'now-1', when: { message: { every: 500 } }, inject: { drop: {} } }];
  await using papertape = await serve(every(2), {}, { rules });
  const { run } = papertape;
  expect(await run.inject({ inject: mute, for: '1m' })).toMatchObject({ id: 'now-2' });
  await expect(run.inject({ id: 'now-1', inject: mute, for: '1m' })).rejects.toThrow('now-1 is a step of the scenario');
  await expect(run.inject({ id: 'now-2', inject: mute, for: '1m' })).rejects.toThrow('or live already');
  run.lift('now-2');
  expect(await run.inject({ id: 'now-2', inject: mute, for: '1m' })).toMatchObject({ id: 'now-2' });
});

test.each([
  [{ inject: mute }, 'for: missing; add it, such as 30s'],
  [{ inject: mute, for: 'soon' }, 'for: soon – not understood; use a duration such as 250ms, 1.5s or 2m'],
  [{ inject: mute, for: '25h' }, 'too long to be remembered; use 24h or less'],
  [{ inject: { mut: {} }, for: '1s' }, 'inject.mut: unknown key; did you mean inject.mute?|did you mean mute?'],
  [{ inject: { close: { code: 5 } } }, 'inject.close.code'],
  [
    { inject: mute, for: '1s', target: { endpoint: 'alpaka' } },
    'target.endpoint: nothing answers there; did you mean alpaca?',
  ],
  [{ inject: mute, for: '1s', target: { symbols: ['APPL'] } }, 'target.symbols[0]: not played; did you mean AAPL?'],
  [{ inject: { reset: {} }, target: { symbols: ['AAPL'] } }, 'target.symbols: reset strikes a connection as a whole'],
])('%j is refused with its place and a way out', async (input, message) => {
  await using papertape = await serve(every(2));
  const parts = message.split('|').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  // What is wrong on purpose is spelled as a request would bring it.
  const given: Parameters<typeof papertape.run.inject>[0] = JSON.parse(JSON.stringify(input));
  await expect(papertape.run.inject(given)).rejects.toThrow(new RegExp(parts.join('|')));
  expect(papertape.run.liveFaults).toEqual([]);
});
