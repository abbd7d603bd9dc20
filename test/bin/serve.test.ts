import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { folderOf } from '../server/scenario/folder.ts';
import { papertape, start } from './papertape.ts';

const port = /"port":(\d+)/;

test('serve alone plays the default scenario and prints addresses and code to paste', async () => {
  await using running = start(['serve', '--port', '0']);
  const said = await running.heard(/ready for clients/);
  const url = `ws://127.0.0.1:${port.exec(said)?.[1] ?? ''}`;
  expect(said).toContain(`Papertape plays "default"`);
  for (const path of ['/v2/iex', '/v2/sip', '/v2/test']) expect(said).toContain(`  ${url}${path}\n`);
  expect(said).toContain(`alpaca.marketData.stockStream({ url: '${url}/v2/iex' })`);
  expect(said).toContain(`url_override='${url}/v2/iex'`);
  expect(said).toContain(`npx wscat -c ${url}/v2/iex`);
});

test('what the wscat snippet says works: log in, subscribe, hear trades; with --frames every frame is logged without the key', async () => {
  await using running = start(['serve', '--port', '0', '--frames']);
  const said = await running.heard(/ready for clients/);
  const logged = running.heard(/\\"T\\":\\"t\\"/);
  const socket = new WebSocket(`ws://127.0.0.1:${port.exec(said)?.[1] ?? ''}/v2/iex`);
  const frames: string[] = [];
  const traded = new Promise<void>((resolve) => {
    socket.on('message', (message: Buffer) => {
      frames.push(message.toString());
      if (message.includes('"T":"t"')) resolve();
    });
  });
  await once(socket, 'open');
  socket.send('{"action":"auth","key":"any-key-of-mine","secret":"any-secret-of-mine"}');
  socket.send('{"action":"subscribe","trades":["AAPL"]}');
  await traded;
  expect(frames[0]).toBe('[{"T":"success","msg":"connected"}]');
  await logged;
  socket.terminate();
  running.signal('SIGTERM');
  const { err } = await running.ending;
  expect(err).toContain('subscribe');
  expect(err).not.toMatch(/any-key-of-mine|any-secret-of-mine/);
});

test.each(['SIGINT', 'SIGTERM'] as const)('%s ends it cleanly with 0 while a client is logged in', async (name) => {
  await using running = start(['serve', 'scenarios/market-open.scenario.yaml', '--port', '0']);
  const said = await running.heard(/ready for clients/);
  const socket = new WebSocket(`ws://127.0.0.1:${port.exec(said)?.[1] ?? ''}/v2/iex`);
  await once(socket, 'open');
  socket.send('{"action":"auth","key":"a","secret":"b"}');
  // Logged in, it has no deadline left: nothing but the server's own end can end it.
  const closed = once(socket, 'close');
  await new Promise<void>((resolve) => {
    socket.on('message', (message: Buffer) => message.includes('authenticated') && resolve());
  });
  running.signal(name);
  const { code, err } = await running.ending;
  await closed;
  expect(code).toBe(0);
  expect(err).toContain('"msg":"stopping"');
});

test('SIGTERM sends clients of every vendor that says goodbye away with 1001', async () => {
  await using folder = await folderOf({
    'mine.yaml':
      'name: mine\ntapes: [{ synthetic: { symbols: [IBM] } }]\nendpoints: { alpaca: { closeFrames: clean }, polygon: {}, twelvedata: {} }\n',
  });
  await using running = start(['serve', 'mine.yaml', '--port', '0'], { folder: folder.path });
  const url = `ws://127.0.0.1:${port.exec(await running.heard(/ready for clients/))?.[1] ?? ''}`;
  const sockets = ['/v2/iex', '/stocks', '/v1/quotes/price?apikey=k'].map((path) => new WebSocket(url + path));
  await Promise.all(sockets.map(async (socket) => await once(socket, 'open')));
  const codes = Promise.all(sockets.map(async (socket): Promise<unknown> => (await once(socket, 'close'))[0]));
  running.signal('SIGTERM');
  expect(await codes).toEqual([1001, 1001, 1001]);
  expect(await running.ending).toMatchObject({ code: 0 });
});

test('a port in use is told with a way out, and the exit code says so', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const address = other.address();
  const taken = typeof address === 'object' && address !== null ? address.port : 0;
  const { code, err } = await papertape(['serve', '--port', String(taken)]);
  other.close();
  expect(code).toBe(3);
  expect(err).toBe(
    `port ${taken} on 127.0.0.1 is in use; stop what listens there, or choose another with --port or PAPERTAPE_PORT\n`,
  );
});

test('the environment names scenario, port and level; a scenario with keys puts its own into the snippets', async () => {
  await using folder = await folderOf({
    'mine.yaml': 'name: mine\ntapes: [{ synthetic: { symbols: [IBM] } }]\nkeys: [{ key: PK7, secret: S7 }]\n',
  });
  await using running = start(['serve'], {
    folder: folder.path,
    environment: {
      PAPERTAPE_SCENARIO: 'mine.yaml',
      PAPERTAPE_PORT: '0',
      PAPERTAPE_LOG_LEVEL: 'warn',
      PAPERTAPE_SPED: '4',
    },
  });
  const said = await running.heard(/"action":"subscribe"/);
  expect(said).toContain('Papertape plays "mine" (mine.yaml)');
  expect(said).toContain(`stockStream(`);
  expect(said).toContain(`keyId: 'PK7', secret: '$SECRET'`);
  expect(said).not.toContain('S7');
  expect(said).toContain(`{"action":"subscribe","trades":["IBM"]}`);
  expect(said).toContain('PAPERTAPE_SPED is not a setting; did you mean PAPERTAPE_SPEED?');
  running.signal('SIGTERM');
  expect((await running.ending).err).not.toContain('stopping');
});

test.each([
  [{ PAPERTAPE_PORT: '99999' }, [], 'PAPERTAPE_PORT: 99999 – expected a port from 0 to 65535\n'],
  [{}, ['--port', 'http'], '--port: http – expected a port from 0 to 65535\n'],
  [
    { PAPERTAPE_LOG_LEVEL: 'loud' },
    [],
    'PAPERTAPE_LOG_LEVEL: loud – expected one of trace, debug, info, warn, error, fatal, silent\n',
  ],
  [
    { PAPERTAPE_ADMIN_PORT: '8765' },
    [],
    "PAPERTAPE_ADMIN_PORT: 8765 – also the exchange's port; choose two different ones\n",
  ],
  [
    { PAPERTAPE_SPEED: '0' },
    ['--log-level', 'silent'],
    'PAPERTAPE_SPEED replay.speed: 0 – not a speed; use 0.1–1000 or max\n',
  ],
])('with %j and %j it ends with 2 and says what to change', async (environment, words, message) => {
  const { code, err } = await papertape(['serve', ...words], { environment: { ...environment } });
  expect({ code, err }).toEqual({ code: 2, err: message });
});
