import { expect, test } from 'vitest';
import { beside } from '../../helpers/bystander.ts';
import { RawClient } from '../../helpers/raw-client.ts';

/** Begins while nobody is there who has that key. */
const step = { id: 'first', at: '500ms', for: '12s', target: { sessions: 'newest', key: 'wanted' } } as const;

test('where the key comes in a message, a step waits for the first who logs in with its key, and strikes nobody else', async () => {
  await beside([{ ...step, inject: { mute: {} } }], async ({ papertape, url, join, until }) => {
    await until(0);
    // Somebody is there who has said nothing yet, and somebody with another key comes first.
    await using silent = await RawClient.open(url);
    await using stranger = await join('other');
    await using wanted = await join('wanted');
    await using polygon = await RawClient.open(`${papertape.url}/stocks`);
    polygon.say({ action: 'auth', params: 'wanted' });
    polygon.say({ action: 'subscribe', params: 'T.AAPL' });
    await polygon.heard(3);
    silent.say({ action: 'auth', key: 'other', secret: 's' });
    await until(3);
    for (const client of [stranger, wanted, polygon]) await client.settled();
    expect(stranger.ids).toEqual([1, 2, 3]);
    expect(wanted.ids).toEqual([]);
    expect(polygon.elements.filter(({ ev }) => ev === 'T')).toHaveLength(3);
    await until(14);
    await wanted.settled();
    expect(wanted.ids).toEqual([13, 14]);
    const struck = papertape.run.chronicle.faults.lines.flatMap(({ session }) => session ?? []);
    expect([...new Set(struck)]).toEqual([4]);
  });
});

test('the first login with the key can be refused, and the second is not', async () => {
  await beside([{ ...step, inject: { refuseLogin: {} } }], async ({ url, until }) => {
    await until(0);
    const answers: unknown[] = [];
    for (const key of ['other', 'wanted', 'wanted']) {
      await using client = await RawClient.open(url);
      client.say({ action: 'auth', key, secret: 's' });
      await client.heard(2);
      answers.push(client.elements.at(-1)?.['msg']);
    }
    expect(answers).toEqual(['authenticated', 'auth failed', 'authenticated']);
  });
});

test('where the key comes with the upgrade, the first upgrade with it is the one, whoever knocks before', async () => {
  const target = { ...step.target, endpoint: 'twelvedata' };
  const refuse = { ...step, target, inject: { refuseLogin: {} } };
  const mute = { ...refuse, id: 'mute', at: '2500ms', inject: { mute: {} } };
  await beside([refuse, mute], async ({ papertape, join, until }) => {
    await until(0);
    const knock = async (key: string): Promise<RawClient> =>
      await RawClient.open(`${papertape.url}/v1/quotes/price?apikey=${key}`);
    await using elsewhere = await join('wanted');
    for (const [key, status] of [
      ['other', 101],
      ['wanted', 401],
      ['wanted', 101],
    ] as const) {
      await using client = await knock(key);
      expect(client.status, key).toBe(status);
    }
    await until(2);
    await until(3);
    const clients = [await knock('other'), await knock('wanted'), await knock('wanted')];
    for (const client of clients) {
      client.say({ action: 'subscribe', params: { symbols: 'AAPL' } });
      await client.heard(1);
    }
    await until(5);
    for (const client of [elsewhere, ...clients]) await client.settled();
    expect(elsewhere.ids).toEqual([1, 2, 3, 4, 5]);
    const prices = clients.map(({ texts }) => texts.filter((text) => text.includes('"event":"price"')).length);
    expect(prices).toEqual([2, 0, 2]);
    for (const client of clients) await client[Symbol.asyncDispose]();
  });
});
