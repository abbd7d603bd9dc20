import { once } from 'node:events';
import { expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { seconds } from '../../../market/nanos.ts';
import { opening, quote, trade } from '../../helpers/events.ts';
import { serve, type Served } from './small-pipeline.ts';

interface Ear extends Disposable {
  readonly socket: WebSocket;
  readonly heard: Record<string, unknown>[];
  /** Symbols of events heard. */
  symbols(): string[];
  /** Says something and waits for the answer. */
  say(message: unknown): Promise<Record<string, unknown> | undefined>;
}

async function listen({ service, watched }: Served, path: string, headers: Record<string, string> = {}): Promise<Ear> {
  const before = watched.broadcast.listeners;
  const socket = new WebSocket(`${service.url.replace('http', 'ws')}${path}`, { headers });
  const heard: Record<string, unknown>[] = [];
  socket.on('message', (data) => heard.push(JSON.parse(Buffer.isBuffer(data) ? data.toString() : '{}')));
  await once(socket, 'open');
  await vi.waitFor(() => expect(watched.broadcast.listeners).toBe(before + 1));
  return {
    socket,
    heard,
    symbols: () =>
      heard.flatMap(({ events }) =>
        Array.isArray(events) ? events.map((event: { symbol: string }) => event.symbol) : [],
      ),
    say: async (message) => {
      const count = heard.length;
      socket.send(typeof message === 'string' ? message : JSON.stringify(message));
      await vi.waitFor(() => expect(heard.length).toBeGreaterThan(count));
      return heard.at(-1);
    },
    [Symbol.dispose]: () => socket.terminate(),
  };
}

test('/ws tells everything until a listener says what it wants', async () => {
  await using served = await serve();
  using ear = await listen(served, '/ws');
  await served.tell(trade(opening, { symbol: 'AAPL' }), quote(opening, { symbol: 'EUR/USD' }));
  await vi.waitFor(() => expect(ear.symbols()).toEqual(['AAPL', 'EUR/USD']));
  expect(ear.heard[0]).toMatchObject({
    type: 'events',
    events: [{ at: '2026-07-01T14:30:00.000000000Z', price: 231.47 }, {}],
  });

  const subscribed = await ear.say({ type: 'subscribe', symbols: ['MSFT', 'IBM'], channels: ['trade'] });
  expect(subscribed).toEqual({ type: 'subscribed', channels: { trade: ['MSFT', 'IBM'] } });
  await served.tell(
    trade(opening, { symbol: 'AAPL' }),
    quote(opening, { symbol: 'MSFT' }),
    trade(opening, { symbol: 'MSFT' }),
  );
  await vi.waitFor(() => expect(ear.symbols().slice(2)).toEqual(['MSFT']));

  expect(await ear.say({ type: 'unsubscribe', symbols: ['MSFT'] })).toEqual({
    type: 'subscribed',
    channels: { trade: ['IBM'] },
  });
  expect(await ear.say({ type: 'unsubscribe' })).toEqual({ type: 'subscribed', channels: {} });
  await served.tell(trade(opening, { symbol: 'IBM' }));
  expect(await ear.say({ type: 'heartbeat' })).toMatchObject({ type: 'heartbeat' });
  expect(ear.symbols()).toHaveLength(3);
});

test.each(['/ws/EUR/USD', '/ws/EUR%2FUSD'])('%s tells all of that symbol and nothing else', async (path) => {
  await using served = await serve();
  using ear = await listen(served, path);
  await served.tell(trade(opening), quote(opening, { symbol: 'EUR/USD' }), trade(opening, { symbol: 'EUR/USD' }));
  await vi.waitFor(() => expect(ear.symbols()).toEqual(['EUR/USD', 'EUR/USD']));
});

test('a heartbeat is answered with how the pipeline fares', async () => {
  await using served = await serve();
  using ear = await listen(served, '/ws');
  served.connection = 'ailing';
  expect(await ear.say({ type: 'heartbeat' })).toEqual({
    type: 'heartbeat',
    at: '2026-07-01T14:30:00.000Z',
    status: 'ailing',
  });
});

test.each([
  'no json',
  '[]',
  '{"type":"shout"}',
  '{"type":"subscribe","symbols":[]}',
  '{"type":"subscribe","symbols":["A"],"channels":["b"]}',
])('what makes no sense is refused, and the listener stays: %s', async (nonsense) => {
  await using served = await serve();
  using ear = await listen(served, '/ws');
  expect(await ear.say(nonsense)).toMatchObject({ type: 'refused' });
  expect(await ear.say({ type: 'heartbeat' })).toMatchObject({ type: 'heartbeat' });
});

test('whoever talks too much is sent away', async () => {
  await using served = await serve({ messagesPerMinute: 2 });
  using ear = await listen(served, '/ws');
  for (let said = 0; said < 3; said++) ear.socket.send('{"type":"heartbeat"}');
  const [code, reason] = await once(ear.socket, 'close');
  expect([code, String(reason)]).toEqual([1008, 'more than 2 messages a minute']);
});

test('a listener that is gone without a word is noticed', async () => {
  await using served = await serve();
  using ear = await listen(served, '/ws');
  ear.socket.pause();
  await served.clock.advance(seconds(61));
  await vi.waitFor(() => expect(served.watched.broadcast.listeners).toBe(0));
  expect(served.clock.waiting).toBe(0);
});

test('one listener too many is told to try later', async () => {
  await using served = await serve({}, undefined, { mostListeners: 1 });
  using _first = await listen(served, '/ws');
  const socket = new WebSocket(`${served.service.url.replace('http', 'ws')}/ws`);
  const [code] = await once(socket, 'close');
  expect(code).toBe(1013);
});

test('without the token, or from a page of elsewhere, no socket opens', async () => {
  const token = 'correct-horse-battery-staple';
  await using served = await serve({ token });
  const refusal = async (headers: Record<string, string>): Promise<unknown> => {
    const socket = new WebSocket(`${served.service.url.replace('http', 'ws')}/ws`, { headers });
    const [error] = await once(socket, 'error');
    return error instanceof Error ? error.message : error;
  };
  expect(await refusal({})).toContain('401');
  expect(await refusal({ origin: 'https://evil.example', authorization: `Bearer ${token}` })).toContain('403');
  using ear = await listen(served, '/ws', { authorization: `Bearer ${token}` });
  expect(await ear.say({ type: 'heartbeat' })).toMatchObject({ status: 'well' });
});
