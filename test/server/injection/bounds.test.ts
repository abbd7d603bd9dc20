import { expect, test } from 'vitest';
import { opening, trade } from '../../helpers/events.ts';
import { serve } from '../../helpers/serve.ts';
import { chosenFault } from '../../../server/faults/index.ts';
import { Injection } from '../../../server/injection/injection.ts';
import { RunningRule } from '../../../server/injection/running-rule.ts';
import { parseScenario } from '../../../server/scenario/index.ts';

test('a fault that more clients ask than it remembers forgets who has been quiet longest, and every report says so', async () => {
  const timeline = [{ id: 'half', at: '0s', for: 'run', probability: 0.5, inject: { rejectRequest: { status: 500 } } }];
  await using papertape = await serve([trade(opening)], { startOn: 'command' }, { timeline });
  const { injector } = papertape.run.chronicle;
  const meet = (client: number) => injector.request('alpaca', '/v2/stocks/trades', `key ${client}`)[0];
  const [first, second] = [meet(1), meet(2)];
  expect(first).toBeDefined();
  expect(meet(1)).toBe(first);
  for (let client = 3; client <= 10_000; client++) meet(client);
  expect([meet(2) === second, injector.beyond()]).toEqual([true, []]);
  meet(10_001);
  expect([meet(1) === first, meet(2) === second]).toEqual([false, true]);
  const sentence =
    'more than 10000 clients asked over HTTP while half lasted: it meets 2 clients as if for the first time';
  const verdict = await papertape.trial.verdict();
  expect(JSON.parse(await papertape.trial.report('json', verdict))).toMatchObject({ beyond: [sentence] });
  expect(await papertape.trial.report('html', verdict)).toContain(`<li>${sentence}</li>`);
  expect(await papertape.trial.report('junit', verdict)).toContain(`<property name="beyond" value="${sentence}"/>`);
});

test('a rule that more clients have set off than it remembers forgets what is over first, then the oldest, which is told', async () => {
  const { scenario } = await parseScenario(
    `name: t
tapes: [{ synthetic: {} }]
rules: [{ id: slow, when: { client: { does: request } }, for: 1h, inject: { rejectRequest: { status: 500 } } }]`,
    't.yaml',
  );
  const [rule] = scenario.rules;
  if (rule === undefined) throw new Error('the scenario has a rule');
  const running = new RunningRule(rule);
  const aim = (client: number) => ({ session: 0, exchange: 'alpaca', path: '/v2', key: `key ${client}` });
  const begin = (client: number): Injection => {
    const terms = {
      step: rule.id,
      source: rule,
      began: { wall: 0n, tape: 0n },
      fault: chosenFault(rule.inject),
      target: {},
      sessions: undefined,
      by: undefined,
    } as const;
    const odds = { times: Infinity, probability: 1, per: 'message', realtime: false, occurrence: 0, seed: 1 } as const;
    const injection = new Injection(
      { ...terms, ...odds },
      () => undefined,
      () => undefined,
    );
    running.began(injection, aim(client));
    return injection;
  };
  const begun = Array.from({ length: 10_000 }, (_, client) => begin(client));
  begun[7]?.end();
  begin(10_000);
  expect([0, 7, 10_000].map((client) => running.isSpent(aim(client)))).toEqual([true, false, true]);
  expect(running.beyond).toEqual([]);
  begin(10_001);
  expect([0, 1, 10_001].map((client) => running.isSpent(aim(client)))).toEqual([false, true, true]);
  expect(running.beyond).toEqual([
    'more than 10000 clients over HTTP had slow under way at once: 1 client may have set it off once more before it was over',
  ]);
});
