import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { record, type Recording, type Steps } from '../helpers/broken-market.ts';

const alpaca = { endpoint: 'alpaca' };

/** Much goes wrong at once, by all kinds of triggers, for those who spell alike and for those who do not. */
const steps = {
  seed: 7,
  timeline: [
    { id: 'mute', at: '5s', for: '3s', inject: { mute: {} }, target: { symbols: ['MSFT'] } },
    { id: 'halt', at: '7003ms', for: '4s', inject: { halt: {} }, target: { ...alpaca, symbols: ['AAPL'] } },
    { id: 'thrice', at: '9s', times: 3, inject: { drop: {} }, target: alpaca },
    { id: 'twice', after: 'thrice', plus: '500ms', for: '2s', inject: { duplicate: {} } },
    { id: 'stale', market: '10:30:20', for: '2s', inject: { stale: {} } },
    { id: 'skew', after: 'stale', for: '1500ms', inject: { skew: {} }, target: { endpoint: 'polygon' } },
    { id: 'restart', after: 'twice', plus: '1s', inject: { close: { code: 1012 } }, target: { sessions: [5] } },
    { id: 'kick', at: '21s', inject: { kickSlow: {} }, target: { ...alpaca, sessions: 'newest' } },
  ],
  rules: [
    { id: 'dirty', when: { message: { every: 40 } }, probability: 0.5, inject: { corrupt: {} } },
    { id: 'late', inject: { late: { by: '1500ms', jitter: '700ms' } }, probability: 0.1, target: alpaca },
    { id: 'mixed', when: { market: '10:30:12' }, for: '2s', inject: { reorder: { window: 5 } } },
    { id: 'busy', when: { rate: { above: '25/s' } }, inject: { wrongType: {} }, probability: 0.2 },
    { id: 'third', when: { message: { nth: 33 } }, for: '3s', inject: { zeroPrice: {} }, probability: 0.5 },
    { id: 'odd', inject: { unknownEvent: {} }, probability: 0.02 },
    { id: 'again', when: { interval: '6s' }, inject: { truncate: {} }, target: { endpoint: 'twelvedata' } },
    {
      id: 'some',
      inject: { drop: {} },
      probability: 0.5,
      per: 'connection',
      for: 'run',
      target: { symbols: ['TSLA'] },
    },
  ],
} satisfies Steps;

const replay = { mode: 'loop', loopCount: 2, maxIdle: '3s' } as const;
const text = ({ faults }: Recording): string =>
  faults
    .map(({ step, name, phase, session, tape, times, from, to }) =>
      [step, name, phase, session, tape, times, from, to].map(String).join(' '),
    )
    .join('\n');
const hash = (what: string | Buffer): string => createHash('sha256').update(what).digest('hex').slice(0, 16);

/**
 * What all seven sessions received and the log of faults. It changes when a vendor's spelling does, a fault, or what chance draws: then look
 * at what has changed before writing the new one here.
 */
const golden = '7268b20f588fddd4';

test(
  'the same tape, scenario and seed bring the same bytes and the same faults, twenty times, at 1x, 10x and max',
  { timeout: 90_000 },
  async () => {
    const first = await record(steps, { ...replay, speed: 1 });
    for (const { id } of [...steps.timeline, ...steps.rules]) expect(text(first), id).toContain(`${id} `);
    expect(hash(text(first) + first.received.map(hash).join())).toBe(golden);
    for (let run = 1; run < 20; run++) {
      const speed = (['max', 10, 'max', 'max', 1] as const)[run % 5] ?? 1;
      const again = await record(steps, { ...replay, speed });
      expect(text(again), `faults at ${speed}`).toBe(text(first));
      again.received.forEach((bytes, index) => {
        expect(bytes.equals(first.received[index] ?? Buffer.alloc(0)), `session ${index + 1} at ${speed}`).toBe(true);
      });
    }
  },
);

test('one rule more changes nothing for those it is not aimed at', async () => {
  const more = { id: 'more', inject: { drop: {} }, probability: 0.3, target: { endpoint: 'polygon' } } as const;
  const [without, with_] = [
    await record(steps, { ...replay, speed: 'max' }),
    await record({ ...steps, rules: [more, ...steps.rules] }, { ...replay, speed: 'max' }),
  ];
  const others = ({ faults }: Recording): Recording => ({
    received: [],
    faults: faults.filter(({ session }) => session !== undefined && session !== 6),
  });
  expect(text(others(with_))).toBe(text(others(without)));
  with_.received.forEach((bytes, index) => {
    expect(bytes.equals(without.received[index] ?? Buffer.alloc(0)), `session ${index + 1}`).toBe(index !== 5);
  });
});

test('who is spared hears what it hears when nothing goes wrong, byte for byte, beside those who suffer', async () => {
  const sessions = [2, 3, 4, 5, 6, 7];
  const aimed = {
    seed: 7,
    timeline: steps.timeline.map((step) => ({
      ...step,
      target: { sessions, ...('target' in step ? step.target : {}) },
    })),
    rules: steps.rules.map((rule) => ({ ...rule, target: { sessions, ...('target' in rule ? rule.target : {}) } })),
  };
  for (const speed of [1, 'max'] as const) {
    const [healthy] = (await record({ seed: steps.seed }, { ...replay, speed })).received;
    const { received, faults } = await record(aimed, { ...replay, speed });
    expect(new Set(faults.map(({ session }) => session)).has(1)).toBe(false);
    expect(faults.length).toBeGreaterThan(100);
    expect(received[0]?.equals(healthy ?? Buffer.alloc(0)), `at ${speed}`).toBe(true);
  }
});
