import { expect, test } from 'vitest';
import { ManualClock } from '../../market/clock.ts';
import { seconds } from '../../market/nanos.ts';
import type { PapertapeOptions } from '../../server/index.ts';
import { steered } from '../helpers/admin.ts';
import { RawClient } from '../helpers/raw-client.ts';

const listed: PapertapeOptions['scenario'] = {
  name: 'listed',
  tapes: [{ synthetic: { symbols: ['AAPL'] } }],
  replay: { startOn: 'command' },
  keys: [{ key: 'PK-FIRST', secret: 's', plan: 'basic' }],
};

async function answerTo(url: string, key: string, secret: string): Promise<unknown> {
  await using client = await RawClient.open(url);
  client.say({ action: 'auth', key, secret });
  await client.heard(2);
  return client.elements.at(-1)?.['msg'];
}

test('a key is added, told once, and logs in; what is listed shows labels only', async () => {
  await using desk = await steered({ scenario: listed });
  const { api, papertape } = desk;
  const url = papertape.streamUrl('/v2/iex');
  const made = await api.addKey({ sessions: 2 });
  expect(made).toMatchObject({ key: expect.stringMatching(/^PK[0-9A-F]{18}$/), good: true, hasSecret: true });
  expect(await answerTo(url, made.key, made.secret ?? '')).toBe('authenticated');
  expect(await answerTo(url, made.key, 'wrong')).toBe('auth failed');
  const keys = await api.listKeys();
  expect(keys).toMatchObject({
    any: false,
    keys: [
      { plan: 'basic', connected: 0 },
      { label: made.label, sessions: 2 },
    ],
  });
  expect(JSON.stringify(keys)).not.toMatch(/PK-FIRST|PK[0-9A-F]{18}/);
  await expect(api.addKey({ plan: 'golden' })).rejects.toMatchObject({
    problem: { status: 422, errors: [{ field: 'body.plan', message: expect.stringContaining('use ') }] },
  });
});

test('a revoked key ends its sessions in the words of the exchange, or keeps them, and lets nobody in', async () => {
  await using desk = await steered({ scenario: listed });
  const { api, papertape } = desk;
  const url = papertape.streamUrl('/v2/iex');
  const label = (await api.listKeys()).keys[0]?.label ?? '';
  await using client = await RawClient.open(url);
  client.say({ action: 'auth', key: 'PK-FIRST', secret: 's' });
  await client.heard(2);
  expect(await api.revokeKey(label, 'keep')).toMatchObject({ label, good: false, connected: 1 });
  await client.settled();
  expect(client.end).toBeUndefined();
  await api.revokeKey({ key: 'PK-FIRST' });
  await client.ended();
  expect(await answerTo(url, 'PK-FIRST', 's')).toBe('auth failed');
  await expect(api.revokeKey('key-00000000')).rejects.toMatchObject({ problem: { status: 404 } });
  await expect(api.revokeKey({ key: 'PK-OTHER' })).rejects.toMatchObject({ problem: { status: 404 } });
});

test('where any key is good, one that is in use is revoked by its label', async () => {
  await using desk = await steered();
  const { api, papertape } = desk;
  await using client = await RawClient.trades(papertape.streamUrl('/v2/iex'), 'PK-IN-USE');
  const [{ client: label = '' } = {}] = await api.listSessions();
  expect(await api.revokeKey(label)).toMatchObject({ label, good: false });
  await client.ended();
  expect(await answerTo(papertape.streamUrl('/v2/iex'), 'PK-IN-USE', 's')).toBe('auth failed');
});

test('a key that expires is good until then, by the clock of the run', async () => {
  const clock = new ManualClock(seconds(1_780_000_000));
  await using desk = await steered({ scenario: listed, clock });
  const { api, papertape } = desk;
  const url = papertape.streamUrl('/v2/iex');
  expect(await api.expireKey({ key: 'PK-FIRST' }, '30s')).toMatchObject({
    good: true,
    ends: '2026-05-28T20:27:10.000Z',
  });
  expect(await answerTo(url, 'PK-FIRST', 's')).toBe('authenticated');
  await clock.advance(seconds(30));
  expect(await answerTo(url, 'PK-FIRST', 's')).toBe('auth failed');
  expect((await api.listKeys()).keys).toMatchObject([{ good: false }]);
});
