import { z } from 'zod';
import { namedBy, optionsOf } from '../plugs.ts';
import { backfill } from './backfill.ts';
import { backoff } from './backoff/index.ts';
import { connected } from './connected.ts';
import { connections } from './connections.ts';
import type { Expectation, ExpectationKind, Scene } from './expectation.ts';
import { frames } from './frames.ts';
import { never } from './never.ts';
import { order } from './order.ts';
import { posted } from './posted.ts';
import { reconnect } from './reconnect.ts';
import { resubscribe } from './resubscribe.ts';
import { retryAfter } from './retry-after.ts';
import { staleness } from './staleness.ts';
import { store } from './store.ts';

/** Everything a client may be asked to do, under the name a scenario calls it. A new expectation is a new line here. */
export const expectationKinds = {
  reconnect,
  backoff,
  connected,
  connections,
  resubscribe,
  staleness,
  retryAfter,
  backfill,
  frames,
  order,
  never,
  store,
  posted,
} as const satisfies Record<string, ExpectationKind>;

/** The `must` of an expectation: exactly one by name, with its options. */
export const expectationSchema = z
  .strictObject(optionsOf(expectationKinds))
  .partial()
  .refine((entry) => chosen(entry).length === 1, {
    error: `must name exactly one; use one of ${Object.keys(expectationKinds).join(', ')}, and an entry of its own for each`,
  })
  .meta({
    title: 'Must',
    description: 'What the client must do: exactly one, by name, with its options.',
    examples: [{ reconnect: { within: '5s' } }],
    minProperties: 1,
    maxProperties: 1,
  });
export type ExpectationEntry = z.output<typeof expectationSchema>;

/** The one expectation of a validated entry. */
export function chosenExpectation(entry: ExpectationEntry): {
  readonly sentence: string;
  open(scene: Scene): Expectation;
} {
  const [only] = chosen(entry);
  if (only === undefined)
    throw new TypeError('an expectation without a kind; validate it with expectationSchema first');
  const { kind, options } = only;
  return { sentence: kind.explain(options), open: (scene) => kind.open(options, scene) };
}

const chosen = (entry: Readonly<Record<string, unknown>>) => namedBy<ExpectationKind>(expectationKinds, entry);
