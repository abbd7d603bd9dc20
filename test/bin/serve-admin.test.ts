import { existsSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { PapertapeAdmin } from '../../admin-api/sdk/index.ts';
import { folderOf } from '../server/scenario/folder.ts';
import { papertape, start } from './papertape.ts';

const waiting = `name: mine
tapes: [{ synthetic: { symbols: [IBM], from: "2026-07-01T13:30:00Z", to: "2026-07-01T13:31:00Z" } }]
replay: { startOn: command }
`;
const token = 'correct-horse-battery-staple';
const adminPort = /"adminPort":(\d+)/;

test('serve starts the admin API, tells the URL of its page, and plays what waits for a command when it is told to', async () => {
  await using folder = await folderOf({ 'mine.yaml': waiting });
  await using running = start(['serve', 'mine.yaml', '--port', '0'], { folder: folder.path });
  const said = await running.heard(/ready for clients/);
  const url = `http://127.0.0.1:${adminPort.exec(said)?.[1] ?? ''}`;
  expect(said).toContain(`Steer it at ${url}/ or over the API there (${url}/docs).`);
  const api = new PapertapeAdmin({ url });
  expect(await api.getRun('default')).toMatchObject({ scenario: 'mine', phase: 'waiting' });
  expect(await api.play()).toMatchObject({ phase: 'playing' });
  expect(existsSync(folder.at('.papertape'))).toBe(false);
  running.signal('SIGTERM');
  expect(await running.ending).toMatchObject({ code: 0 });
});

test('without the admin API nothing listens, and a scenario that waits for a command is refused', async () => {
  await using folder = await folderOf({ 'mine.yaml': waiting });
  await using running = start(['serve', '--port', '0', '--admin-port', 'off']);
  const said = await running.heard(/ready for clients/);
  expect(said).not.toMatch(/adminPort|Steer it/);
  const { code, err } = await papertape(['serve', 'mine.yaml', '--port', '0', '--admin-port', 'off'], {
    folder: folder.path,
  });
  expect({ code, err }).toEqual({
    code: 2,
    err: 'mine.yaml:3:20 replay.startOn: command – nobody could give the command, since there is no admin API here; use subscribed or connected, or play it by `papertape serve` with an admin port, or from a program with run.play()\n',
  });
});

test('the environment says how much may be piled up', async () => {
  await using folder = await folderOf({});
  const environment = {
    PAPERTAPE_MAX_TAPES: '1',
    PAPERTAPE_MAX_TAPE_BYTES: '2000',
    PAPERTAPE_MAX_SHELF_BYTES: '3000',
    PAPERTAPE_MAX_TAPE_WORKS: '1',
    PAPERTAPE_MAX_SCENARIOS: '1',
  };
  await using running = start(['serve', '--port', '0'], { folder: folder.path, environment });
  const said = await running.heard(/ready for clients/);
  const api = new PapertapeAdmin({ url: `http://127.0.0.1:${adminPort.exec(said)?.[1] ?? ''}` });
  await api.putScenario('one', waiting);
  await expect(api.putScenario('two', waiting)).rejects.toThrow(
    'at most 1 uploaded scenarios (PAPERTAPE_MAX_SCENARIOS)',
  );
  const market = { symbols: ['IBM'], from: '2026-07-01T13:30:00Z', to: '2026-07-01T13:30:05Z', rate: 2 };
  await api.generateTape({ name: 'one.ndjson.gz', market });
  await expect(api.generateTape({ name: 'two.ndjson', market })).rejects.toThrow(
    'at most 1 tapes of your own (PAPERTAPE_MAX_TAPES)',
  );
  const large = { body: 'x'.repeat(2001), type: 'text/csv' };
  await expect(api.putTape('one.ndjson.gz', large)).rejects.toThrow(
    'at most 2000 bytes of one tape (PAPERTAPE_MAX_TAPE_BYTES)',
  );
  const filling = { body: 'x'.repeat(1999), type: 'text/csv' };
  await expect(api.putTape('one.ndjson.gz', filling)).rejects.toThrow(
    'at most 3000 bytes of all your tapes, with what is being made (PAPERTAPE_MAX_SHELF_BYTES)',
  );
  running.signal('SIGTERM');
  expect(await running.ending).toMatchObject({ code: 0 });
});

test('an admin port in use is told with a way out, and the exit code says so', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const address = other.address();
  const taken = typeof address === 'object' && address !== null ? address.port : 0;
  const { code, err } = await papertape(['serve', '--port', '0', '--admin-port', String(taken)]);
  other.close();
  expect(code).toBe(3);
  expect(err).toBe(
    `port ${taken} on 127.0.0.1 is in use; stop what listens there, or choose another with --admin-port or PAPERTAPE_ADMIN_PORT, or off for none\n`,
  );
});

test('where others reach the exchange they reach the admin API only with a token, which nobody is told', async () => {
  await using open = start(['serve', '--port', '0', '--host', '0.0.0.0']);
  const warned = await open.heard(/ready for clients/);
  expect(warned).toContain('the admin API answers on 127.0.0.1 only; set PAPERTAPE_ADMIN_TOKEN');
  const environment = { PAPERTAPE_ADMIN_TOKEN: token, PAPERTAPE_HOST: '0.0.0.0', PAPERTAPE_LOG_LEVEL: 'trace' };
  await using guarded = start(['serve', '--port', '0'], { environment });
  const said = await guarded.heard(/ready for clients/);
  const url = `http://127.0.0.1:${adminPort.exec(said)?.[1] ?? ''}`;
  await expect(new PapertapeAdmin({ url }).listRuns()).rejects.toMatchObject({ problem: { status: 401 } });
  expect(await new PapertapeAdmin({ url, token }).listRuns()).toHaveLength(1);
  guarded.signal('SIGTERM');
  const { out, err } = await guarded.ending;
  expect(out + err).not.toContain(token);
});

test.each([
  [
    { PAPERTAPE_ADMIN_HOST: '0.0.0.0' },
    'PAPERTAPE_ADMIN_HOST: 0.0.0.0 – others than this machine could steer Papertape there; set PAPERTAPE_ADMIN_TOKEN to a secret of 16 characters or more\n',
  ],
  [
    { PAPERTAPE_ADMIN_TOKEN: 'short' },
    'PAPERTAPE_ADMIN_TOKEN: (hidden) – expected 16 to 512 characters without spaces, such as `openssl rand -hex 24` prints\n',
  ],
  [{ PAPERTAPE_MAX_TAPES: '0' }, 'PAPERTAPE_MAX_TAPES: 0 – expected a whole number from 1\n'],
  [{ PAPERTAPE_ADMIN_PORT: 'of' }, 'PAPERTAPE_ADMIN_PORT: of – expected a port from 0 to 65535, or off\n'],
])('with %j it ends with 2 and says what to change', async (environment, message) => {
  const { code, err } = await papertape(['serve', '--port', '0'], { environment: { ...environment } });
  expect({ code, err }).toEqual({ code: 2, err: message });
});
