import { expect, test } from 'vitest';
import { beside } from '../../helpers/bystander.ts';
import { RawClient } from '../../helpers/raw-client.ts';

const auth = { action: 'auth', key: 'a', secret: 's' };
const wanting = (...trades: readonly string[]): object => ({ action: 'subscribe', trades });
const holding = (...trades: readonly string[]): object => ({
  T: 'subscription',
  trades,
  corrections: trades,
  cancelErrors: trades,
});
const error = (code: number, msg: string): object => ({ T: 'error', code, msg });

/** Session 1 is the bystander and has subscribed already. */
const later = { at: '500ms' };

/** Logs in to Alpaca, and hears so. */
async function loggedIn(url: string): Promise<RawClient> {
  const client = await RawClient.open(url);
  client.say(auth);
  await client.heard(2);
  return client;
}

/** Everything it has heard but trades, greeting and login. */
const replies = (client: RawClient): readonly unknown[] => client.elements.filter(({ T }) => T !== 't').slice(2);

test('a refused subscription is refused in the words of its exchange and changes nothing, and the next is granted', async () => {
  const step = { id: 'no', ...later, times: 1, inject: { refuseSubscription: {} } };
  await beside([step], async ({ url, until }) => {
    await until(0);
    await using client = await loggedIn(url);
    client.say(wanting('AAPL'));
    await client.heard(3);
    await until(2);
    client.say(wanting('AAPL'));
    await client.heard(4);
    await until(4);
    await client.settled();
    expect(replies(client)).toEqual([error(409, 'insufficient subscription'), holding('AAPL')]);
    expect(client.ids).toEqual([3, 4]);
  });
});

test('only the symbols of the target are refused', async () => {
  const step = { id: 'no', ...later, for: '3s', target: { symbols: ['MSFT'] }, inject: { refuseSubscription: {} } };
  await beside([step], async ({ papertape, url, until }) => {
    await until(0);
    await using client = await loggedIn(url);
    client.say(wanting('AAPL', 'MSFT'));
    await client.heard(3);
    expect(replies(client)).toEqual([holding('AAPL')]);
    await using polygon = await RawClient.open(`${papertape.url}/stocks`);
    polygon.say({ action: 'auth', params: 'a' });
    polygon.say({ action: 'subscribe', params: 'T.MSFT,T.AAPL' });
    await polygon.heard(3);
    expect(polygon.elements.slice(2).map(({ message }) => message)).toEqual([
      'not authorized',
      'subscribed to: T.AAPL',
    ]);
    await until(4);
    client.say(wanting('MSFT'));
    await client.until(() => replies(client).length === 2);
    expect(replies(client)).toEqual([holding('AAPL'), holding('AAPL', 'MSFT')]);
  });
});

test('when symbols are limited a request that asks for more is refused whole, what is held stays, and later it is granted', async () => {
  const step = { id: 'full', at: '1500ms', for: '2s', inject: { limitSymbols: {} } };
  await beside([step], async ({ url, join, until }) => {
    await until(0);
    await using client = await join('a');
    await until(1);
    client.say(wanting('MSFT'));
    await client.until(() => replies(client).length === 2);
    await until(4);
    client.say(wanting('MSFT'));
    await client.until(() => replies(client).length === 3);
    await until(5);
    await client.settled();
    expect(replies(client)).toEqual([holding('AAPL'), error(405, 'symbol limit exceeded'), holding('AAPL', 'MSFT')]);
    expect(client.ids).toEqual([1, 2, 3, 4, 5, 5]);
    await using next = await loggedIn(url);
    expect(next.end).toBeUndefined();
  });
});

test('symbols that are withheld are missing from the reply and from the data, and are granted when that is over', async () => {
  const step = { id: 'less', ...later, for: '3s', target: { symbols: ['MSFT'] }, inject: { withholdSymbols: {} } };
  await beside([step], async ({ url, until }) => {
    await until(0);
    await using client = await loggedIn(url);
    client.say(wanting('AAPL', 'MSFT'));
    await client.heard(3);
    await until(4);
    client.say(wanting('MSFT'));
    await client.until(() => replies(client).length === 2);
    await client.settled();
    expect(replies(client)).toEqual([holding('AAPL'), holding('AAPL', 'MSFT')]);
    expect(client.elements.filter(({ S }) => S === 'MSFT')).toEqual([]);
  });
});

test('of many symbols a share is withheld, drawn anew for each request, and an exchange that can refuse a part says which', async () => {
  const inject = { withholdSymbols: { share: 0.5, told: 'refused' as const } };
  await beside([{ id: 'less', ...later, for: '3s', inject }], async ({ papertape, until }) => {
    await until(0);
    await using client = await RawClient.open(`${papertape.url}/stocks`);
    client.say({ action: 'auth', params: 'a' });
    const params = Array.from({ length: 40 }, (_, index) => `T.S${index}`);
    client.say({ action: 'subscribe', params: params.join(',') });
    await client.heard(3);
    const messages = client.elements.slice(2).map(({ message }) => String(message));
    const refused = messages.filter((message) => message === 'not authorized').length;
    expect(messages).toHaveLength(40);
    expect(refused).toBeGreaterThan(8);
    expect(refused).toBeLessThan(32);
    await until(4);
    const heard = client.elements.length;
    client.say({ action: 'subscribe', params: params.join(',') });
    await client.until(() => client.elements.length === heard + refused);
    expect(client.elements.slice(heard).every(({ status }) => status === 'success')).toBe(true);
  });
});

test('a late acknowledgement is granted at once and told later, after the data of the time between has waited with it', async () => {
  const step = { id: 'late', ...later, times: 1, inject: { delayAck: { delay: '3s' } } };
  await beside([step], async ({ url, join, until }) => {
    await until(0);
    await using client = await loggedIn(url);
    client.say(wanting('AAPL'));
    await using other = await join('b');
    await until(2);
    await other.settled();
    expect(replies(client)).toEqual([]);
    await until(5);
    await client.settled();
    expect(replies(client)).toEqual([holding('AAPL')]);
    expect(client.ids).toEqual([1, 2, 3, 4, 5]);
  });
});

test('an acknowledgement that is withheld never comes, and the data does; so with the one of a login', async () => {
  const inject = { withholdAck: { of: ['logged-in' as const, 'subscribed' as const] } };
  await beside([{ id: 'lost', ...later, times: 2, inject }], async ({ url, join, until }) => {
    await until(0);
    await using client = await RawClient.open(url);
    client.say(auth);
    client.say(wanting('AAPL'));
    await client.settled();
    await until(2);
    await client.settled();
    expect(client.elements.filter(({ T }) => T !== 't')).toEqual([{ T: 'success', msg: 'connected' }]);
    expect(client.ids).toEqual([1, 2]);
    await using other = await join('b');
    expect(replies(other)).toEqual([holding('AAPL')]);
  });
});

test('a pong that is withheld never comes, while data does, and later pings are answered', async () => {
  const step = { id: 'pong', ...later, times: 2, target: { sessions: [2] }, inject: { withholdPong: {} } };
  await beside([step], async ({ join, until }) => {
    await until(0);
    await using client = await join('a');
    for (const payload of ['one', 'two', 'three']) client.ping(payload);
    await client.until(() => client.frames.some(({ kind }) => kind === 'pong'));
    await until(2);
    await client.until(() => client.ids.length === 2);
    const pongs = client.frames.filter(({ kind }) => kind === 'pong').map(({ payload }) => payload.toString());
    expect(pongs).toEqual(['three']);
  });
});
