import { expect, test } from 'vitest';
import { ManualClock } from '../../market/clock.ts';
import { seconds } from '../../market/nanos.ts';
import type { JournalEntry, Papertape } from '../../server/index.ts';
import type { ScenarioInput } from '../../server/scenario/schema.ts';
import { opening, trade } from '../helpers/events.ts';
import { Listener } from '../helpers/listener.ts';
import { serve } from '../helpers/serve.ts';

const events = Array.from({ length: 20 }, (_, index) => trade(opening + seconds(index), { id: String(index + 1) }));
const broken: Partial<ScenarioInput> = {
  timeline: [
    { id: 'mute', at: '2s', for: '4s', inject: { mute: {} } },
    { id: 'reset', at: '10s', inject: { reset: {} } },
  ],
  expect: [
    { id: 'back', after: 'reset', must: { reconnect: { within: '5s' } } },
    { id: 'single', must: { connections: { atMost: 1 } }, severity: 'warn' },
  ],
};

/** The same client, each time it comes. */
async function subscribed(url: string): Promise<Listener> {
  const listener = await Listener.connect(url);
  await listener.ask({ action: 'auth', key: 'the-client', secret: 'secret' }, 2);
  await listener.ask({ action: 'subscribe', trades: ['*'] });
  return listener;
}

/** Plays it all to one client, which comes back three seconds after its reset if it is to. */
async function played(papertape: Papertape, clock: ManualClock, returns: boolean): Promise<void> {
  const url = `${papertape.url}/v2/iex`;
  await using first = await subscribed(url);
  papertape.run.play();
  await clock.advance(seconds(10));
  await first.ended();
  await clock.advance(seconds(3));
  if (returns) {
    await using second = await subscribed(url);
    await clock.advance(seconds(7));
    await second.heard(2);
  }
  // The last trade is not the end: the bar of its minute comes later.
  for (let turn = 0; papertape.run.status.phase !== 'ended' && turn < 100; turn++) await clock.advance(seconds(5));
}

test('a program asks how each expectation stands, whether all is decided, and for the verdict and its reports', async () => {
  const clock = new ManualClock(opening);
  await using papertape = await serve(events, { speed: 1 }, broken, clock);
  const { trial } = papertape;
  const heard: JournalEntry[] = [];
  const deaf = trial.listen((entry) => heard.push(entry));
  expect((await trial.standings()).map(({ id, outcome }) => [id, outcome])).toEqual([
    ['back', 'open'],
    ['single', 'open'],
  ]);
  expect(await trial.isDecided()).toBe(false);
  await played(papertape, clock, true);
  expect(await trial.isDecided()).toBe(true);
  const verdict = await trial.verdict();
  expect(verdict).toMatchObject({ passed: true, counts: { met: 2, failed: 0, warned: 0 } });
  expect(heard).toEqual(trial.entries);
  expect(trial.faults.map(({ step, phase, tape }) => [step, phase, tape])).toEqual([
    ['mute', 'begins', seconds(2)],
    ['mute', 'strikes', expect.any(BigInt)],
    ['mute', 'ends', seconds(6)],
    ['reset', 'begins', seconds(10)],
    ['reset', 'strikes', seconds(10)],
    ['reset', 'ends', seconds(10)],
  ]);
  expect(await trial.report('junit', verdict)).toContain('<testsuites name="papertape" tests="2" failures="0"');
  expect(JSON.parse(await trial.report('json', verdict, { version: '9', again: 'again' }))).toMatchObject({
    papertape: '9',
    passed: true,
    run: { again: 'again' },
  });
  expect(await trial.report('html', verdict)).toContain('PASSED');
  deaf();
});

test('what is still open at the verdict is unmet, and a verdict of another trial is not reported', async () => {
  const clock = new ManualClock(opening);
  await using papertape = await serve(events, { speed: 1 }, broken, clock);
  await played(papertape, clock, false);
  const verdict = await papertape.trial.verdict();
  expect(verdict).toMatchObject({ passed: false, counts: { met: 1, failed: 1 } });
  await using other = await serve(events, { speed: 1 }, broken, new ManualClock(opening));
  await expect(other.trial.report('json', verdict)).rejects.toThrow('not a verdict of this trial');
});
