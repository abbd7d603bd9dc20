import { expect, test } from 'vitest';
import { beside } from '../../helpers/bystander.ts';
import { RawClient } from '../../helpers/raw-client.ts';

const auth = { action: 'auth', key: 'a', secret: 's' };
const error = (code: number, msg: string): object => ({ T: 'error', code, msg });
const authenticated = { T: 'success', msg: 'authenticated' };
const wanting = (...trades: readonly string[]): object => ({ action: 'subscribe', trades });
const held = (client: RawClient): unknown => client.elements.findLast(({ T }) => T === 'subscription')?.['trades'];

/** Logs in to Alpaca; resolves with the client when it has heard the answer. */
async function login(url: string, key = 'a'): Promise<RawClient> {
  const client = await RawClient.open(url);
  client.say({ ...auth, key });
  await client.heard(2);
  return client;
}

/** Says one thing and resolves with what it hears to that. */
async function ask(client: RawClient, words: object): Promise<unknown> {
  const before = client.elements.filter(({ T }) => T !== 't').length;
  client.say(words);
  await client.until(() => client.elements.filter(({ T }) => T !== 't').length > before);
  return client.elements.findLast(({ T }) => T !== 't');
}

/** More than the plans have. */
const roomy = { limits: { sessions: 5 } };

const of = (key: string) => ({ at: '500ms', for: '3s', target: { key } });

test('a key that is left two connections gets no third where its plan has more, another key does, and afterwards it may', async () => {
  const step = { id: 'two', ...of('a'), inject: { limitConnections: { most: 2 } } };
  await beside(
    [step],
    async ({ papertape, url, join, until }) => {
      await using first = await join('a');
      await until(0);
      await using second = await login(url);
      expect(second.elements.at(-1)).toEqual(authenticated);
      await using third = await login(url);
      expect(third.elements.at(-1)).toEqual(error(406, 'connection limit exceeded'));
      await using elsewhere = await login(`${papertape.url}/v2/sip`);
      expect(elsewhere.elements.at(-1)).toEqual(authenticated);
      await using other = await login(url, 'b');
      expect(other.elements.at(-1)).toEqual(authenticated);
      await until(4);
      expect(first.end).toBeUndefined();
      await using again = await login(url);
      expect(again.elements.at(-1)).toEqual(authenticated);
      const strikes = papertape.run.chronicle.faults.lines.filter(({ phase }) => phase === 'strikes');
      expect(strikes.map(({ session }) => session)).toEqual([4]);
    },
    [],
    roomy,
  );
});

test('what is over the cap counts for times, and what is not does not', async () => {
  const step = { id: 'one', at: '500ms', times: 1, target: { key: 'a' }, inject: { limitConnections: { most: 1 } } };
  await beside(
    [step],
    async ({ url, until }) => {
      await until(0);
      await using first = await login(url);
      await using second = await login(url);
      await using third = await login(url);
      expect([first, second, third].map(({ elements }) => elements.at(-1))).toEqual([
        authenticated,
        error(406, 'connection limit exceeded'),
        authenticated,
      ]);
    },
    [],
    roomy,
  );
});

test('where the exchange ends the oldest connection for a new one it does so, in its words', async () => {
  const step = { id: 'one', ...of('a'), inject: { limitConnections: { most: 1 } } };
  await beside(
    [step],
    async ({ papertape, until }) => {
      await until(0);
      const address = `${papertape.url}/v1/quotes/price?apikey=a`;
      await using oldest = await RawClient.open(address);
      await using newest = await RawClient.open(address);
      await oldest.until(() => oldest.farewell !== undefined);
      expect([oldest.farewell?.code, newest.status]).toEqual([1008, 101]);
      const polygon = [
        await RawClient.open(`${papertape.url}/stocks`),
        await RawClient.open(`${papertape.url}/stocks`),
      ];
      for (const client of polygon) {
        client.say({ action: 'auth', params: 'a' });
        await client.heard(2);
        expect(client.elements.at(-1)).toMatchObject({ status: 'auth_success' });
      }
      await polygon[0]?.heard(3);
      expect(polygon[0]?.elements.at(-1)).toMatchObject({
        status: 'max_connections',
        message: expect.stringContaining('only use 1 connections'),
      });
      for (const client of [newest, ...polygon.slice(1)]) {
        await client.settled();
        expect(client.end).toBeUndefined();
      }
      for (const client of polygon) await client[Symbol.asyncDispose]();
    },
    [],
    roomy,
  );
});

test('a client that is left two symbols is refused the third, whole or by wish, keeps what it holds, and gets it afterwards', async () => {
  const step = { id: 'two', ...of('a'), inject: { limitSymbols: { most: 2 } } };
  await beside([step], async ({ papertape, url, until }) => {
    await until(0);
    await using client = await login(url);
    expect(await ask(client, wanting('AAPL'))).toMatchObject({ trades: ['AAPL'] });
    expect(await ask(client, wanting('MSFT', 'OPEN'))).toEqual(error(405, 'symbol limit exceeded'));
    expect(await ask(client, wanting('*'))).toEqual(error(405, 'symbol limit exceeded'));
    expect(await ask(client, { action: 'subscribe', quotes: ['AAPL'] })).toMatchObject({ quotes: ['AAPL'] });
    expect(await ask(client, wanting('AAPL'))).toMatchObject({ trades: ['AAPL'] });
    await using other = await login(url, 'b');
    expect(await ask(other, wanting('AAPL', 'MSFT', 'OPEN'))).toMatchObject({ T: 'subscription' });
    await using twelvedata = await RawClient.open(`${papertape.url}/v1/quotes/price?apikey=a`);
    twelvedata.say({ action: 'subscribe', params: { symbols: 'AAPL,MSFT,OPEN' } });
    await twelvedata.heard(1);
    const { success, fails } = JSON.parse(twelvedata.texts[0] ?? '{}');
    expect([success, fails].map((list: readonly { symbol: string }[]) => list.map(({ symbol }) => symbol))).toEqual([
      ['AAPL', 'MSFT'],
      ['OPEN'],
    ]);
    await until(4);
    expect(await ask(client, wanting('MSFT', 'OPEN'))).toMatchObject({ trades: ['AAPL', 'MSFT', 'OPEN'] });
    const strikes = papertape.run.chronicle.faults.lines.filter(({ phase }) => phase === 'strikes');
    expect(strikes.map(({ session }) => session)).toEqual([2, 2, 4]);
  });
});

test('who holds more than it is left may say again what it holds, and no more', async () => {
  const step = { id: 'one', at: '1500ms', for: '3s', target: { key: 'a' }, inject: { limitSymbols: { most: 1 } } };
  await beside([step], async ({ url, until }) => {
    await until(0);
    await using client = await login(url);
    await ask(client, wanting('AAPL', 'MSFT'));
    await until(2);
    await client.settled();
    expect(await ask(client, wanting('MSFT'))).toMatchObject({ trades: ['AAPL', 'MSFT'] });
    expect(await ask(client, wanting('OPEN'))).toEqual(error(405, 'symbol limit exceeded'));
    await until(3);
    await client.settled();
    expect([held(client), client.ids]).toEqual([
      ['AAPL', 'MSFT'],
      [1, 1, 2, 2, 3, 3],
    ]);
  });
});
