import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { ManualClock, turn } from '../../../market/clock.ts';
import type { Channel } from '../../../market/event.ts';
import { millis, seconds } from '../../../market/nanos.ts';
import { faultKinds } from '../../../server/faults/index.ts';
import { aimlessParts } from '../../../server/scenario/aim.ts';
import { scenarioSchema } from '../../../server/scenario/schema.ts';
import { rulesSchema, timelineSchema } from '../../../server/scenario/steps.ts';
import { opening, quote, trade } from '../../helpers/events.ts';
import { RawClient } from '../../helpers/raw-client.ts';
import { serve } from '../../helpers/serve.ts';

/** Ten seconds, over and over. */
const events = Array.from({ length: 50 }, (_, index) =>
  (index % 3 === 0 ? quote : trade)(opening + millis(index * 200), { symbol: ['AAPL', 'MSFT'][index % 2] ?? '' }),
);

/** Every fault as one of the examples of its schema. */
const inject = fc.oneof(
  ...Object.entries(faultKinds).map(([name, { options }]) => {
    const examples = z.array(z.custom<never>()).parse(options.meta()?.['examples']);
    return fc.constantFrom(...examples).map((one) => ({ [name]: one }));
  }),
);
const target = fc.record(
  {
    endpoint: fc.constantFrom('alpaca', 'alpaca/v2/iex', 'polygon'),
    sessions: fc.constantFrom<'oldest' | 'newest' | number[]>('oldest', 'newest', [1], [2, 3]),
    symbols: fc.constantFrom<string[]>(['AAPL'], ['AAPL', 'MSFT']),
    channels: fc.constantFrom<Channel[]>(['trade'], ['quote', 'trade']),
  },
  { requiredKeys: [] },
);
const common = {
  inject,
  target,
  for: fc.integer({ min: 1, max: 4000 }).map((span) => `${span}ms`),
  probability: fc.constantFrom(1, 0.5, 0.01),
  per: fc.constantFrom('message' as const, 'connection' as const),
};
/** A target that its fault never looks at is refused. */
const aimable = (step: object): boolean => {
  const read = ('when' in step ? rulesSchema : timelineSchema).parse([{ id: 'any', ...step }]);
  return read.every((one) => aimlessParts(one).length === 0);
};
const step = fc
  .oneof(
    fc.record({ ...common, at: fc.integer({ min: 0, max: 15_000 }).map((span) => `${span}ms`) }),
    fc.record({ ...common, market: fc.constantFrom('10:30:05', 'open+1h') }),
    fc.record({ ...common, after: fc.constant('first'), plus: fc.constantFrom('0s', '1s') }),
  )
  .filter(aimable);
const trigger = fc.constantFrom(
  { interval: '3s' },
  { market: '10:30:02' },
  { message: { every: 7 } },
  { message: { nth: 3 } },
  { rate: { above: '2/s' } },
  { connection: { nth: 2 } },
  ...(['login', 'subscribe', 'unsubscribe', 'ping', 'request'] as const).map((does) => ({
    client: { does, every: 1 },
  })),
);
const rule = fc.record({ ...common, when: trigger, times: fc.integer({ min: 1, max: 2 }) }).filter(aimable);

const scenario = fc
  .record({
    seed: fc.nat(),
    first: fc.record({ ...common, at: fc.constantFrom('0s', '2s') }).filter(aimable),
    timeline: fc.array(step, { maxLength: 5 }),
    rules: fc.array(rule, { maxLength: 3 }),
    speed: fc.constantFrom(1, 10),
  })
  .map(({ seed, first, timeline, rules, speed }) => ({
    seed,
    speed,
    timeline: [{ id: 'first', ...first }, ...timeline.map((one, index) => ({ id: `step-${index}`, ...one }))],
    rules: rules.map((one, index) => ({ id: `rule-${index}`, ...one })),
  }));

const resources = (): string =>
  JSON.stringify(
    process
      .getActiveResourcesInfo()
      .filter((one) => /TCP|Timeout/.test(one))
      .sort(),
  );

/** Connects, whatever is in the way, and waits up to ten seconds of the tape for three trades. */
async function hearsTheTape(url: string, clock: ManualClock, key: string): Promise<boolean> {
  await using client = await RawClient.knock(url);
  client.say({ action: 'auth', key, secret: 's' });
  client.say({ action: 'subscribe', trades: ['*'] });
  for (let quarter = 0; quarter < 40 && client.end === undefined; quarter++) {
    await clock.advance(millis(250));
    if (client.texts.join('').split('"T":"t"').length > 3) return true;
  }
  return false;
}

test(
  'whatever goes wrong ends, a client that comes back hears the tape, and nothing is left behind',
  { timeout: 60_000 },
  async () => {
    let before: string | undefined;
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(scenario, async ({ speed, ...steps }) => {
        expect(scenarioSchema.safeParse({ name: 'x', tapes: [{ file: 'x.csv' }], ...steps }).error).toBeUndefined();
        const clock = new ManualClock(opening);
        const endpoints = { alpaca: { serverPing: 'off' }, polygon: { serverPing: 'off' } } as const;
        const papertape = await serve(events, { speed, mode: 'loop' }, { endpoints, ...steps }, clock);
        const url = `${papertape.url}/v2/iex`;
        const clients = [url, `${papertape.url}/v2/sip`].map(async (one) => await RawClient.knock(one));
        for (const [index, client] of (await Promise.all(clients)).entries()) {
          client.say({ action: 'auth', key: `key-${index}`, secret: 's' });
          client.say({ action: 'subscribe', trades: ['*'], quotes: ['*'] });
        }
        await clock.advance(millis(10));
        papertape.run.play();
        for (let second = 0; second < 60; second++) await clock.advance(seconds(1));
        let healthy = false;
        for (let attempt = 0; attempt < 20 && !healthy; attempt++) {
          healthy = await hearsTheTape(url, clock, `again-${attempt}`);
        }
        for (const client of await Promise.all(clients)) await client[Symbol.asyncDispose]();
        await papertape[Symbol.asyncDispose]();
        runs++;
        expect(healthy).toBe(true);
        // Sockets that were destroyed take a few turns; the first run loads what all need.
        const isClean = (): boolean => clock.waiting === 0 && before !== undefined && resources() === before;
        for (let turns = 0; turns < 200 && !isClean(); turns++) await turn();
        expect(clock.waiting).toBe(0);
        expect(resources()).toBe((before ??= resources()));
      }),
      { numRuns: 25, interruptAfterTimeLimit: 12_000, markInterruptAsFailure: false },
    );
    expect(runs).toBeGreaterThan(2);
  },
);
