import { expect, test } from 'vitest';
import { turn } from '../../market/clock.ts';
import { seconds } from '../../market/nanos.ts';
import { type Papertape, startPapertape } from '../../server/index.ts';
import { papertapeMatchers } from '../../testing/index.ts';
import { opening, trade as tradeOf } from '../helpers/events.ts';
import { resources } from '../helpers/leftovers.ts';
import { memorySource } from '../helpers/memory-source.ts';
import { RawClient } from '../helpers/raw-client.ts';

expect.extend(papertapeMatchers);

const many = 200;
const numbers = Array.from({ length: many }, (_, index) => index);

/** The trades on a tape that nobody else has. */
const idsOf = (number: number): readonly number[] => [1000 + number, 2000 + number];

/** An exchange with a tape, a key and a fault of its own: a third resets its client, a third refuses to subscribe it. */
async function open(number: number): Promise<Papertape> {
  const id = `step-${number}`;
  const symbol = `S${number}`;
  return await startPapertape({
    scenario: {
      tapes: [{ file: 'in-memory.ndjson' }],
      replay: { mode: 'single_pass', startOn: 'command', speed: 'max' },
      endpoints: { alpaca: {} },
      keys: [{ key: `key-${number}`, secret: 's' }],
      timeline:
        number % 3 === 1
          ? [{ id, at: '500ms', inject: { reset: {} } }]
          : number % 3 === 2
            ? [{ id, at: '0s', for: 'run', inject: { refuseSubscription: {} } }]
            : [],
    },
    tapes: [
      memorySource(idsOf(number).map((trade, at) => tradeOf(opening + seconds(at), { symbol, id: String(trade) }))),
    ],
  });
}

/** What one client hears on its exchange, from the first word to the last. */
async function hear(papertape: Papertape, number: number): Promise<readonly unknown[]> {
  await using stranger = await RawClient.open(papertape.streamUrl('/v2/iex'));
  stranger.say({ action: 'auth', key: `key-${(number + 1) % many}`, secret: 's' });
  await stranger.heard(2);
  expect(stranger.elements[1]).toMatchObject({ T: 'error', msg: 'auth failed' });
  await using client = await RawClient.trades(papertape.streamUrl('/v2/iex'), papertape.key);
  papertape.run.play();
  if (number % 3 === 1) await client.ended();
  else if (number % 3 === 0) await client.until(() => client.ids.length > 1);
  else await client.settled();
  const { trial } = papertape;
  expect(trial.entries.filter(({ kind }) => kind === 'logged-in')).toHaveLength(1);
  expect(new Set(trial.faults.map(({ step }) => step))).toEqual(new Set(number % 3 === 0 ? [] : [`step-${number}`]));
  // A reset may take with it what was sent before.
  return number % 3 === 1 ? client.ids.filter((id) => id !== 1000 + number) : client.ids;
}

test(`${many} exchanges side by side do not meet: each client hears its own tape, key and faults, and every port closes`, async () => {
  const before = resources();
  const exchanges = await Promise.all(numbers.map(open));
  const ports = exchanges.map(({ port }) => port);
  expect(new Set(ports).size).toBe(many);
  const heard = await Promise.all(exchanges.map(hear));
  expect(heard).toEqual(numbers.map((number) => (number % 3 === 0 ? idsOf(number) : [])));
  // Beside one another matchers are asked about their own exchange, too.
  await Promise.all(
    exchanges.map((papertape) =>
      expect(papertape).toHaveDone('subscribe', { atLeast: 1, atMost: 1, target: { key: papertape.key } }),
    ),
  );
  await Promise.all(exchanges.map((papertape) => papertape[Symbol.asyncDispose]()));
  // Node forgets a closed server some turns later.
  for (let turns = 0; turns < 100 && resources().length > before.length; turns++) await turn();
  // Ports that listen are among them, and sockets.
  expect(resources().length, resources().join(', ')).toBeLessThanOrEqual(before.length);
});
