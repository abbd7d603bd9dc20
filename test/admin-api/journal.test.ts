import { expect, test } from 'vitest';
import { steered } from '../helpers/admin.ts';
import { RawClient } from '../helpers/raw-client.ts';

test('what a client said and did is found by kind, session, client, step and words, and never tells its key', async () => {
  await using desk = await steered();
  const { api, papertape } = desk;
  await using one = await RawClient.trades(papertape.streamUrl('/v2/iex'), 'PK-SECRET-1', ['AAPL']);
  await using two = await RawClient.trades(papertape.streamUrl('/v2/iex'), 'PK-SECRET-2');
  await api.injectFault({ id: 'cut', inject: { hangUp: {} }, target: { sessions: [2] } });
  await two.ended();
  const logins = await api.queryJournal({ kinds: ['logged-in'], order: 'oldest' });
  expect(logins.entries).toMatchObject([{ session: 1, exchange: 'alpaca', path: '/v2/iex' }, { session: 2 }]);
  const client = logins.entries[0]?.client ?? '';
  expect(logins.entries[0]?.text).toBe(`connection 1 (${client}) logged in`);
  const held = await api.queryJournal({ client, kinds: ['subscribed'] });
  expect(held.entries).toMatchObject([{ list: [{ channel: 'trade', symbols: ['AAPL'] }, {}, {}] }]);
  const steps = await api.queryJournal({ step: 'cut', order: 'oldest' });
  expect(steps.entries.map(({ phase }) => phase)).toEqual(['begins', 'strikes', 'ends']);
  expect((await api.queryJournal({ text: 'LOGGED IN', session: 2 })).entries).toHaveLength(1);
  expect(await api.countJournal({ kinds: ['heard', 'logged-in'] })).toMatchObject({ count: 6 });
  const all = await api.queryJournal({ limit: 1000 });
  expect(JSON.stringify(all)).not.toContain('PK-SECRET');
  expect(all).toMatchObject({ written: all.entries.length, forgotten: 0 });
  expect(one.end).toBeUndefined();
});

test('a journal is read page by page, from either end', async () => {
  await using desk = await steered();
  const { api, papertape } = desk;
  await using client = await RawClient.trades(papertape.streamUrl('/v2/iex'), 'k');
  await client.settled();
  const whole = (await api.queryJournal({ order: 'oldest' })).entries;
  expect(whole.length).toBeGreaterThan(6);
  for (const order of ['oldest', 'newest'] as const) {
    const read = [];
    for (let next: string | undefined = ''; next !== undefined;) {
      const page = await api.queryJournal({ order, limit: 4, ...Object.fromEntries(new URLSearchParams(next)) });
      read.push(...page.entries);
      next = page.next;
    }
    expect(read).toEqual(order === 'oldest' ? whole : whole.toReversed());
  }
});

test('a wait is over when what it waits for has come, and says what it saw when it has not', async () => {
  await using desk = await steered();
  const { api, papertape } = desk;
  const coming = api.awaitJournal({ kinds: ['logged-in'], count: 2, timeout: '1m' });
  await using one = await RawClient.trades(papertape.streamUrl('/v2/iex'), 'k1');
  await using two = await RawClient.trades(papertape.streamUrl('/v2/iex'), 'k2');
  expect(await coming).toMatchObject([{ session: 1 }, { session: 2 }]);
  expect(await api.awaitJournal({ kinds: ['logged-in'], session: 2 })).toHaveLength(1);
  await expect(api.awaitJournal({ kinds: ['closed'], timeout: '50ms' })).rejects.toMatchObject({
    problem: {
      status: 408,
      detail: expect.stringMatching(/^not within 50ms; 0 of 1 entries matched; seen last: .*holds trade/),
    },
  });
  await api.createRun({ id: 'short' });
  const readers = (): number | undefined => papertape.runs.get('short')?.run.chronicle.journal.readers;
  const usual = readers() ?? 0;
  const never = api.awaitJournal({ kinds: ['closed'], timeout: '1m' }, 'short');
  const refused = never.catch((error: unknown) => error);
  // The run ends while it is waited for: the wait has begun when its reader is there.
  await expect.poll(readers, { timeout: 20_000 }).toBe(usual + 1);
  await api.stopRun('short');
  expect(await refused).toMatchObject({ problem: { status: 409 } });
  expect([one.end, two.end]).toEqual([undefined, undefined]);
});

test('a stream tells entries as they are written, and ends with its run', async () => {
  await using desk = await steered();
  const { api, papertape } = desk;
  const run = await api.createRun({ id: 'streamed' });
  const stream = api.streamJournal({ kinds: ['logged-in', 'closed'], since: 0 }, 'streamed');
  const first = stream.next();
  const client = await RawClient.trades(run.streams['/v2/iex'] ?? '', run.key);
  expect((await first).value).toMatchObject({ kind: 'logged-in', session: 1 });
  const second = stream.next();
  await client[Symbol.asyncDispose]();
  expect((await second).value).toMatchObject({ kind: 'closed', by: 'client' });
  const third = stream.next();
  await api.stopRun('streamed');
  expect(await third).toEqual({ done: true, value: undefined });
  // Whoever leaves is not listened for any more.
  const usual = papertape.run.chronicle.journal.readers;
  const left = api.streamJournal({ since: 0 });
  await api.pause();
  await left.next();
  await left.return(undefined);
  await expect.poll(() => papertape.run.chronicle.journal.readers, { timeout: 20_000 }).toBe(usual);
});

test('a filter that is none is refused with its field', async () => {
  await using desk = await steered();
  const asked = await fetch(`${desk.admin.url}/runs/default/journal?kinds=nothing`);
  expect(await asked.json()).toMatchObject({ status: 400, errors: [{ field: 'querystring.kinds' }] });
});
