import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { closed, judged, knock, login, type Line } from '../../helpers/journal.ts';

/** A client that was in, lost its connection, and is turned away after each of these delays but the last, which lets it in. */
function comesBackAfter(...delays: readonly number[]): Line[] {
  return storm([{ client: 'A', delays }]);
}

/** The same for clients one after the other. */
function storm(clients: readonly { readonly client: string; readonly delays: readonly number[] }[]): Line[] {
  let session = 0;
  let at = 0;
  return clients.flatMap(({ client, delays }) => {
    session++;
    const lines: Line[] = [
      [at, knock(session)],
      [at + 5, login(session, client)],
      [(at += 1000), closed(session, 'exchange', client)],
    ];
    for (const [index, delay] of delays.entries()) {
      at += delay;
      session++;
      const isLast = index === delays.length - 1;
      lines.push([at, knock(session, isLast ? 101 : 429)]);
      if (isLast) lines.push([at + 5, login(session, client)]);
    }
    at += 1000;
    return lines;
  });
}

const open = 'too few to tell, it takes 3 in a row';

test.each<[string, object, readonly number[], string, string]>([
  ['waits its floor each time', { floor: '1s' }, [1000, 1000], 'met', '2 delays, the shortest 1s'],
  ['waits a little less, as timers do', { floor: '1s' }, [995], 'met', '1 delay, the shortest 995ms'],
  ['hurries once', { floor: '1s' }, [1000, 900, 3000], 'unmet', 'A on alpaca/v2/iex tried again after 900ms'],
  ['comes back at once', { floor: '500ms' }, [3], 'unmet', 'A on alpaca/v2/iex tried again after 3ms'],
  ['waits longer each time', { grows: true }, [1000, 2000, 4000], 'met', '3 delays, the shortest 1s'],
  ['waits longer up to a ceiling', { grows: true }, [1000, 2000, 4000, 5000, 5000], 'met', '5 delays, the shortest 1s'],
  ['waits the same each time', { grows: true }, [1000, 1010, 1002], 'unmet', 'A on alpaca/v2/iex waited 1s, 1.01s, 1s'],
  ['waits less each time', { grows: true }, [4000, 2000, 1000], 'unmet', 'A on alpaca/v2/iex waited 4s, 2s, 1s'],
  ['waits the same, twice only', { grows: true }, [1000, 1000], 'open', `2 delays: ${open}`],
  ['doubles exactly', { jitter: true }, [1000, 2003, 4001, 8004], 'unmet', 'delays as planned: 1s, 2s, 4s, 8s'],
  [
    'waits exactly the same',
    { jitter: true },
    [500, 503, 501, 502],
    'unmet',
    'delays as planned: 500ms, 503ms, 501ms, 502ms',
  ],
  [
    'adds a step each time',
    { jitter: true },
    [500, 1001, 1503, 2002],
    'unmet',
    'delays as planned: 500ms, 1s, 1.5s, 2s',
  ],
  [
    'doubles exactly up to a ceiling',
    { jitter: true },
    [1000, 2000, 4000, 7000, 7003],
    'unmet',
    'delays as planned: 1s, 2s, 4s, 7s, 7s',
  ],
  ['doubles with jitter', { jitter: true }, [870, 2200, 3500, 8900], 'met', '4 delays, the shortest 870ms'],
  ['could be doubling or not', { jitter: true }, [1000, 2000], 'open', `2 delays: ${open}`],
  [
    'does all of it',
    { floor: '500ms', grows: true, jitter: true },
    [620, 1410, 2200, 5000],
    'met',
    '4 delays, the shortest 620ms',
  ],
])('a client that %s', async (_, options, delays, outcome, seen) => {
  const lines = comesBackAfter(...delays);
  expect(await judged({ must: { backoff: options }, lines })).toMatchObject({ outcome, seen });
});

test('clients that all wait alike have no jitter; clients that differ have', async () => {
  const alike = ['A', 'B', 'C', 'D'].map((client) => ({ client, delays: [2000] }));
  expect(await judged({ must: { backoff: { jitter: true } }, lines: storm(alike) })).toMatchObject({
    outcome: 'unmet',
  });
  const apart = alike.map(({ client }, index) => ({ client, delays: [2000 + index * 137] }));
  expect(await judged({ must: { backoff: { jitter: true } }, lines: storm(apart) })).toMatchObject({ outcome: 'met' });
});

test('attempts of clients that are gone at once are nobody’s, and a client that leaves by itself may be back at once', async () => {
  const both: Line[] = [
    [0, login(1)],
    [0, login(2, 'B')],
    [1000, closed(1, 'exchange')],
    [1000, closed(2, 'exchange', 'B')],
    [1010, knock(3)],
    [1020, knock(4)],
  ];
  const must = { backoff: { floor: '1s' } };
  expect(await judged({ must, lines: both })).toMatchObject({
    outcome: 'open',
    seen: 'attempts whose client cannot be told',
  });
  const moving: Line[] = [
    [0, login(1)],
    [1000, closed(1, 'client')],
    [1001, knock(2)],
    [1005, login(2)],
  ];
  expect(await judged({ must, lines: moving })).toMatchObject({
    outcome: 'open',
    seen: 'no attempt after the end of a connection',
  });
});

test('a faster tape asks for a shorter floor', async () => {
  const must = { backoff: { floor: '10s' } };
  expect(await judged({ must, lines: comesBackAfter(1000), speed: 10 })).toMatchObject({ outcome: 'met' });
});

test('whoever draws each delay from a wide range has jitter, and whoever multiplies by a fixed factor has none', async () => {
  const must = { backoff: { jitter: true } };
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 50, max: 3000 }),
      fc.constantFrom(1, 1.5, 2, 3),
      fc.array(fc.integer({ min: 0, max: 8 }), { minLength: 4, maxLength: 6 }),
      async (first, factor, blurs) => {
        const delays = blurs.map((blur, index) => Math.round(first * factor ** index) + blur);
        expect(await judged({ must, lines: comesBackAfter(...delays) })).toMatchObject({ outcome: 'unmet' });
        const drawn = [0.61, 1.37, 0.83, 1.19, 0.52, 1.48].map((share, index) =>
          Math.round(1000 * share * factor ** index),
        );
        expect(await judged({ must, lines: comesBackAfter(...drawn) })).toMatchObject({ outcome: 'met' });
      },
    ),
    { numRuns: 200 },
  );
});
