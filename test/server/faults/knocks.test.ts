import { expect, test } from 'vitest';
import { beside } from '../../helpers/bystander.ts';
import { RawClient } from '../../helpers/raw-client.ts';

const header = (client: RawClient, name: string): string | undefined =>
  client.head
    .split('\r\n')
    .find((line) => line.toLowerCase().startsWith(`${name}: `))
    ?.slice(name.length + 2);

/** Session 1 is the bystander and is in already; whoever comes next knocks at a door that is as the fault has it. */
const door = { at: '500ms' };

test('who is refused with 429 is told when to come back, and the third is let in after two refusals', async () => {
  const inject = { refuseUpgrade: { status: 429, retryAfter: '3s', body: '{"message":"too many requests."}' } };
  await beside([{ id: 'storm', ...door, times: 2, inject }], async ({ url, join, until }) => {
    await until(0);
    for (let refusal = 0; refusal < 2; refusal++) {
      await using client = await RawClient.open(url);
      expect(client.head.split('\r\n')[0]).toBe('HTTP/1.1 429 Too Many Requests');
      expect(header(client, 'retry-after')).toBe('3');
      expect(header(client, 'content-type')).toBe('application/json');
      expect(await client.ended()).toBe('fin');
      expect(client.received.toString()).toBe('{"message":"too many requests."}');
    }
    await using client = await join('a');
    await until(2);
    await client.settled();
    expect(client.ids).toEqual([1, 2]);
  });
});

test.each([401, 403, 500, 503])(
  'who is refused with %i gets that status, and is let in when it is over',
  async (status) => {
    const step = { id: 'no', ...door, for: '2s', inject: { refuseUpgrade: { status } } };
    await beside([step], async ({ url, until }) => {
      await until(0);
      await using client = await RawClient.open(url);
      expect(client.status).toBe(status);
      expect(header(client, 'retry-after')).toBeUndefined();
      expect(await client.ended()).toBe('fin');
      await until(2);
      await using again = await RawClient.open(url);
      expect(again.status).toBe(101);
    });
  },
);

test('a delayed upgrade is answered as usual, but so much later', async () => {
  const step = { id: 'slow', ...door, times: 1, inject: { delayUpgrade: { delay: '4s' } } };
  await beside([step], async ({ url, join, until }) => {
    await until(0);
    await using client = await RawClient.knock(url);
    await using other = await join('b');
    await until(3);
    await other.settled();
    expect(client.head).toBe('');
    await until(4);
    await client.answered();
    expect(client.status).toBe(101);
    await client.heard(1);
    expect(client.elements).toEqual([{ T: 'success', msg: 'connected' }]);
  });
});

test('an ignored upgrade is never answered, not even when that is over and others are', async () => {
  const step = { id: 'deaf', ...door, for: '2s', inject: { ignoreUpgrade: {} } };
  await beside([step], async ({ url, join, until }) => {
    await until(0);
    await using client = await RawClient.knock(url);
    await until(3);
    await using other = await join('b');
    await until(19);
    await other.settled();
    expect(other.ids.at(-1)).toBe(19);
    expect([client.head, client.end]).toEqual(['', undefined]);
  });
});

test('a reset upgrade ends in a TCP reset without an answer, and the next is let in', async () => {
  const step = { id: 'nobody', ...door, times: 1, inject: { resetUpgrade: {} } };
  await beside([step], async ({ url, join, until }) => {
    await until(0);
    await using client = await RawClient.knock(url);
    expect(await client.ended()).toBe('reset');
    expect(client.head).toBe('');
    await using other = await join('b');
    await until(2);
    await other.settled();
    expect(other.ids).toEqual([1, 2]);
  });
});

test('a late greeting holds back all that the exchange says after it, and the next client is greeted at once', async () => {
  const step = { id: 'late', ...door, times: 1, inject: { delayGreeting: { delay: '4s' } } };
  await beside([step], async ({ url, join, until }) => {
    await until(0);
    await using client = await RawClient.open(url);
    expect(client.status).toBe(101);
    client.say({ action: 'auth', key: 'a', secret: 's' });
    await using other = await join('b');
    await until(3);
    await other.settled();
    expect(client.frames).toEqual([]);
    await until(5);
    await client.heard(2);
    expect(client.elements).toEqual([
      { T: 'success', msg: 'connected' },
      { T: 'success', msg: 'authenticated' },
    ]);
  });
});

test('a greeting that is withheld never comes, while logins are answered', async () => {
  const step = { id: 'mum', ...door, times: 1, inject: { withholdGreeting: {} } };
  await beside([step], async ({ url, until }) => {
    await until(0);
    await using client = await RawClient.open(url);
    await client.settled();
    client.say({ action: 'auth', key: 'a', secret: 's' });
    await client.heard(2);
    expect(client.elements).toEqual([{ T: 'success', msg: 'authenticated' }]);
    await using next = await RawClient.open(url);
    await next.heard(1);
    expect(next.elements).toEqual([{ T: 'success', msg: 'connected' }]);
  });
});
