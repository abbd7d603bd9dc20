import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { Client } from 'pg';
import { expect, test } from 'vitest';
import { folderOf } from '../server/scenario/folder.ts';
import { testDatabase } from '../services/index.ts';
import { papertape, start } from './papertape.ts';

// `papertape collect`, as its user runs it, beside a `papertape serve`.
const market = (keys: string): string => `
name: two-symbols
tapes: [{ synthetic: { symbols: [AAPL, MSFT], from: "2026-07-01T10:00:00-04:00", to: "2026-07-01T10:05:00-04:00", rate: 20 } }]
replay: { mode: loop, speed: 10, startOn: subscribed, timestamps: now }
${keys}
`;
const secrets = { key: 'PK-NOT-TO-BE-TOLD', secret: 'SECRET-NOT-TO-BE-TOLD' };
const guarded = market(`keys: [{ key: ${secrets.key}, secret: ${secrets.secret} }]`);

async function exchange(scenario: string) {
  const folder = await folderOf({ 'market.scenario.yaml': scenario });
  const running = start(['serve', 'market.scenario.yaml', '--port', '0', '--admin-port', 'off'], {
    folder: folder.path,
  });
  const said = await running.heard(/"port":\d+/);
  const [, port = ''] = /"port":(\d+)/.exec(said) ?? [];
  return {
    url: `ws://127.0.0.1:${port}`,
    folder,
    [Symbol.asyncDispose]: async () => {
      await running[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

test('what is heard is printed and written to a file, and health is told; the vendor’s variables name the key, which nobody is told', async () => {
  await using vendor = await exchange(guarded);
  const environment = {
    PAPERTAPE_URL: vendor.url,
    APCA_API_KEY_ID: secrets.key,
    APCA_API_SECRET_KEY: secrets.secret,
    PAPERTAPE_LOG_LEVEL: 'trace',
  };
  const words = ['collect', '--print', '--rows', 'rows.ndjson', '--service-port', '0', '--source', 'practice'];
  await using client = start(words, { folder: vendor.folder.path, environment });
  const said = await client.heard(/"kind":"trade"/);
  expect(said).toContain('Papertape collects\n  alpaca: trade of AAPL, MSFT\n');
  const [, health = ''] = /health and live prices: (\S+\/health)/.exec(said) ?? [];
  const answer = await fetch(health);
  expect([answer.status, await answer.json()]).toMatchObject([200, { status: 'well' }]);
  client.signal('SIGTERM');
  const { code, out, err } = await client.ending;
  expect(code).toBe(0);
  const printed = out.trim().split('\n');
  expect(JSON.parse(printed[0] ?? '')).toMatchObject({ kind: 'trade', dataSource: 'practice' });
  const rows = readFileSync(vendor.folder.at('rows.ndjson'), 'utf8');
  expect(rows).toBe(out);
  for (const word of Object.values(secrets)) expect(out + err + rows).not.toContain(word);
});

test('a file says it all, with variables for keys; after SIGTERM everything is stored that was heard', async () => {
  await using vendor = await exchange(guarded);
  await using database = await testDatabase('empty');
  const files = {
    'pipeline.yaml': `
feeds:
  - name: practice
    feed: { vendor: alpaca, streamUrl: "\${MARKET_URL}" }
    keys: [{ id: "\${KEY}", secret: "\${SECRET}" }]
    want: { trade: ["*"] }
    bars: { make: never }
store: { database: "\${DATABASE_URL}", spool: { folder: spool } }
service: false
`,
  };
  await using folder = await folderOf(files);
  const environment = { MARKET_URL: vendor.url, KEY: secrets.key, SECRET: secrets.secret, DATABASE_URL: database.url };
  await using client = start(['collect', 'pipeline.yaml', '--print'], { folder: folder.path, environment });
  const said = await client.heard(/(?:.*"kind":"trade".*\n){30}/);
  expect(said).toContain('  practice: trade of *\n');
  client.signal('SIGTERM');
  const { code, out, err } = await client.ending;
  expect([code, err.includes(secrets.secret)]).toEqual([0, false]);
  const stored = new Client({ connectionString: database.url });
  await stored.connect();
  const { rows } = await stored.query('SELECT count(*)::int AS trades FROM websocket_data');
  await stored.end();
  expect(rows).toEqual([{ trades: out.trim().split('\n').length }]);
});

const file = (line: string): string => `feeds:
  - feed: { vendor: alpaca }
    keys: [{ id: k }]
    want: { trade: [AAPL] }
${line}
`;
const mistakes = [
  ['a misspelt setting', file('servize: { port: 1 }'), 5, ['servize', 'service']],
  ['a wrong value', file('service: { port: 99999 }'), 5, ['service.port']],
  ['an unknown channel', file('').replace('trade:', 'trades:'), 4, ['trades']],
  ['a channel of other feeds', file('').replace('trade:', 'value:'), 4, ['feeds[0].want.value', 'it has trade']],
  ['an unknown vendor', file('').replace('alpaca', 'alpacca'), 2, ['alpacca', 'twelvedata']],
  ['a missing variable', file('').replace('id: k', 'id: "${NOWHERE}"'), 3, ['NOWHERE']],
] as const;

test.each(mistakes)('%s in a file is told with its line and the way out', async (_, text, line, words) => {
  await using folder = await folderOf({ 'pipeline.yaml': text });
  const { code, err } = await papertape(['collect', 'pipeline.yaml'], { folder: folder.path });
  expect(err).toContain(`pipeline.yaml:${line}:`);
  for (const word of words) expect(err).toContain(word);
  expect([code, err.includes('    at ')]).toEqual([2, false]);
});

const wrong: readonly (readonly [string, readonly string[], Readonly<Record<string, string>>, string])[] = [
  ['a vendor', ['--vendor', 'alpacca'], {}, '--vendor: alpacca – expected one of alpaca, polygon, twelvedata'],
  ['a variable’s vendor', [], { PAPERTAPE_VENDOR: 'alpacca' }, 'PAPERTAPE_VENDOR: alpacca – expected one of'],
  ['a channel', ['--channels', 'trade,ticks'], {}, 'ticks is no channel'],
  ['a channel that this vendor has not', ['--channels', 'value'], {}, '--channels and --symbols: this feed has no'],
  ['a port', ['--service-port', 'eight'], {}, '--service-port: eight – expected a port'],
  ['a URL', ['--url', 'stream.example'], { PAPERTAPE_KEY: 'k' }, '--url or PAPERTAPE_URL'],
  ['no key for a vendor', ['--url', 'wss://stream.example'], {}, 'APCA_API_KEY_ID and APCA_API_SECRET_KEY'],
  ['a source', ['--source', 'My Source'], {}, '--source: expected lower-case letters'],
  ['a folder that is not there', ['--rows', 'nowhere/rows.ndjson'], {}, '--rows or PAPERTAPE_ROWS'],
  [
    'options beside a file',
    ['pipeline.yaml', '--service-port', '1'],
    {},
    '--service-port: pipeline.yaml has the settings',
  ],
  ['a file that is not there', ['nowhere.yaml'], {}, 'nowhere.yaml'],
];

test.each(wrong)('%s is refused with the way out, and without a stack', async (_, words, environment, told) => {
  const { code, err } = await papertape(['collect', ...words], { environment });
  expect(err).toContain(told);
  expect([code, err.includes('    at ')]).toEqual([2, false]);
});

test('a port that is in use ends it with 3 and the option that names another', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const address = taken.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const { code, err } = await papertape(['collect', '--service-port', String(port)]);
  taken.close();
  expect([code, err]).toEqual([3, expect.stringContaining('--service-port or service.port')]);
});
