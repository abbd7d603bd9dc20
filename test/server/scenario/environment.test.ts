import { expect, test } from 'vitest';
import { overrides, parseScenario } from '../../../server/scenario/index.ts';
import { complaintsAbout } from './complaints.ts';

const text = 'name: t\ntapes: [{ synthetic: {} }]\n';

test('values may use variables, with defaults; unquoted they are read as YAML would, quoted they stay text', async () => {
  const { scenario } = await parseScenario(
    `${text}seed: \${SEED}
description: "\${GREETING:-hello} $\${NAME}"
keys: [{ key: "\${KEY}", secret: "\${UNSET:-}x" }]`,
    't.yaml',
    { SEED: '42', KEY: '007', GREETING: '' },
  );
  expect(scenario).toMatchObject({ seed: 42, description: 'hello ${NAME}', keys: [{ key: '007', secret: 'x' }] });
});

test.each([
  ['seed: ${SEED}', 't.yaml:3:7 seed: ${SEED} – the variable SEED is not set; set it, or write ${SEED:-default}'],
  [
    'description: ${not a name}',
    't.yaml:3:14 description: ${not a name} – `${not a name}` names no variable; write ${NAME}, ${NAME:-default}, or $${ for a plain ${',
  ],
  ['description: "${OPEN"', 't.yaml:3:14 description: ${OPEN – `${OPEN` names no variable; write'],
])('%j is answered with %j', async (line, complaint) => {
  const [first] = await complaintsAbout(line);
  expect(first).toContain(complaint);
});

test('the environment speaks over the file', async () => {
  const { scenario } = await parseScenario(`${text}seed: 3\nreplay: { speed: 5, symbols: [AAPL] }`, 't.yaml', {
    PAPERTAPE_SPEED: 'max',
    PAPERTAPE_MODE: 'date_range',
    PAPERTAPE_FROM: '2025-04-01T09:30:00Z',
    PAPERTAPE_TO: '2025-04-02',
    PAPERTAPE_SYMBOLS: 'TSLA, BTC/USD,',
    PAPERTAPE_SEED: '9',
    PAPERTAPE_TIMESTAMPS: 'now',
    PAPERTAPE_MAX_IDLE: '2s',
    PAPERTAPE_START_ON: '',
  });
  expect(scenario).toMatchObject({
    seed: 9,
    replay: {
      speed: 'max',
      mode: 'date_range',
      symbols: ['TSLA', 'BTC/USD'],
      timestamps: 'now',
      startOn: 'subscribed',
    },
  });
  expect(scenario.replay.maxIdle).toBe(2_000_000_000n);
});

test('an error in a variable names the variable', async () => {
  const lines = await complaintsAbout('replay: { speed: 5 }', { PAPERTAPE_SPEED: '5000', PAPERTAPE_MODE: 'lop' });
  expect(lines).toEqual([
    'PAPERTAPE_MODE replay.mode: lop – not one of the choices; did you mean loop? (use loop, date_range or single_pass)',
    'PAPERTAPE_SPEED replay.speed: 5000 – not a speed; use 0.1–1000 or max',
  ]);
});

test.each(overrides.map(({ variable, example }) => [variable, example.split(' or ')[0] ?? '']))(
  '%s takes its own example %s',
  async (variable, example) => {
    const range = {
      PAPERTAPE_MODE: 'date_range',
      PAPERTAPE_FROM: '2025-04-01T09:00:00-04:00',
      PAPERTAPE_TO: '2025-04-03',
    };
    const ranged = variable === 'PAPERTAPE_OUTSIDE' || variable in range;
    const environment =
      ranged && variable !== 'PAPERTAPE_MODE' ? { ...range, [variable]: example } : { [variable]: example };
    expect(await complaintsAbout('', environment)).toEqual([]);
  },
);
