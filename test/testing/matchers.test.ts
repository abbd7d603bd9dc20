import { expect as jestExpect } from 'expect';
import { describe, expect, test } from 'vitest';
import { millis, seconds } from '../../market/nanos.ts';
import { papertapeMatchers, type PapertapeMatchers, type Subject } from '../../testing/index.ts';
import { scenes, Stage } from './scenes.ts';

expect.extend(papertapeMatchers);
jestExpect.extend(papertapeMatchers);

interface Asked extends PapertapeMatchers {
  readonly not: PapertapeMatchers;
}
const runners: readonly [string, (subject: Subject) => Asked][] = [
  ['vitest', expect],
  ['jest', jestExpect],
];

const reset = { timeline: [{ id: 'reset', at: '2s', inject: { reset: {} } }] };

/** What a matcher throws, as the reader of a failed test sees it. */
async function failureOf(stage: Stage, asked: Promise<void>): Promise<string> {
  const result = await stage.settled(asked);
  return result.status === 'rejected' ? String(result.reason) : 'passed';
}

test('there is a scene for every matcher', () => {
  expect(scenes.map(({ matcher }) => matcher).sort()).toEqual(Object.keys(papertapeMatchers).sort());
});

describe.each(runners)('with the expect of %s', (_, asking) => {
  test.each(scenes)(
    '$matcher says that nobody has come, and .not is no proof either',
    async ({ matcher, scenario, ask }) => {
      await using stage = await Stage.set(scenario);
      await stage.playFor(seconds(1));
      const plain = await failureOf(stage, ask(asking(stage.papertape), stage));
      const not = await failureOf(stage, ask(asking(stage.papertape).not, stage));
      if (matcher === 'toHaveNeverDone')
        expect([plain, not]).toEqual(['passed', expect.stringContaining('seen: never')]);
      else if (matcher === 'toHaveDone')
        expect([plain, not]).toEqual([expect.stringContaining('seen: never'), 'passed']);
      else for (const failure of [plain, not]) expect(failure).toContain('so: nobody has come to the exchange');
    },
  );

  test.each(scenes)('$matcher passes for a client that does', async ({ scenario, play, ask }) => {
    await using stage = await Stage.set(scenario);
    await play(stage, true);
    expect(await failureOf(stage, ask(asking(stage.papertape), stage))).toBe('passed');
    expect(await failureOf(stage, ask(asking(stage.papertape).not, stage))).toContain('expected not that ');
  });

  test.each(scenes)(
    '$matcher fails for a client that does not, and shows why',
    async ({ scenario, play, ask, seen }) => {
      await using stage = await Stage.set(scenario);
      await play(stage, false);
      const failure = await failureOf(stage, ask(asking(stage.papertape), stage));
      expect(failure).toContain('\n  expected: ');
      expect(failure).toMatch(/\n  seen: .+\n\n(?:journal|end of the journal):\n  #\d+ 0:\d\d\.\d{3} /);
      expect(failure).toContain(seen);
      expect(await failureOf(stage, ask(asking(stage.papertape).not, stage))).toBe('passed');
    },
  );
});

test('a client that was never put to the test proves nothing, whichever way it is asked', async () => {
  await using stage = await Stage.set(reset);
  await stage.trades();
  const plain = expect(stage.papertape).toReconnectWithin('5s', { timeout: '10ms' });
  const not = expect(stage.papertape).not.toReconnectWithin('5s', { timeout: '10ms' });
  for (const failure of await Promise.all([failureOf(stage, plain), failureOf(stage, not)])) {
    expect(failure).toContain(
      'nothing shows whether it is so: no connection has ended\n\nexpected that a client whose',
    );
  }
});

test('a matcher that is asked first waits for the connection to end and for its client to return', async () => {
  await using stage = await Stage.set(reset);
  const first = await stage.trades();
  const asked = stage.settled(expect(stage.papertape).toReconnectWithin('5s'));
  await stage.playFor(seconds(2));
  await first.ended();
  await stage.trades();
  expect(await asked).toMatchObject({ status: 'fulfilled' });
});

test('what has begun to count down is waited for to its end, however short the patience', async () => {
  await using stage = await Stage.set(reset);
  const first = await stage.trades();
  await stage.playFor(seconds(2));
  await first.ended();
  let isOver = false;
  const asked = expect(stage.papertape)
    .toReconnectWithin('5s', { timeout: '10ms' })
    .then(() => (isOver = true));
  await stage.clock.advance(millis(4900));
  expect(isOver).toBe(false);
  await stage.trades();
  expect(await asked).toBe(true);
});

test('with after, only what comes after that step counts, and a step that never begins is told', async () => {
  const again = { id: 'again', at: '6s', inject: { reset: {} } };
  await using stage = await Stage.set({ timeline: [...reset.timeline, again] });
  const first = await stage.trades();
  await stage.playFor(seconds(2));
  await first.ended();
  const second = await stage.trades();
  await expect(stage.papertape).toReconnectWithin('1s', { after: 'reset' });
  const early = expect(stage.papertape).toReconnectWithin('1s', { after: 'again', timeout: '1s' });
  expect(await failureOf(stage, early)).toContain('seen: the step again never began');
  await stage.playFor(seconds(6));
  await second.ended();
  const asked = expect(stage.papertape).toReconnectWithin('1s', { after: 'again' });
  expect(await failureOf(stage, asked)).toContain('is still not logged in after');
});

test('a fault that a test injects by hand is a step that matchers come after', async () => {
  await using stage = await Stage.set({});
  const client = await stage.trades();
  await stage.playFor(seconds(2));
  const { id } = await stage.papertape.run.inject({ inject: { reset: {} } });
  await client.ended();
  await stage.trades();
  await expect(stage.papertape).toReconnectWithin('1s', { after: id });
});

test('an expectation is of the clients of its target alone', async () => {
  await using stage = await Stage.set({ keys: [{ key: 'bot' }, { key: 'other' }] });
  await stage.trades();
  await expect(stage.papertape).toHaveDone('subscribe', { target: { key: 'bot' }, atLeast: 1, atMost: 1 });
  await expect(stage.papertape).toHaveNeverDone('subscribe', { target: { key: 'other' } });
  await expect(stage.papertape).not.toHaveNeverDone('subscribe', { target: { key: 'bot' } });
});

test.each<[string, (asked: Asked) => Promise<void>]>([
  ['"soon" is no time; use one such as \'5s\'', async (asked) => asked.toReconnectWithin('soon')],
  ['-1 is no time', async (asked) => asked.toReconnectWithin(-1)],
  ['NaN is no time', async (asked) => asked.toReconnectWithin(Number.NaN)],
  ['/"ACTION"/i: patterns have no flags here', async (asked) => asked.toHaveNeverDone(/"ACTION"/i)],
  ['no step is called rset; did you mean reset?', async (asked) => asked.toReconnectWithin(5, { after: 'rset' })],
  [
    'target.endpoint: nothing answers there; did you mean alpaca?',
    async (asked) => asked.toHaveNeverDone('ping', { target: { endpoint: 'alpca' } }),
  ],
  ['must.connections.atMost: ', async (asked) => asked.toHaveStayedWithinConnections(0)],
  ['channel: ', async (asked) => asked.toHaveReceivedEverything([], JSON.parse('{ "channel": "candle" }'))],
  ['the scenario expects nothing of its clients', async (asked) => asked.toHaveCoped()],
])('says "%s", also where not is asked', async (message, ask) => {
  await using stage = await Stage.set(reset);
  await expect(ask(expect(stage.papertape))).rejects.toThrow(message);
  await expect(ask(expect(stage.papertape).not)).rejects.toThrow(message);
});

test('only an exchange has clients', async () => {
  await expect(expect({ url: 'ws://127.0.0.1:1' }).toHaveCoped()).rejects.toThrow('what startPapertape() has returned');
});

test('a matcher that nobody awaited says so when its exchange is closed', async () => {
  const stage = await Stage.set(reset);
  const asked = expect(stage.papertape).toReconnectWithin('5s');
  const told = Promise.allSettled([asked]);
  await stage[Symbol.asyncDispose]();
  const reason = expect.objectContaining({
    message: 'the exchange was closed before toReconnectWithin was decided; await the matcher',
  });
  expect(await told).toEqual([{ status: 'rejected', reason }]);
});
