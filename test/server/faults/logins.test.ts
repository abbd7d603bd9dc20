import { expect, test } from 'vitest';
import { beside } from '../../helpers/bystander.ts';
import { RawClient } from '../../helpers/raw-client.ts';

const auth = (key: string): object => ({ action: 'auth', key, secret: 's' });
const error = (code: number, msg: string): object => ({ T: 'error', code, msg });
const authenticated = { T: 'success', msg: 'authenticated' };

/** Connects to Alpaca and says one thing; resolves with the client when it has heard the answer. */
async function say(url: string, words: object): Promise<RawClient> {
  const client = await RawClient.open(url);
  client.say(words);
  await client.heard(2);
  return client;
}

test('a refused login says in the words of its exchange that the key is bad, and the same key is good again afterwards', async () => {
  const step = { id: 'no', at: '500ms', times: 1, inject: { refuseLogin: {} } };
  await beside([step], async ({ url, until }) => {
    await until(0);
    await using client = await say(url, auth('a'));
    expect(client.elements.at(-1)).toEqual(error(402, 'auth failed'));
    client.say(auth('a'));
    await client.heard(3);
    expect(client.elements.at(-1)).toEqual(authenticated);
  });
});

test('a login can be refused for its plan, and where the key comes with the upgrade it is refused over HTTP', async () => {
  const inject = { refuseLogin: { why: 'not-in-plan' as const } };
  await beside([{ id: 'plan', at: '500ms', for: '3s', inject }], async ({ papertape, url, until }) => {
    await until(0);
    await using alpaca = await say(url, auth('a'));
    expect(alpaca.elements.at(-1)).toEqual(error(409, 'insufficient subscription'));
    await using polygon = await say(`${papertape.url}/stocks`, { action: 'auth', params: 'a' });
    expect(polygon.elements.at(-1)).toMatchObject({ status: 'auth_failed' });
    expect(await polygon.ended()).toBe('fin');
    const address = `${papertape.url}/v1/quotes/price?apikey=a`;
    await using twelvedata = await RawClient.open(address);
    expect(twelvedata.status).toBe(401);
    await until(4);
    await using again = await RawClient.open(address);
    expect(again.status).toBe(101);
  });
});

test('an ignored login gets no answer and lets nobody in, and the next one is answered', async () => {
  const step = { id: 'deaf', at: '500ms', times: 1, inject: { ignoreLogin: {} } };
  await beside([step], async ({ url, until }) => {
    await until(0);
    await using client = await RawClient.open(url);
    client.say(auth('a'));
    client.say({ action: 'subscribe', trades: ['AAPL'] });
    await client.settled();
    expect(client.elements).toEqual([{ T: 'success', msg: 'connected' }, error(401, 'not authenticated')]);
    client.say(auth('a'));
    await client.until(() => client.elements.length === 3);
    expect(client.elements.at(-1)).toEqual(authenticated);
  });
});

test('when connections are limited a newcomer hears that there are too many and is dropped later; who is there stays', async () => {
  const step = { id: 'full', at: '500ms', times: 1, inject: { limitConnections: {} } };
  await beside([step], async ({ url, until }) => {
    await until(0);
    await using client = await say(url, auth('a'));
    expect(client.elements.at(-1)).toEqual(error(406, 'connection limit exceeded'));
    await until(9);
    await client.settled();
    expect(client.end).toBeUndefined();
    await until(11);
    expect(await client.ended()).toBe('fin');
    await using again = await say(url, auth('a'));
    expect(again.elements.at(-1)).toEqual(authenticated);
  });
});

test('an expired key ends its connection and opens no other until it is good again; another key does', async () => {
  const step = { id: 'expired', at: '2500ms', for: '4s', target: { key: 'old' }, inject: { expireKey: {} } };
  await beside([step], async ({ url, join, until }) => {
    await using client = await join('old');
    await until(3);
    expect(await client.ended()).toBe('fin');
    expect(client.ids).toEqual([1, 2]);
    expect(client.elements.at(-1)).toEqual(error(402, 'auth failed'));
    expect(client.farewell).toBeUndefined();
    await using refused = await say(url, auth('old'));
    expect(refused.elements.at(-1)).toEqual(error(402, 'auth failed'));
    await using rotated = await say(url, auth('new'));
    expect(rotated.elements.at(-1)).toEqual(authenticated);
    await until(6);
    await using again = await join('old');
    await until(8);
    await again.settled();
    expect(again.ids).toEqual([7, 8]);
  });
});

test('a connection whose key expires ends with a close code if the scenario says so, or stays open and silent', async () => {
  const closed = {
    id: 'closed',
    at: '2500ms',
    for: '4s',
    target: { key: 'a' },
    inject: { expireKey: { close: 1008 } },
  };
  const inject = { expireKey: { close: 'never' as const } };
  const silent = { id: 'silent', at: '2500ms', for: '4s', target: { key: 'b' }, inject };
  await beside([closed, silent], async ({ join, until }) => {
    await using first = await join('a');
    await using second = await join('b');
    await until(3);
    expect(await first.ended()).toBe('fin');
    expect(first.farewell?.code).toBe(1008);
    await until(6);
    await second.settled();
    expect(second.ids).toEqual([1, 2]);
    expect(second.elements.at(-1)).toEqual(error(402, 'auth failed'));
    await until(8);
    await second.settled();
    expect(second.ids).toEqual([1, 2, 7, 8]);
  });
});

test('where the exchange itself ends a connection at a bad key, it ends that way', async () => {
  const step = { id: 'expired', at: '2500ms', for: '2s', target: { key: 'a' }, inject: { expireKey: { close: 1008 } } };
  await beside([step], async ({ papertape, until }) => {
    await using polygon = await say(`${papertape.url}/stocks`, { action: 'auth', params: 'a' });
    await until(3);
    expect(await polygon.ended()).toBe('fin');
    expect(polygon.elements.at(-1)).toMatchObject({ status: 'auth_failed' });
    expect(polygon.farewell).toBeUndefined();
    await until(5);
    await using again = await say(`${papertape.url}/stocks`, { action: 'auth', params: 'a' });
    expect(again.elements.at(-1)).toMatchObject({ status: 'auth_success' });
  });
});

test('a revoked key throws its clients out, in the words of the exchange if it has any, and logs nobody in while it lasts', async () => {
  const step = { id: 'revoked', at: '2500ms', for: '4s', target: { key: 'a' }, inject: { revokeKey: {} } };
  await beside([step], async ({ papertape, url, join, until }) => {
    await using alpaca = await join('a');
    await using polygon = await say(`${papertape.url}/stocks`, { action: 'auth', params: 'a' });
    const address = `${papertape.url}/v1/quotes/price?apikey=a`;
    await using twelvedata = await RawClient.open(address);
    await until(3);
    expect(await alpaca.ended()).toBe('fin');
    expect(alpaca.ids).toEqual([1, 2]);
    expect(await polygon.ended()).toBe('fin');
    expect(polygon.elements.at(-1)).toMatchObject({ status: 'force_disconnect' });
    expect(polygon.farewell?.code).toBe(1008);
    expect(await twelvedata.ended()).toBe('fin');
    expect([twelvedata.frames, twelvedata.farewell]).toEqual([[], undefined]);
    await using refused = await say(url, auth('a'));
    expect(refused.elements.at(-1)).toEqual(error(402, 'auth failed'));
    await using turnedAway = await RawClient.open(address);
    expect(turnedAway.status).toBe(401);
    await until(6);
    await using again = await say(url, auth('a'));
    expect(again.elements.at(-1)).toEqual(authenticated);
  });
});
