import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import { expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { settingNames } from '../../bin/settings.ts';
import { overrides } from '../../server/index.ts';
import { PapertapeContainer } from '../../testing/testcontainers.ts';

// There is no engine here: `GenericContainer` is a stand-in that starts the program itself as the image would.
vi.mock('testcontainers', async () => await import('../helpers/testcontainers.ts'));

const noted = z.object({
  image: z.string(),
  ports: z.array(z.number()),
  told: z.record(z.string(), z.string()),
  waits: z.array(z.object({ path: z.string(), port: z.number(), statuses: z.array(z.number()) })),
  files: z.array(z.looseObject({ target: z.string() })),
});
const known = new Set([...settingNames, ...overrides.map(({ variable }) => variable)]);

test('a container has the ports of the image, and waits until both answer', () => {
  const container = noted.parse(new PapertapeContainer());
  const dockerfile = readFileSync('Dockerfile', 'utf8');
  expect(container.image).toBe('papertape');
  expect(dockerfile).toContain(`EXPOSE ${container.ports.join(' ')}\n`);
  expect(container.waits).toEqual([
    { path: '/health', port: 8765, statuses: [200] },
    { path: '/ready', port: 8766, statuses: [200] },
  ]);
});

test('what it is told arrives as variables that Papertape knows, and as files in its own folder', () => {
  const container = noted.parse(
    new PapertapeContainer('registry.example/papertape:0.1.0')
      .withScenario({ tapes: [{ synthetic: { symbols: ['AAPL'] } }] })
      .withTape('fixtures/tapes/open-2026-07-01.ndjson.gz')
      .withAdminToken('a-token-of-my-own')
      .withSeed(7)
      .withSpeed('max')
      .withSymbols('AAPL', 'SPY')
      .withTimestamps('now')
      .withLogLevel('warn'),
  );
  expect(container.told).toEqual({
    PAPERTAPE_ADMIN_TOKEN: 'a-token-of-my-own',
    PAPERTAPE_SCENARIO: '/data/given.scenario.yaml',
    PAPERTAPE_SEED: '7',
    PAPERTAPE_SPEED: 'max',
    PAPERTAPE_SYMBOLS: 'AAPL,SPY',
    PAPERTAPE_TIMESTAMPS: 'now',
    PAPERTAPE_LOG_LEVEL: 'warn',
  });
  expect(Object.keys(container.told).filter((name) => !known.has(name))).toEqual([]);
  expect(container.files.map(({ target }) => target)).toEqual([
    '/data/given.scenario.yaml',
    '/data/open-2026-07-01.ndjson.gz',
  ]);
  expect(readFileSync('Dockerfile', 'utf8')).toMatch(/PAPERTAPE_DATA=\/data\n/);
  expect(noted.parse(new PapertapeContainer().withScenario('reset-storm')).told).toMatchObject({
    PAPERTAPE_SCENARIO: 'reset-storm',
  });
});

test('a started one plays its own scenario, is found from outside, and is steered with a token that it made up', async () => {
  const asked = new PapertapeContainer();
  await using container = await asked
    .withScenario({ tapes: [{ file: 'open-2026-07-01.ndjson.gz' }], replay: { startOn: 'command' } })
    .withTape('fixtures/tapes/open-2026-07-01.ndjson.gz')
    .start();
  const { admin, url, env } = container;
  expect(noted.parse(asked).told['PAPERTAPE_ADMIN_TOKEN']).toMatch(/^[0-9a-f]{48}$/);
  expect((await fetch(`${container.adminUrl}/runs`)).status).toBe(401);
  expect(url).toBe(`ws://localhost:${container.getMappedPort(8765)}`);
  expect(env).toMatchObject({ PAPERTAPE_URL: url, PAPERTAPE_HTTP_URL: container.httpUrl });
  expect(container.httpUrl).toBe(url.replace('ws', 'http'));
  expect(container.streams['/v2/iex']).toBe(`${url}/v2/iex`);
  const client = new WebSocket(`${url}/v2/iex`);
  const [greeting] = await once(client, 'message');
  expect(String(greeting)).toBe('[{"T":"success","msg":"connected"}]');
  expect(await admin.getRun('default')).toMatchObject({ scenario: 'given', phase: 'waiting' });
  expect(await admin.play()).toMatchObject({ phase: 'playing' });
  const second = container.seenFromHere(await admin.createRun({ id: 'second' }));
  expect(second.url).toBe(`${url}/r/second`);
  expect(await admin.version()).toMatchObject({ version: expect.any(String) });
  client.terminate();
});

test('one that cannot play says why, and leaves nothing behind', async () => {
  const container = new PapertapeContainer().withScenario('name: broken\ntapes: [{ file: nowhere.ndjson }]\n');
  await expect(container.start()).rejects.toThrow('nowhere.ndjson');
});
