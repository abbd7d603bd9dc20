import { expect } from 'vitest';
import { ManualClock } from '../../market/clock.ts';
import { millis, seconds } from '../../market/nanos.ts';
import type { Papertape } from '../../server/index.ts';
import type { ScenarioInput } from '../../server/scenario/schema.ts';
import { opening, trade } from './events.ts';
import { RawClient } from './raw-client.ts';
import { serve } from './serve.ts';

/**
 * A trade of OPEN, and then two trades a second for 19 seconds, one of AAPL and one of MSFT, with the number of the second, from 0, as
 * their id. The first leaves as soon as the tape plays, so that nobody who is not there yet misses anything else.
 */
const tape = [
  trade(opening, { symbol: 'OPEN', id: '0' }),
  ...Array.from({ length: 19 }, (_, index) =>
    ['AAPL', 'MSFT'].map((symbol) => trade(opening + seconds(index + 1), { symbol, id: String(index + 1) })),
  ).flat(),
];

/** Where a test does to its clients what it likes, while a bystander, who is session 1, listens. */
export interface Scene {
  readonly papertape: Papertape;
  /** Of the stream that most tests use, `/v2/iex`. */
  readonly url: string;
  readonly clock: ManualClock;
  /** Plays up to three quarters past this second of the tape, and lets the bystander hear all of it. */
  readonly until: (second: number) => Promise<void>;
  /** Connects to `/v2/iex`, logs in and subscribes to the trades of AAPL. */
  readonly join: (key: string) => Promise<RawClient>;
}

type Timeline = NonNullable<ScenarioInput['timeline']>;
type Rules = NonNullable<ScenarioInput['rules']>;

/**
 * Plays a tape twice to a bystander: undisturbed, and with this timeline, while `act` meets what goes wrong; `more`: what is the same both
 * times. Asserts that the bystander
 * has received the same bytes to the last one, and that its connection is open to the end.
 */
export async function beside(
  timeline: Timeline,
  act: (scene: Scene) => Promise<void>,
  rules: Rules = [],
  more: Partial<ScenarioInput> = {},
): Promise<void> {
  const undisturbed = await listen(more, async () => undefined);
  const disturbed = await listen({ ...more, timeline, rules }, act);
  expect(disturbed.length).toBeGreaterThan(1000);
  expect(disturbed.equals(undisturbed)).toBe(true);
}

async function listen(scenario: Partial<ScenarioInput>, act: (scene: Scene) => Promise<void>): Promise<Buffer> {
  const clock = new ManualClock(opening);
  // The clock runs faster than a client could answer pings.
  const endpoints = { alpaca: { serverPing: 'off' }, polygon: { serverPing: 'off' }, twelvedata: {} } as const;
  await using papertape = await serve(tape, { speed: 1 }, { endpoints, ...scenario }, clock);
  const url = `${papertape.url}/v2/iex`;
  await using bystander = await RawClient.trades(url, 'bystander');
  papertape.run.play();
  const until = async (second: number): Promise<void> => {
    await clock.advance(opening + seconds(second) + millis(750) - clock.now());
    await bystander.until(() => bystander.ids.length > 2 * Math.min(second, 19));
  };
  await act({
    papertape,
    url,
    clock,
    until,
    join: async (key) => await RawClient.trades(url, key, ['AAPL']),
  });
  if (clock.now() < opening + seconds(20)) await until(20);
  await bystander.settled();
  expect(bystander.end).toBeUndefined();
  return bystander.received;
}
