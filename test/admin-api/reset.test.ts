import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { steered } from '../helpers/admin.ts';
import { RawClient } from '../helpers/raw-client.ts';

test('a run that is being opened when all is reset is not opened, and its asker is told', async () => {
  await using desk = await steered();
  const { api, admin } = desk;
  await api.createRun({ id: 'old' });
  const socket = connect(admin.port, '127.0.0.1');
  const heard = text(socket);
  // One after the other without waiting, so that the second comes while the first is worked on.
  const asked = (line: string, more = ''): string => `${line} HTTP/1.1\r\nHost: 127.0.0.1\r\n${more}\r\n`;
  socket.write(asked('POST /runs') + asked('POST /reset', 'Connection: close\r\n'));
  const answers = await heard;
  expect([...answers.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status)).toEqual(['409', '204']);
  expect(answers).toContain('the run was stopped or reset meanwhile; ask again');
  expect((await api.listRuns()).map(({ id }) => id)).toEqual(['default']);
  expect(await api.createRun({ id: 'old' })).toMatchObject({ id: 'old' });
});

test('who follows the journal is told how clients were sent away, when the run is reset and when it is stopped', async () => {
  await using desk = await steered();
  const { api } = desk;
  const run = await api.createRun({ id: 'mine' });
  for (const end of [async () => await api.resetRun('mine'), async () => await api.stopRun('mine')]) {
    await using client = await RawClient.trades(run.streams['/v2/iex'] ?? '', run.key);
    const told: unknown[] = [];
    for await (const entry of api.streamJournal({ kinds: ['logged-in', 'closed'], since: 0 }, 'mine')) {
      told.push(entry);
      if (entry.kind === 'logged-in') await end();
    }
    expect(told).toMatchObject([{ kind: 'logged-in' }, { kind: 'closed', by: 'papertape', code: 1006 }]);
    await client.ended();
  }
});
