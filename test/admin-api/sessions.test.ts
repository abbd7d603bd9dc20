import { expect, test } from 'vitest';
import type { PapertapeOptions } from '../../server/index.ts';
import { steered } from '../helpers/admin.ts';
import { RawClient } from '../helpers/raw-client.ts';

const busy: PapertapeOptions['scenario'] = {
  name: 'busy',
  tapes: [{ synthetic: { symbols: ['AAPL'] } }],
  replay: { startOn: 'command', speed: 'max', backpressure: 'pause', mode: 'single_pass' },
};

test('a client is told with what it holds, what it was sent, and who it is without its key', async () => {
  await using desk = await steered({ scenario: busy });
  const { api, papertape } = desk;
  await using client = await RawClient.trades(papertape.streamUrl('/v2/iex'), 'PK-SECRET', ['AAPL']);
  const [session] = await api.listSessions();
  expect(session).toMatchObject({
    session: 1,
    exchange: 'alpaca',
    path: '/v2/iex',
    encoding: 'alpaca stocks json',
    client: expect.stringMatching(/^key-[0-9a-f]{8}$/),
    loggedIn: true,
    subscriptions: [{ channel: 'trade', symbols: ['AAPL'] }, { channel: 'correction' }, { channel: 'cancel' }],
    delivered: 0,
    bytesWaiting: 0,
    behindMs: 0,
  });
  expect(session?.bytesSent).toBe(client.received.length);
  await api.play();
  await client.until(() => client.ids.length > 100);
  expect((await api.getSession(1)).delivered).toBeGreaterThanOrEqual(100);
  expect(JSON.stringify(await api.listSessions())).not.toContain('PK-SECRET');
});

test('a client that does not read is behind by what waits for it', async () => {
  await using desk = await steered({ scenario: busy });
  const { api, papertape } = desk;
  await using client = await RawClient.trades(papertape.streamUrl('/v2/iex'), 'k');
  client.socket.pause();
  await api.play();
  const isBehind = async (): Promise<boolean> => {
    const { bytesWaiting, behindMs } = await api.getSession(1);
    return bytesWaiting > 100_000 && behindMs > 20;
  };
  await expect.poll(isBehind, { timeout: 20_000 }).toBe(true);
  client.socket.resume();
});

test.each([
  ['close', { code: 1012, reason: 'bye' }, 'fin', { code: 1012, reason: 'bye' }],
  ['reset', {}, 'reset', undefined],
  ['hangUp', {}, 'fin', undefined],
  ['refuse', {}, 'fin', undefined],
] as const)('a client is ended by %s, alone, and the journal tells it', async (how, told, end, farewell) => {
  await using desk = await steered({ scenario: busy });
  const { api, papertape } = desk;
  const url = papertape.streamUrl('/v2/iex');
  await using client = await RawClient.trades(url, 'one');
  await using other = await RawClient.trades(url, 'two');
  await api.endSession(1, { how, ...told });
  expect(await client.ended()).toBe(end);
  expect(client.farewell).toEqual(farewell);
  if (how === 'refuse') expect(client.elements.at(-1)).toMatchObject({ T: 'error', code: 406 });
  await other.settled();
  expect((await api.listSessions()).map(({ session }) => session)).toEqual([2]);
  expect(papertape.trial.faults).toMatchObject([
    { phase: 'begins' },
    { phase: 'strikes', session: 1 },
    { phase: 'ends' },
  ]);
});

test('who is not there cannot be told of or ended, and no connection ends with a code that is none', async () => {
  await using desk = await steered();
  const { api, papertape } = desk;
  await expect(api.getSession(7)).rejects.toMatchObject({ problem: { status: 404 } });
  await using client = await RawClient.trades(papertape.streamUrl('/v2/iex'), 'k');
  await expect(api.endSession(7)).rejects.toMatchObject({
    problem: { detail: 'no session 7 is connected; there are 1' },
  });
  await expect(api.endSession(1, { code: 1006 })).rejects.toMatchObject({
    problem: { status: 422, errors: [{ field: 'query.code', wayOut: expect.stringContaining('1000–4999') }] },
  });
  await client.settled();
  expect(client.end).toBeUndefined();
});
