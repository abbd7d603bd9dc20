import { request } from 'node:http';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { serviceSettings } from '../../../client/service/index.ts';
import { bar, opening, price, quote, trade } from '../../helpers/events.ts';
import { serve } from './small-pipeline.ts';

const openApi = z.object({
  openapi: z.string(),
  paths: z.record(z.string(), z.object({ get: z.object({ responses: z.record(z.string(), z.unknown()) }) })),
});
const token = 'correct-horse-battery-staple';

test('health is 200 while nothing is lost, 503 when something fails, and tells every part', async () => {
  await using served = await serve();
  const health = await served.get('/health');
  expect(health.status).toBe(200);
  expect(await health.json()).toMatchObject({
    status: 'well',
    version: 'test',
    at: '2026-07-01T14:30:00.000Z',
    gapsOpen: 1,
    parts: [{ kind: 'connection', name: 'alpaca iex', state: 'well' }, { name: 'memory' }, { name: 'broadcast' }],
  });
  served.connection = 'ailing';
  expect((await served.get('/health')).status).toBe(200);
  expect((await served.get('/ready')).status).toBe(503);
  served.connection = 'failing';
  expect((await served.get('/health')).status).toBe(503);
  served.connection = 'well';
  expect((await served.get('/ready')).status).toBe(200);
});

test('status tells connections, keys by label, what is held and denied, gaps and counts', async () => {
  await using served = await serve();
  await served.tell(trade(opening));
  expect(await (await served.get('/status')).json()).toMatchObject({
    connections: [
      {
        key: 'first',
        phase: 'live',
        reconnects: 2,
        connectedAt: '2026-07-01T14:30:00.000Z',
        held: { trade: ['AAPL'] },
        denied: [{ wants: { trade: ['MSFT'] }, message: 'symbol limit exceeded' }],
      },
    ],
    keys: [{ label: 'first', uses: 3 }],
    gaps: [{ symbol: 'AAPL', channel: 'trade', state: 'open' }],
    counts: { heard: 1 },
    listeners: { open: 0, slow: 0 },
  });
  expect(served.failures).toEqual([]);
});

test('the latest price is told with bid, ask and volume, whichever way the slash is spelled', async () => {
  await using served = await serve();
  const symbol = 'EUR/USD';
  await served.tell(
    trade(opening, { symbol, price: 1.1 }),
    quote(opening + 1n, { symbol, bidPrice: 1.2, askPrice: 1.3 }),
    price(opening + 2n, { symbol, price: 1.25, dayVolume: 500 }),
  );
  const expected = {
    ...{ symbol, price: 1.25, from: 'price', at: '2026-07-01T14:30:00.000000002Z', dataSource: 'alpaca' },
    ...{ bid: 1.2, ask: 1.3, spread: 0.1, volume: 500 },
    events: [{ kind: 'trade' }, { kind: 'quote' }, { kind: 'price' }],
  };
  for (const path of ['/market/latest/EUR%2FUSD', '/market/latest/EUR/USD', '/market/latest?symbol=EUR/USD']) {
    const answer = await served.get(path);
    expect([path, answer.status]).toEqual([path, 200]);
    expect(await answer.json()).toMatchObject(expected);
  }
  await served.tell(quote(opening, { symbol: 'MSFT', bidPrice: 10, askPrice: 12 }));
  const all = await (await served.get('/market/latest')).json();
  expect(all).toMatchObject([{ symbol }, { symbol: 'MSFT', price: 11, from: 'quote' }]);
});

test('recent events are told by channel, oldest first', async () => {
  await using served = await serve();
  await served.tell(
    ...[0n, 1n, 2n].map((at) => trade(opening + at, { symbol: 'BTC/USD', id: String(at) })),
    bar('bar', opening, opening + 9n, { symbol: 'BTC/USD' }),
  );
  const recent = async (path: string): Promise<unknown> => await (await served.get(`/market/recent/${path}`)).json();
  expect(await recent('BTC/USD?limit=2')).toMatchObject([{ id: '1' }, { id: '2' }]);
  expect(await recent('BTC%2FUSD?channel=bar')).toMatchObject([{ kind: 'bar', close: 231.47 }]);
  expect(await recent('AAPL')).toEqual([]);
});

test.each([
  ['/market/latest/NONE', 404, 'no price of NONE is known'],
  ['/market/latest?symbol=', 400, 'querystring.symbol'],
  ['/market/recent/AAPL?channel=gossip', 400, 'querystring.channel'],
  ['/market/recent/AAPL?limit=0', 400, 'querystring.limit'],
  ['/market/session?market=forex', 404, 'nothing is heard of forex; there is stocks'],
  ['/nowhere?token=secret', 404, 'nothing answers GET there'],
])('%s is answered %i with problem details', async (path, status, detail) => {
  await using served = await serve();
  const answer = await served.get(path);
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(answer.status).toBe(status);
  expect(await answer.json()).toMatchObject({
    ...{ type: 'about:blank', status, instance: path.split('?')[0] },
    detail: expect.stringContaining(detail),
  });
});

test('a cache that is away is told as 503, and the probe still answers', async () => {
  await using served = await serve({}, 'redis://someone:s3cret@127.0.0.1:1');
  const answer = await served.get('/market/latest/AAPL');
  expect(answer.status).toBe(503);
  expect(await answer.json()).toMatchObject({
    detail: expect.stringMatching(/^redis:\/\/127\.0\.0\.1:1 does not answer/),
  });
  const health = await served.get('/health');
  expect(health.status).toBe(200);
  expect(await health.text()).not.toContain('s3cret');
});

test('the session tells whether the market trades and when it opens or closes next', async () => {
  await using served = await serve();
  const session = async (): Promise<unknown> => await (await served.get('/market/session')).json();
  expect(await session()).toMatchObject({
    ...{ market: 'stocks', calendar: 'XNYS', phase: 'open', open: true, timeZone: 'America/New_York' },
    day: { date: '2026-07-01', open: '2026-07-01T09:30:00-04:00', close: '2026-07-01T16:00:00-04:00' },
    next: { date: '2026-07-02' },
    secondsToClose: 19_800,
  });
  await served.clock.advance(6n * 3_600_000_000_000n);
  expect(await session()).toMatchObject({ phase: 'post', open: false, secondsToOpen: 61_200 });
});

test('Prometheus is told of parts, gaps, events and listeners', async () => {
  await using served = await serve();
  await served.tell(trade(opening));
  const text = await (await served.get('/metrics')).text();
  expect(text).toContain('papertape_client_part_state{kind="connection",name="alpaca iex"} 0');
  expect(text).toContain('papertape_client_gaps{state="open"} 1');
  expect(text).toContain('papertape_client_events_total{what="heard"} 1');
  expect(text).toContain('papertape_client_key_uses_total{vendor="alpaca",key="first"} 3');
});

test('the OpenAPI document has every route and its problems', async () => {
  await using served = await serve();
  const { openapi, paths } = openApi.parse(await (await served.get('/openapi.json')).json());
  expect(openapi).toBe('3.1.0');
  expect(Object.keys(paths).toSorted()).toEqual([
    '/health',
    '/market/latest',
    '/market/latest/{symbol}',
    '/market/recent/{symbol}',
    '/market/session',
    '/metrics',
    '/ready',
    '/status',
  ]);
  expect(paths['/market/latest/{symbol}']?.get.responses).toHaveProperty('404.content');
});

test('pages of other origins and foreign names are refused, and no CORS header is sent', async () => {
  await using served = await serve();
  const refused = await served.get('/status', { headers: { origin: 'https://evil.example' } });
  expect(refused.status).toBe(403);
  expect(refused.headers.get('access-control-allow-origin')).toBeNull();
  expect(await named(served.service.port, 'evil.example')).toBe(403);
  expect(await named(served.service.port, 'localhost')).toBe(200);
});

test('with a token everything but probes demands it', async () => {
  await using served = await serve({ host: '0.0.0.0', token });
  const status = async (path: string, authorization?: string): Promise<number> =>
    (await served.get(path, authorization === undefined ? {} : { headers: { authorization } })).status;
  expect(await status('/health')).toBe(200);
  expect(await status('/ready')).toBe(200);
  expect(await status('/status')).toBe(401);
  expect(await status('/status', 'Bearer wrong')).toBe(401);
  expect(await status('/status', `Bearer ${token}`)).toBe(200);
  expect((await served.get('/metrics')).headers.get('www-authenticate')).toBe('Bearer');
});

test('whoever asks too often is told to wait, and probes are not counted', async () => {
  await using served = await serve({ requestsPerMinute: 3 });
  const codes = async (path: string): Promise<number[]> => {
    const answers: number[] = [];
    for (let asked = 0; asked < 5; asked++) answers.push((await served.get(path)).status);
    return answers;
  };
  expect(await codes('/health')).toEqual([200, 200, 200, 200, 200]);
  expect(await codes('/status')).toEqual([200, 200, 200, 429, 429]);
});

test('settings refuse to listen on more than loopback without a token', () => {
  const refused = serviceSettings.safeParse({ host: '0.0.0.0' });
  expect(refused.error?.issues[0]).toMatchObject({ path: ['token'] });
  expect(serviceSettings.parse({})).toMatchObject({ host: '127.0.0.1', port: 8768 });
});

/** fetch does not let a page of ours say another host. */
async function named(port: number, host: string): Promise<number | undefined> {
  return await new Promise((resolve, reject) => {
    request({ port, host: '127.0.0.1', path: '/status', headers: { host } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    })
      .on('error', reject)
      .end();
  });
}
