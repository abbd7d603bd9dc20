import { once } from 'node:events';
import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { PapertapeAdmin } from '../../admin-api/sdk/index.ts';
import { scenarioSchema } from '../../server/scenario/schema.ts';
import type { Source } from '../../server/sources/source.ts';
import { steered } from '../helpers/admin.ts';
import { opening, trade } from '../helpers/events.ts';
import { memorySource } from '../helpers/memory-source.ts';

/** A tape that opens and cannot be read. */
const torn: Source = {
  ...memorySource([trade(opening)]),
  pages: () => ({
    [Symbol.asyncIterator]: () => ({ next: async () => Promise.reject(new Error('the tape is torn')) }),
  }),
};

test('ready answers while clients can connect, and once the tape of the default run is broken', async () => {
  await using whole = await steered();
  expect(await whole.api.ready()).toEqual({ status: 'ok', broken: [] });
  const scenario = scenarioSchema.parse({
    name: 'torn',
    tapes: [{ file: 'in-memory.ndjson' }],
    replay: { startOn: 'command' },
  });
  await using desk = await steered({ scenario, tapes: [torn] });
  await desk.api.play();
  await expect.poll(async () => desk.api.ready()).toEqual({ status: 'broken', broken: ['default'] });
});

test('a proxy that answers for the API is no answer of it', async () => {
  await using proxy = createServer((_, answer) =>
    answer.writeHead(503, { 'content-type': 'text/html' }).end('<p>Try later'),
  );
  await once(proxy.listen(0, '127.0.0.1'), 'listening');
  const address = proxy.address();
  const api = new PapertapeAdmin({ url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/` });
  await expect(api.ready()).rejects.toMatchObject({
    name: 'AdminError',
    problem: { status: 503, detail: '<p>Try later' },
  });
});
