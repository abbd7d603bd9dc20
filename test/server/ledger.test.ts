import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { ManualClock } from '../../market/clock.ts';
import { minute, seconds } from '../../market/nanos.ts';
import type { Papertape } from '../../server/index.ts';
import type { Account } from '../../server/ledger.ts';
import type { ScenarioInput } from '../../server/scenario/schema.ts';
import { labelOf } from '../../server/session/session-record.ts';
import { Asker } from '../helpers/asker.ts';
import { Comer } from '../helpers/comer.ts';
import { book, news, opening, trade } from '../helpers/events.ts';
import { RawClient } from '../helpers/raw-client.ts';
import { serve } from '../helpers/serve.ts';

const endpoints = { alpaca: { serverPing: 'off' } } as const;
const signal = new AbortController().signal;
/** A trade a second, of AAPL and MSFT in turn, with its second as its id. */
const tape = Array.from({ length: 40 }, (_, index) =>
  trade(opening + seconds(index), { id: String(index), symbol: index % 2 === 0 ? 'AAPL' : 'MSFT' }),
);

async function accountOf({ run }: Papertape, key: string): Promise<Account | undefined> {
  const accounts = await run.chronicle.ledger.accounts(signal);
  return accounts.find(({ client }) => client === labelOf(key));
}

/** Its rows: kind and id, a star for each time that it was sent. */
async function rowsOf(account: Account | undefined): Promise<string[]> {
  const rows: string[] = [];
  if (account === undefined) return rows;
  for await (const { event, sent } of account.rows(signal)) {
    const id = 'id' in event ? event.id : '';
    rows.push(`${event.kind} ${id}${'*'.repeat(sent)}`);
  }
  return rows;
}

const tell = (account: Account | undefined): string[] =>
  (account?.missed ?? []).map(({ symbol, channel, from, to, rows, why }) => {
    const [first, last] = [from, to].map((at) => Number((at - opening) / seconds(1)));
    return `${rows} ${channel} ${symbol} ${first}–${last} because ${why}`;
  });

test('a client of two connections is owed what either holds; what one of them held is owed until somebody takes it up', async () => {
  const clock = new ManualClock(opening);
  await using papertape = await serve(tape, { speed: 1 }, { endpoints, limits: { sessions: 3 } }, clock);
  const [one, other, third] = [0, 1, 2].map(() => new Comer(papertape, 'bot'));
  await one?.connect();
  await one?.ask('subscribe', { trades: ['AAPL'] });
  await other?.connect();
  await other?.ask('subscribe', { trades: ['*'] });
  papertape.run.play();
  await clock.advance(seconds(3.5));
  await other?.ask('unsubscribe', { trades: ['*'] });
  await other?.ask('subscribe', { trades: ['MSFT'] });
  await clock.advance(seconds(2));
  await one?.disconnect();
  await clock.advance(seconds(4));
  await third?.connect();
  await third?.ask('subscribe', { trades: ['AAPL'] });
  await clock.advance(seconds(2));
  const account = await accountOf(papertape, 'bot');
  expect((await rowsOf(account)).join(' ')).toBe(
    'trade 0** trade 1* trade 2** trade 3* trade 4* trade 5* trade 6 trade 7* trade 8 trade 9* trade 10* trade 11*',
  );
  expect(tell(account)).toEqual(['2 trade AAPL 6–8 because it was not connected']);
  for (const comer of [other, third]) await comer?.disconnect();
});

test('who unsubscribes is owed no more, and who never subscribed nothing', async () => {
  const clock = new ManualClock(opening);
  await using papertape = await serve(tape, { speed: 1 }, { endpoints }, clock);
  const bot = new Comer(papertape, 'bot');
  await bot.connect();
  papertape.run.play();
  await clock.advance(seconds(3.5));
  expect(await papertape.run.chronicle.ledger.accounts(signal)).toEqual([]);
  await bot.ask('subscribe', { trades: ['AAPL'] });
  await clock.advance(seconds(4));
  await bot.ask('unsubscribe', { trades: ['AAPL'] });
  await clock.advance(seconds(4));
  await bot.disconnect();
  await clock.advance(seconds(4));
  expect(await rowsOf(await accountOf(papertape, 'bot'))).toEqual(['trade 4*', 'trade 6*']);
});

test('loops are owed each time, from pages that are kept as from those that are read', async () => {
  const clock = new ManualClock(opening);
  await using papertape = await serve(tape, { speed: 1, mode: 'loop', loopCount: 3 }, { endpoints }, clock);
  const bot = new Comer(papertape, 'bot');
  await bot.connect();
  await bot.ask('subscribe', { trades: ['MSFT'] });
  papertape.run.play();
  for (let turn = 0; papertape.run.status.phase !== 'ended'; turn++) await clock.advance(seconds(20));
  const rows = await rowsOf(await accountOf(papertape, 'bot'));
  expect(rows).toHaveLength(60);
  expect(rows.slice(20, 22)).toEqual(['trade 1*', 'trade 3*']);
  await bot.disconnect();
});

test('on a delayed stream a client misses what comes while it is away, by the delayed tape', async () => {
  const clock = new ManualClock(opening);
  await using papertape = await serve(tape, { speed: 1 }, { endpoints }, clock);
  const bot = new Comer(papertape, 'bot', '/v2/delayed_sip');
  await bot.connect();
  await bot.ask('subscribe', { trades: ['AAPL'] });
  papertape.run.play();
  await clock.advance(minute * 15n + seconds(6.5));
  await bot.settled();
  await bot.disconnect();
  await clock.advance(seconds(4));
  const account = await accountOf(papertape, 'bot');
  expect(account).toMatchObject({ path: '/v2/delayed_sip', owed: 6 });
  expect(tell(account)).toEqual(['2 trade AAPL 8–10 because it was not connected']);
});

test('a client is owed the bars of its own exchange, news about any of its symbols, and books as they are on the tape', async () => {
  const events = [
    ...tape.slice(0, 10),
    news(opening + seconds(20), { id: 'n', symbols: ['TSLA', 'AAPL'] }),
    book(opening + seconds(30)),
    trade(opening + minute * 3n, { id: 'late' }),
  ];
  const clock = new ManualClock(opening);
  await using papertape = await serve(events, { speed: 1 }, { endpoints: { ...endpoints, polygon: {} } }, clock);
  const streams = [
    ['/v2/iex', { action: 'subscribe', bars: ['*'] }],
    ['/v1beta1/news', { action: 'subscribe', news: ['AAPL'] }],
    ['/v1beta3/crypto/us', { action: 'subscribe', orderbooks: ['*'] }],
  ] as const;
  const clients: RawClient[] = [];
  for (const [path, wish] of streams) {
    const client = await RawClient.open(papertape.url + path);
    clients.push(client);
    client.say({ action: 'auth', key: path, secret: 's' });
    client.say(wish);
    await client.heard(3);
    await client.settled();
  }
  papertape.run.play();
  await clock.advance(minute * 6n);
  for (const client of clients) await client.settled();
  const rows = await Promise.all(streams.map(async ([path]) => rowsOf(await accountOf(papertape, path))));
  expect(rows).toEqual([['bar *', 'bar *', 'bar *'], ['news n*'], ['book *']]);
  expect(clients[0]?.elements.filter(({ T }) => T === 'b')).toHaveLength(3);
  for (const client of clients) await client[Symbol.asyncDispose]();
});

test('what a slow reader is not sent it misses because it read too slowly', async () => {
  const flood = Array.from({ length: 100_000 }, (_, index) =>
    trade(opening + seconds(index / 1000), { id: String(index) }),
  );
  await using papertape = await serve(
    flood,
    { speed: 'max', backpressure: 'drop' },
    { endpoints, limits: { outbox: 256 * 1024 } },
  );
  await using slow = await RawClient.trades(`${papertape.url}/v2/iex`, 'slow');
  slow.socket.pause();
  papertape.run.play();
  while (papertape.run.status.phase !== 'ended') await nextTurn();
  const account = await accountOf(papertape, 'slow');
  const ids: string[] = [];
  for await (const { event, sent } of account?.rows(signal) ?? []) if (sent === 1 && 'id' in event) ids.push(event.id);
  slow.socket.resume();
  await slow.settled();
  expect(slow.ids.map(String)).toEqual(ids);
  expect(ids.length).toBeLessThan(flood.length);
  expect(account?.owed).toBe(flood.length);
  expect(new Set(account?.missed.map(({ why }) => why))).toEqual(new Set(['it read too slowly']));
});

test('what a delayed line still holds when its connection ends was never sent', async () => {
  const clock = new ManualClock(opening);
  const timeline: ScenarioInput['timeline'] = [
    { id: 'slow-line', at: '4500ms', for: '60s', inject: { latency: { mean: '3s', distribution: 'fixed' } } },
  ];
  await using papertape = await serve(tape, { speed: 1 }, { endpoints, timeline }, clock);
  await using client = await RawClient.trades(`${papertape.url}/v2/iex`, 'bot');
  papertape.run.play();
  await clock.advance(seconds(10.5));
  await client.until(() => client.ids.length >= 8);
  client.socket.destroy();
  while (papertape.run.status.sessions > 0) await nextTurn();
  const account = await accountOf(papertape, 'bot');
  expect(tell(account)).toEqual([
    '2 trade AAPL 8–10 because its connection ended before they left',
    '1 trade MSFT 9–9 because its connection ended before they left',
  ]);
});

test('who is sent away in the middle of a burst has heard what came before, at any speed', async () => {
  const timeline = [{ id: 'away', at: '10s', inject: { close: {} }, target: { key: 'bot' } }];
  await using papertape = await serve(tape, { speed: 'max' }, { endpoints, timeline });
  await using client = await RawClient.trades(`${papertape.url}/v2/iex`, 'bot');
  await using other = await RawClient.trades(`${papertape.url}/v2/iex`, 'other');
  papertape.run.play();
  while (papertape.run.status.phase !== 'ended') await nextTurn();
  await client.until(() => client.farewell !== undefined);
  await other.settled();
  const account = await accountOf(papertape, 'bot');
  expect(await rowsOf(account)).toEqual(
    tape.map(({ id }) => `trade ${id}${client.ids.includes(Number(id)) ? '*' : ''}`),
  );
  expect(client.ids).toHaveLength(10);
  expect(await accountOf(papertape, 'other')).toMatchObject({ owed: 40, missed: [] });
});

test('a reading that is given up says so', async () => {
  const clock = new ManualClock(opening);
  await using papertape = await serve(tape, { speed: 1 }, { endpoints }, clock);
  await using bot = await RawClient.trades(`${papertape.url}/v2/iex`, 'bot');
  papertape.run.play();
  await clock.advance(seconds(5));
  await bot.settled();
  const reason = new Error('enough');
  await expect(papertape.run.chronicle.ledger.accounts(AbortSignal.abort(reason))).rejects.toBe(reason);
});

test('where events say when they were sent, what was missed counts as fetched by its place on the tape', async () => {
  const clock = new ManualClock(opening + seconds(5_000_000));
  await using papertape = await serve(tape, { speed: 1, timestamps: 'now' }, { endpoints }, clock);
  const bot = new Comer(papertape, 'bot');
  await bot.connect();
  await bot.ask('subscribe', { trades: ['AAPL'] });
  papertape.run.play();
  await clock.advance(seconds(4.5));
  await bot.disconnect();
  await clock.advance(seconds(5));
  const headers = { 'APCA-API-KEY-ID': 'bot', 'APCA-API-SECRET-KEY': 's' };
  await new Asker(papertape, headers).get('/v2/stocks/trades', { symbols: 'AAPL', start: '2026-01-01', limit: 4 });
  papertape.run.pause();
  await clock.advance(minute);
  papertape.run.play();
  await clock.advance(seconds(5));
  const account = await accountOf(papertape, 'bot');
  expect(account?.missed).toMatchObject([{ rows: 5, fetched: 1 }]);
});
