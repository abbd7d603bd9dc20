import { afterEach, expect, test } from 'vitest';
import { ManualClock } from '../../../market/clock.ts';
import { millis, minute, seconds } from '../../../market/nanos.ts';
import type { Papertape } from '../../../server/index.ts';
import type { Replay, Steps } from '../../helpers/broken-market.ts';
import { opening, quote } from '../../helpers/events.ts';
import { Listener } from '../../helpers/listener.ts';
import { RawClient } from '../../helpers/raw-client.ts';
import { serve } from '../../helpers/serve.ts';

const open: AsyncDisposable[] = [];
afterEach(async () => {
  for (const part of open.splice(0).toReversed()) await part[Symbol.asyncDispose]();
});

/** A quote at each of these seconds; 10:30 in New York is second 0. */
const at = (...moments: readonly number[]) => moments.map((second) => quote(opening + seconds(second)));
const twenty = at(...Array.from({ length: 20 }, (_, second) => second));

interface Play {
  readonly papertape: Papertape;
  readonly clock: ManualClock;
}

async function prepare(steps: Steps, replay: Replay, events = twenty): Promise<Play> {
  const clock = new ManualClock(opening);
  const endpoints = { alpaca: { serverPing: 'off' } } as const;
  const papertape = await serve(events, { speed: 1, ...replay }, { endpoints, ...steps }, clock);
  open.push(papertape);
  open.push(await Listener.subscribed(`${papertape.url}/v2/sip`, { quotes: ['*'] }));
  return { papertape, clock };
}

/** What the log of faults says, and when on the tape, in seconds. */
const log = ({ papertape }: Play): string =>
  papertape.run.chronicle.faults.lines
    .map(({ step, phase, tape, times }) => `${step} ${phase} ${Number(tape) / 1e9}${times > 1 ? `×${times}` : ''}`)
    .join(', ');

const drop = { drop: {} };
const mute = { mute: {} };
const muted = (id: string, from: number, to: number, strikes = to - from): string =>
  `${id} begins ${from}, ${id} strikes ${from}${strikes > 1 ? `×${strikes}` : ''}, ${id} ends ${to}`;

const table: readonly { when: string; steps: Steps; replay?: Replay; events?: typeof twenty; log: string }[] = [
  {
    when: 'at and for: from the first event that is not earlier to the first that is',
    steps: { timeline: [{ id: 'a', at: '5s', for: '4s', inject: mute }] },
    log: muted('a', 5, 9),
  },
  {
    when: 'times: it is over with its last strike, and who comes after it begins before the next event',
    steps: {
      timeline: [
        { id: 'a', at: '3s', times: 2, inject: drop },
        { id: 'b', after: 'a', times: 1, inject: drop },
      ],
    },
    log: 'a begins 3, a strikes 3×2, a ends 4, b begins 4, b strikes 5, b ends 5',
  },
  {
    when: 'after and plus: so long after the end of the other',
    steps: {
      timeline: [
        { id: 'b', after: 'a', plus: '2s', for: '1s', inject: mute },
        { id: 'a', at: '1s', for: '2s', inject: mute },
      ],
    },
    log: `${muted('a', 1, 3)}, ${muted('b', 5, 6)}`,
  },
  {
    when: 'market: at a moment of its day',
    steps: { timeline: [{ id: 'a', market: '10:30:07', for: '2s', inject: mute }] },
    log: muted('a', 7, 9),
  },
  {
    when: 'market, as a rule: again in each loop; at, as a step: once',
    steps: {
      timeline: [{ id: 'a', at: '4s', for: '1s', inject: mute }],
      rules: [{ id: 'r', when: { market: '10:30:07' }, for: '1s', inject: mute }],
    },
    replay: { mode: 'loop', loopCount: 2 },
    log: `${muted('a', 4, 5)}, ${muted('r', 7, 8)}, ${muted('r', 27, 28)}`,
  },
  {
    when: 'maxIdle: by the time that is played, and a moment in what is cut comes after the last event before it',
    steps: {
      timeline: [
        { id: 'a', at: '5s', for: '1s', inject: mute },
        { id: 'm', market: '10:30:30', for: '2s', inject: mute },
      ],
    },
    replay: { maxIdle: '3s' },
    events: at(0, 1, 2, 62, 63, 64),
    log: `m begins 2, m ends 4, ${muted('a', 5, 6)}`,
  },
  {
    when: 'interval: again and again, also where no event comes',
    steps: { rules: [{ id: 'r', when: { interval: '4s' }, inject: { close: {} }, target: { sessions: [9] } }] },
    events: at(0, 1, 9),
    log: 'r begins 4, r ends 4, r begins 8, r ends 8',
  },
];

for (const { when, steps, replay, events = twenty, log: expected } of table) {
  for (const speed of [1, 10, 'max'] as const) {
    test(`${when} (${speed})`, async () => {
      const play = await prepare(steps, { ...replay, speed }, events);
      play.papertape.run.play();
      for (let turn = 0; play.papertape.run.status.phase !== 'ended' && turn < 1000; turn++) {
        await play.clock.advance(millis(100));
      }
      expect(log(play)).toBe(expected);
    });
  }
}

test('a quiet market: what is due strikes though no event comes', async () => {
  const play = await prepare({ timeline: [{ id: 'a', at: '10s', for: '5s', inject: mute }] }, {}, at(0, 60));
  play.papertape.run.play();
  await play.clock.advance(seconds(11));
  expect(log(play)).toBe('a begins 10');
  await play.clock.advance(seconds(5));
  expect(log(play)).toBe('a begins 10, a ends 15');
});

test('a paused tape: nothing comes and nothing ends until it plays on', async () => {
  const play = await prepare({ timeline: [{ id: 'a', at: '5s', for: '2s', inject: mute }] }, {});
  const { papertape, clock } = play;
  papertape.run.play();
  await clock.advance(seconds(4.5));
  papertape.run.pause();
  await clock.advance(minute);
  expect(log(play)).toBe('');
  papertape.run.play();
  await clock.advance(seconds(1));
  papertape.run.pause();
  await clock.advance(minute);
  expect(log(play)).toBe('a begins 5, a strikes 5');
  papertape.run.play();
  await clock.advance(seconds(5));
  expect(log(play)).toBe(muted('a', 5, 7));
});

test('a seek: tape time goes on, moments of the market come again', async () => {
  const play = await prepare(
    {
      timeline: [{ id: 'a', at: '6s', for: '1s', inject: mute }],
      rules: [{ id: 'r', when: { market: '10:30:03' }, for: '1s', inject: mute }],
    },
    {},
  );
  const { papertape, clock } = play;
  papertape.run.play();
  await clock.advance(seconds(4.5));
  papertape.run.seek(opening + seconds(1));
  await clock.advance(seconds(10));
  // The needle was at 4 when it was moved; both are muted by the first that has begun.
  expect(log(play)).toBe(`${muted('r', 3, 4)}, a begins 6, r begins 6, a strikes 6, a ends 7, r ends 7`);
});

test('steps by hand: what is due strikes before the event that is stepped to', async () => {
  const play = await prepare({ timeline: [{ id: 'a', at: '3s', times: 1, inject: drop }] }, {});
  const { papertape, clock } = play;
  for (let event = 0; event < 3; event++) papertape.run.step('event');
  await clock.advance(seconds(30));
  expect(log(play)).toBe('');
  papertape.run.step('event');
  await clock.advance(0n);
  expect(log(play)).toBe('a begins 3, a strikes 3, a ends 3');
});

test('the end of the tape: its time goes on', async () => {
  const play = await prepare({ timeline: [{ id: 'a', at: '30s', for: '5s', inject: mute }] }, { atEnd: 'keep' });
  play.papertape.run.play();
  await play.clock.advance(seconds(31));
  expect(log(play)).toBe('a begins 30');
  await play.clock.advance(seconds(5));
  expect(log(play)).toBe('a begins 30, a ends 35');
});

test('before the tape plays: a fault at 0s lasts by the wall from its first strike', async () => {
  const steps = {
    timeline: [{ id: 'a', at: '0s', for: '5s', inject: { refuseLogin: {} }, target: { sessions: [2, 3, 4] } }],
  };
  const play = await prepare(steps, {});
  const { papertape, clock } = play;
  const answer = async (): Promise<unknown> => {
    const client = await RawClient.open(`${papertape.url}/v2/iex`);
    open.push(client);
    client.say({ action: 'auth', key: 'other', secret: 's' });
    await client.heard(2);
    return client.elements[1]?.['T'];
  };
  await clock.advance(minute);
  expect(await answer()).toBe('error');
  await clock.advance(seconds(4));
  expect(await answer()).toBe('error');
  await clock.advance(seconds(2));
  expect(await answer()).toBe('success');
  expect(papertape.run.status.phase).toBe('waiting');
});

test.each(['play', 'step'] as const)(
  'real time is counted from when the tape begins to play, not from the start of the server (%s)',
  async (how) => {
    const steps: Steps = {
      timeline: [
        {
          id: 'z',
          at: '0s',
          for: '1s',
          realtime: true,
          inject: { refuseUpgrade: { status: 429 } },
          target: { sessions: [9] },
        },
        { id: 'a', at: '4600ms', for: '2s', realtime: true, inject: mute },
        { id: 'b', after: 'a', plus: '500ms', for: '1s', realtime: true, inject: mute },
      ],
      rules: [
        {
          id: 'r',
          when: { interval: '4s' },
          times: 2,
          realtime: true,
          inject: { close: {} },
          target: { sessions: [9] },
        },
      ],
    };
    const play = await prepare(steps, { speed: 2 });
    const { papertape, clock } = play;
    await clock.advance(minute);
    papertape.run.pause();
    papertape.run.setSpeed(2);
    await clock.advance(minute);
    expect(log(play)).toBe('z begins 0');
    if (how === 'step') papertape.run.step('event');
    else papertape.run.play();
    await clock.advance(millis(4100));
    if (how === 'step') return expect(log(play)).toBe('z begins 0, z ends 0, r begins 0, r ends 0');
    await clock.advance(seconds(5));
    expect(log(play)).toBe(
      `z begins 0, z ends 2, r begins 8, r ends 8, a begins 9.2, a strikes 10×4, a ends 13.2, b begins 14.2, b strikes 15×2, r begins 16, r ends 16, b ends 16.2`,
    );
  },
);
