import { expect, test } from 'vitest';
import { beside } from '../../helpers/bystander.ts';
import { RawClient } from '../../helpers/raw-client.ts';

/** Session 1 is the bystander; whoever comes next is aimed at. */
const first = { at: '2500ms', target: { sessions: [2] } };

test('a closed connection ends with a Close frame of that code and reason, once, whatever its exchange usually does', async () => {
  const inject = { close: { code: 1012, reason: 'restart' } };
  await beside([{ id: 'end', ...first, inject }], async ({ join, until }) => {
    await using client = await join('a');
    await until(3);
    expect(await client.ended()).toBe('fin');
    expect(client.ids).toEqual([1, 2]);
    expect(client.farewell).toEqual({ code: 1012, reason: 'restart' });
    await using again = await join('a');
    await until(5);
    await again.settled();
    expect(again.ids).toEqual([4, 5]);
    expect(again.end).toBeUndefined();
  });
});

test('a reset connection ends with a TCP reset and not another word, once', async () => {
  await beside([{ id: 'end', ...first, inject: { reset: {} } }], async ({ join, until }) => {
    await using client = await join('a');
    await until(1);
    await client.settled();
    await until(3);
    expect(await client.ended()).toBe('reset');
    expect(client.farewell).toBeUndefined();
    expect(client.ids[0]).toBe(1);
    expect(client.ids).not.toContain(3);
    await using again = await join('a');
    await until(5);
    await again.settled();
    expect(again.ids).toEqual([4, 5]);
    expect(again.end).toBeUndefined();
  });
});

test('who is hung up on gets all that was sent and then the end of the connection without a Close frame, once', async () => {
  await beside([{ id: 'end', ...first, inject: { hangUp: {} } }], async ({ join, until }) => {
    await using client = await join('a');
    await until(3);
    expect(await client.ended()).toBe('fin');
    expect(client.ids).toEqual([1, 2]);
    expect(client.farewell).toBeUndefined();
    await using again = await join('a');
    await until(5);
    await again.settled();
    expect(again.ids).toEqual([4, 5]);
    expect(again.end).toBeUndefined();
  });
});

test('a half-open connection brings nothing and takes nothing, pings neither, and is reset when that is over', async () => {
  const step = { id: 'gone', ...first, for: '4s', inject: { halfOpen: {} } };
  await beside([step], async ({ join, until }) => {
    await using client = await join('a');
    await until(2);
    client.ping('anybody there?');
    client.say({ action: 'subscribe', trades: ['MSFT'] });
    await until(5);
    expect(client.end).toBeUndefined();
    await until(6);
    expect(await client.ended()).toBe('reset');
    expect(client.ids.filter((id) => Number(id) > 2)).toEqual([]);
    expect(client.frames.filter(({ kind }) => kind === 'pong' || kind === 'close')).toEqual([]);
    await using again = await join('a');
    await until(8);
    await again.settled();
    expect(again.ids).toEqual([7, 8]);
  });
});

test('who is kicked as slow is told so in the words of its exchange and sent away, however fast it reads', async () => {
  await beside([{ id: 'kick', ...first, inject: { kickSlow: {} } }], async ({ join, until }) => {
    await using client = await join('a');
    await until(3);
    expect(await client.ended()).toBe('fin');
    expect(client.ids).toEqual([1, 2]);
    expect(client.elements.at(-1)).toEqual({ T: 'error', code: 407, msg: 'slow client' });
    expect(client.farewell).toBeUndefined();
    await using again = await join('a');
    await until(5);
    await again.settled();
    expect(again.ids).toEqual([4, 5]);
  });
});

test('who is evicted is sent away as its exchange sends away whose place another connection takes', async () => {
  const target = { sessions: [2, 3, 4] };
  await beside([{ id: 'evict', at: '2500ms', target, inject: { evict: {} } }], async ({ papertape, join, until }) => {
    await using polygon = await RawClient.open(`${papertape.url}/stocks`);
    polygon.say({ action: 'auth', params: 'a' });
    await using twelvedata = await RawClient.open(`${papertape.url}/v1/quotes/price?apikey=a`);
    await using alpaca = await join('a');
    await polygon.heard(2);
    await until(3);
    await polygon.ended();
    expect(polygon.elements.at(-1)).toMatchObject({ status: 'max_connections' });
    expect(await twelvedata.ended()).toBe('fin');
    expect(twelvedata.farewell?.code).toBe(1008);
    await alpaca.settled();
    expect(alpaca.elements.at(-2)).toMatchObject({ T: 'error', code: 406 });
    // Ten seconds of wall time after it said so, as was measured of Alpaca.
    await until(11);
    await alpaca.settled();
    expect(alpaca.end).toBeUndefined();
    await until(13);
    expect(await alpaca.ended()).toBe('fin');
    await using again = await join('a');
    await until(15);
    await again.settled();
    expect(again.ids).toEqual([14, 15]);
  });
});

test('an exchange that is shut down closes what is connected and answers nobody but with 503, until it is up again', async () => {
  const target = { endpoint: 'polygon' };
  const inject = { shutDown: { code: 1001, reason: 'maintenance', retryAfter: '30s' } };
  const step = { id: 'maintenance', at: '2500ms', for: '4s', target, inject } as const;
  await beside([step], async ({ papertape, until }) => {
    const rest = async (): Promise<Response> =>
      fetch(`http://127.0.0.1:${papertape.port}/v1/marketstatus/now?apiKey=a`);
    const url = `${papertape.url}/stocks`;
    await using client = await RawClient.open(url);
    client.say({ action: 'auth', params: 'a' });
    await client.heard(2);
    expect((await rest()).status).toBe(200);
    // A second after the Close frame the exchange waits no longer for the client's.
    await until(3);
    expect(await client.ended()).toBe('fin');
    expect(client.farewell).toEqual({ code: 1001, reason: 'maintenance' });
    await using early = await RawClient.open(url);
    expect(early.status).toBe(503);
    expect(early.head.toLowerCase()).toContain('retry-after: 30');
    const answer = await rest();
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '30']);
    await until(6);
    await using again = await RawClient.open(url);
    again.say({ action: 'auth', params: 'a' });
    await again.heard(2);
    expect(again.status).toBe(101);
    expect((await rest()).status).toBe(200);
  });
});

test('a shutdown that comes again at an interval is a periodic restart', async () => {
  const rule = {
    id: 'restart',
    when: { interval: '4s' },
    for: '500ms',
    target: { endpoint: 'polygon' },
    inject: { shutDown: {} },
  };
  await beside(
    [],
    async ({ papertape, until }) => {
      for (const second of [3, 7, 11]) {
        await until(second);
        await using client = await RawClient.open(`${papertape.url}/stocks`);
        expect(client.status).toBe(101);
        // Half a second and a quarter before it is shut down, and a quarter after it is up again.
        await until(second + 1);
        await client.until(() => client.farewell !== undefined);
        expect(client.farewell?.code).toBe(1012);
      }
    },
    [rule],
  );
});

test('a muted symbol falls silent while the others go on and pings are answered, until that is over', async () => {
  const target = { sessions: [2], symbols: ['AAPL'] };
  const step = { id: 'mute', at: '2500ms', for: '4s', target, inject: { mute: {} } };
  await beside([step], async ({ url, until }) => {
    await using client = await RawClient.trades(url, 'a', ['AAPL', 'MSFT']);
    const of = (symbol: string): readonly unknown[] =>
      client.elements.filter(({ T, S }) => T === 't' && S === symbol).map(({ i }) => i);
    await until(6);
    await client.settled();
    expect(of('AAPL')).toEqual([1, 2]);
    expect(of('MSFT')).toEqual([1, 2, 3, 4, 5, 6]);
    await until(8);
    await client.settled();
    expect(of('AAPL')).toEqual([1, 2, 7, 8]);
  });
});

test('without a target everything is muted, and a channel when only that is named', async () => {
  const all = { id: 'all', at: '2500ms', for: '2s', target: { sessions: [2] }, inject: { mute: {} } };
  const channel = { ...all, id: 'channel', at: '6500ms', target: { sessions: [2], channels: ['trade' as const] } };
  await beside([all, channel], async ({ join, until }) => {
    await using client = await join('a');
    await until(4);
    await client.settled();
    expect(client.ids).toEqual([1, 2]);
    await until(10);
    await client.settled();
    expect(client.ids).toEqual([1, 2, 5, 6, 9, 10]);
  });
});
