import * as fc from 'fast-check';
import { z } from 'zod';
import type { Channel } from '../../market/event.ts';
import { faultKinds } from '../../server/faults/index.ts';
import { aimlessParts } from '../../server/scenario/aim.ts';
import { rulesSchema, timelineSchema } from '../../server/scenario/steps.ts';
import type { ScenarioInput } from '../../server/scenario/schema.ts';

/** What goes wrong in a scenario that a property has made up. */
export interface Woes {
  readonly seed: number;
  readonly timeline: NonNullable<ScenarioInput['timeline']>;
  readonly rules: NonNullable<ScenarioInput['rules']>;
  readonly speed: 1 | 10 | 'max';
}

type Target = NonNullable<Woes['timeline'][number]['target']>;

/** Thousands of events of megabytes take longer than a property may. */
const small = { oversize: { size: '4KiB' } };
/** Every fault as one of the examples of its schema. */
const inject = fc.oneof(
  ...Object.entries(faultKinds).map(([name, { options }]) => {
    const examples = z.array(z.custom<never>()).parse(options.meta()?.['examples']);
    return fc.constantFrom(...examples).map((one) => ({ [name]: one, ...(name in small ? small : {}) }));
  }),
);
const about = {
  symbols: fc.constantFrom<string[]>(['AAPL'], ['AAPL', 'MSFT']),
  channels: fc.constantFrom<Channel[]>(['trade'], ['quote', 'trade']),
};
/** Anybody. */
const anybody = fc.record(
  {
    endpoint: fc.constantFrom('alpaca', 'alpaca/v2/iex', 'polygon'),
    sessions: fc.constantFrom<'oldest' | 'newest' | number[]>('oldest', 'newest', [1], [2, 3]),
    ...about,
  },
  { requiredKeys: [] },
);
/** Anybody but session 1, where that listens to `/v2/sip` with the key `bystander`. */
const notTheFirst = fc
  .tuple(
    fc.constantFrom<Target[]>(
      { endpoint: 'alpaca/v2/iex' },
      { endpoint: 'alpaca/v2/iex', sessions: 'newest' },
      { endpoint: 'polygon' },
      { sessions: [2] },
      { sessions: [2, 3, 4] },
      { key: 'key-0' },
      { key: 'asker' },
    ),
    fc.record(about, { requiredKeys: [] }),
  )
  .map(([whom, what]) => ({ ...whom, ...what }));

/** A target that its fault never looks at is refused. */
const isAimed = (step: object): boolean => {
  const read = ('when' in step ? rulesSchema : timelineSchema).parse([{ id: 'any', ...step }]);
  return read.every((one) => aimlessParts(one).length === 0);
};

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

function scenarioOf(target: fc.Arbitrary<Target>): fc.Arbitrary<Woes> {
  const common = {
    inject,
    target,
    for: fc.integer({ min: 1, max: 4000 }).map((span) => `${span}ms`),
    probability: fc.constantFrom(1, 0.5, 0.01),
    per: fc.constantFrom('message' as const, 'connection' as const),
    realtime: fc.constantFrom(false, false, true),
  };
  const step = fc
    .oneof(
      fc.record({ ...common, at: fc.integer({ min: 0, max: 15_000 }).map((span) => `${span}ms`) }),
      fc.record({ ...common, market: fc.constantFrom('10:30:05', 'open+1h') }),
      fc.record({ ...common, after: fc.constant('first'), plus: fc.constantFrom('0s', '1s') }),
    )
    .filter(isAimed);
  const rule = fc.record({ ...common, when: trigger, times: fc.integer({ min: 1, max: 2 }) }).filter(isAimed);
  return fc
    .record({
      seed: fc.nat(),
      first: fc.record({ ...common, at: fc.constantFrom('0s', '2s') }).filter(isAimed),
      timeline: fc.array(step, { maxLength: 5 }),
      rules: fc.array(rule, { maxLength: 3 }),
      speed: fc.constantFrom<Woes['speed'][]>(1, 10, 'max'),
    })
    .map(({ first, timeline, rules, ...rest }) => ({
      ...rest,
      timeline: [{ id: 'first', ...first }, ...timeline.map((one, index) => ({ id: `step-${index}`, ...one }))],
      rules: rules.map((one, index) => ({ id: `rule-${index}`, ...one })),
    }));
}

/** Scenarios made from the schema, whose every step ends. */
export const anyWoes = scenarioOf(anybody);
/** The same, with nothing aimed at session 1. */
export const woesOfOthers = scenarioOf(notTheFirst);
