import { expect, test } from 'vitest';
import { beside, type Scene } from '../../helpers/bystander.ts';
import { RawClient } from '../../helpers/raw-client.ts';

const refused = { T: 'error', code: 409, msg: 'insufficient subscription' };
/** Session 1 is the bystander and has subscribed already. */
const later = { id: 'aimed', at: '500ms', for: '3s' } as const;

/** Logs in to Alpaca, and returns what asks for something and hears the answer. */
async function asker({ url }: Scene): Promise<AsyncDisposable & { ask(what: object): Promise<unknown> }> {
  const client = await RawClient.open(url);
  const replies = (): readonly unknown[] => client.elements.filter(({ T }) => T === 'error' || T === 'subscription');
  client.say({ action: 'auth', key: 'a', secret: 's' });
  await client.heard(2);
  return {
    ask: async (what) => {
      const before = replies().length;
      client.say({ action: 'subscribe', ...what });
      await client.until(() => replies().length > before);
      return replies().at(-1);
    },
    [Symbol.asyncDispose]: async () => await client[Symbol.asyncDispose](),
  };
}

/** What Polygon answers to a subscription, wish by wish. */
async function polygonAnswers({ papertape }: Scene, params: string): Promise<readonly unknown[]> {
  await using client = await RawClient.open(`${papertape.url}/stocks`);
  client.say({ action: 'auth', params: 'a' });
  client.say({ action: 'subscribe', params });
  await client.heard(3);
  return client.elements.slice(2).map(({ message }) => message);
}

test('a refusal aimed at quotes leaves subscriptions to all else alone, and is over when it is over', async () => {
  const step = { ...later, target: { channels: ['quote' as const] }, inject: { refuseSubscription: {} } };
  await beside([step], async (scene) => {
    await scene.until(0);
    await using client = await asker(scene);
    expect(await client.ask({ trades: ['AAPL'], quotes: ['AAPL'] })).toMatchObject({ trades: ['AAPL'] });
    expect(await client.ask({ quotes: ['AAPL'] })).toEqual(refused);
    expect(await client.ask({ bars: ['*'] })).toMatchObject({ trades: ['AAPL'], bars: ['*'] });
    expect(await polygonAnswers(scene, 'T.AAPL,Q.AAPL')).toEqual(['not authorized', 'subscribed to: T.AAPL']);
    await scene.until(4);
    expect(await client.ask({ quotes: ['AAPL'] })).toMatchObject({ quotes: ['AAPL'] });
    const strikes = scene.papertape.run.chronicle.faults.lines.filter(({ phase }) => phase === 'strikes');
    expect(strikes.map(({ session }) => session)).toEqual([2, 2, 3]);
  });
});

test('with symbols and channels only those symbols of those channels are withheld', async () => {
  const target = { channels: ['trade' as const], symbols: ['MSFT'] };
  await beside([{ ...later, target, inject: { withholdSymbols: {} } }], async (scene) => {
    await scene.until(0);
    await using client = await asker(scene);
    const both = ['AAPL', 'MSFT'];
    expect(await client.ask({ trades: both, quotes: both })).toMatchObject({ trades: ['AAPL'], quotes: both });
    await scene.until(4);
    expect(await client.ask({ trades: both })).toMatchObject({ trades: both, quotes: both });
  });
});

test('a channel that brings several kinds of events is aimed at by each of them', async () => {
  const step = { ...later, target: { channels: ['updated-bar' as const] }, inject: { refuseSubscription: {} } };
  await beside([step], async (scene) => {
    await scene.until(0);
    await using client = await asker(scene);
    expect(await client.ask({ bars: ['AAPL'] })).toMatchObject({ bars: ['AAPL'] });
    expect(await client.ask({ updatedBars: ['AAPL'] })).toEqual(refused);
    expect(await polygonAnswers(scene, 'T.AAPL,AM.AAPL')).toEqual(['not authorized', 'subscribed to: T.AAPL']);
  });
});

test.each([
  ['refuseSubscription', refused],
  ['limitSymbols', { T: 'error', code: 405, msg: 'symbol limit exceeded' }],
] as const)(
  '%s aimed at a symbol meets who names it; a subscription to * names none and is granted',
  async (name, no) => {
    const step = { ...later, target: { symbols: ['MSFT'] }, inject: { [name]: {} } };
    await beside([step], async (scene) => {
      await scene.until(0);
      await using client = await asker(scene);
      expect(await client.ask({ trades: ['AAPL'] })).toMatchObject({ trades: ['AAPL'] });
      expect(await client.ask({ trades: ['MSFT'] })).toEqual(no);
      expect(await client.ask({ trades: ['*'] })).toMatchObject({ trades: ['*', 'AAPL'] });
      const strikes = scene.papertape.run.chronicle.faults.lines.filter(({ phase }) => phase === 'strikes');
      expect(strikes).toHaveLength(1);
    });
  },
);
