import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { ManualClock } from '../../market/clock.ts';
import { seconds } from '../../market/nanos.ts';
import { startPapertape, type Papertape } from '../../server/index.ts';
import { scenarioSchema } from '../../server/scenario/schema.ts';
import { opening, trade } from '../helpers/events.ts';
import { memorySource } from '../helpers/memory-source.ts';
import { serve } from '../helpers/serve.ts';

const open: AsyncDisposable[] = [];
afterEach(async () => {
  for (const part of open.splice(0).toReversed()) await part[Symbol.asyncDispose]();
});

/** A client that asks for an upgrade and never closes its own half of the connection; what it was answered. */
async function stubborn({ port }: Papertape, path: string): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  socket.on('error', () => undefined);
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: exchange\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n` +
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  );
  let answer = '';
  socket.on('data', (chunk) => (answer += chunk.toString()));
  await once(socket, 'end');
  open.push({ [Symbol.asyncDispose]: async () => void socket.destroy() });
  return answer;
}

test.each([
  ['404', '/nowhere', {}],
  ['429', '/v2/iex', { connectsPerMinute: 1 }],
])(
  'who is refused with %s and keeps its half of the connection open does not keep the server from closing',
  async (status, path, limits) => {
    const papertape = await serve([trade(opening)], {}, { limits });
    const upgraded = connect(papertape.port, '127.0.0.1');
    upgraded.write('GET /v2/iex HTTP/1.1\r\nHost: exchange\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n');
    upgraded.write('Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n');
    upgraded.resume();
    await expect.poll(() => papertape.run.status.sessions).toBe(1);
    upgraded.destroy();
    expect(await stubborn(papertape, path)).toMatch(new RegExp(`^HTTP/1.1 ${status} .*\r\n\r\n$`, 's'));
    await papertape[Symbol.asyncDispose]();
  },
);

test('/health says ok until the tape breaks, and then answers 503 broken', async () => {
  const clock = new ManualClock(opening);
  const whole = memorySource([trade(opening)]);
  const torn = {
    ...whole,
    async *pages(...[selection, signal]: Parameters<typeof whole.pages>) {
      yield* whole.pages(selection, signal);
      throw new Error('torn');
    },
  };
  const scenario = scenarioSchema.parse({
    name: 'torn',
    tapes: [{ file: 'given.ndjson' }],
    replay: { mode: 'single_pass', startOn: 'command' },
  });
  const papertape = await startPapertape({ scenario, port: 0, clock, tapes: [torn] });
  open.push(papertape);
  const health = async (): Promise<Response> => fetch(`${papertape.url.replace('ws', 'http')}/health`);
  const before = await health();
  expect(before.status).toBe(200);
  expect(await before.json()).toMatchObject({ status: 'ok', scenario: 'torn' });
  papertape.run.play();
  await clock.advance(seconds(5));
  await expect.poll(() => papertape.run.status.phase).toBe('broken');
  const after = await health();
  expect(after.status).toBe(503);
  expect(await after.json()).toMatchObject({ status: 'broken', scenario: 'torn', deck: 'broken' });
});
