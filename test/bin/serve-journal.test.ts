import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { PapertapeAdmin } from '../../admin-api/sdk/index.ts';
import { folderOf } from '../server/scenario/folder.ts';
import { papertape, start } from './papertape.ts';

test('after SIGTERM the journal ends with how clients were sent away; a reset begins the next file; no key is told', async () => {
  await using folder = await folderOf({});
  const surroundings = { folder: folder.path, environment: { PAPERTAPE_JOURNAL: 'out/journal.ndjson' } };
  await using running = start(['serve', '--port', '0'], surroundings);
  const said = await running.heard(/ready for clients/);
  const [, port = '', adminPort = ''] = /"port":(\d+),"adminPort":(\d+)/.exec(said) ?? [];
  const before = await connected(port);
  const gone = once(before, 'close');
  await new PapertapeAdmin({ url: `http://127.0.0.1:${adminPort}` }).resetRun();
  await gone;
  const client = await connected(port);
  client.send('{"action":"subscribe","quotes":["*"]}');
  while (!String(await once(client, 'message')).includes('"T":"q"'));
  running.signal('SIGTERM');
  expect(await running.ending).toMatchObject({ code: 0 });
  const [first, second] = ['out/journal.ndjson', 'out/journal.2.ndjson'].map((file) =>
    linesOf(readFileSync(folder.at(file), 'utf8')),
  );
  expect(first).toContainEqual(expect.objectContaining({ kind: 'said', session: 1 }));
  expect(second).toContainEqual(expect.objectContaining({ kind: 'sent', client: expect.stringMatching(/^key-/) }));
  for (const entries of [first, second]) expect(entries?.at(-1)).toMatchObject({ kind: 'closed', by: 'papertape' });
  expect(JSON.stringify([first, second])).not.toContain('PK-OF-MINE');
  expect(existsSync(folder.at('out/journal.3.ndjson'))).toBe(false);
});

test('a journal that cannot be written is told before anything plays', async () => {
  await using folder = await folderOf({ file: '' });
  const { code, err } = await papertape(['serve', '--port', '0', '--journal', 'file/journal.ndjson'], {
    folder: folder.path,
  });
  expect(code).toBe(2);
  expect(err).toContain('--journal');
});

/** Every line is whole. */
function linesOf(text: string): unknown[] {
  expect(text.endsWith('\n')).toBe(true);
  return text
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
}

async function connected(port: string): Promise<WebSocket> {
  const client = new WebSocket(`ws://127.0.0.1:${port}/v2/iex`);
  await once(client, 'message');
  client.send('{"action":"auth","key":"PK-OF-MINE","secret":"s"}');
  await once(client, 'message');
  return client;
}
