import { expect, test } from 'vitest';
import { encode } from '@msgpack/msgpack';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { PapertapeAdmin, type LiveMessage } from '../../admin-api/sdk/index.ts';
import { liveMessage } from '../../admin-api/schemas/live.ts';
import { steered } from '../helpers/admin.ts';
import { RawClient } from '../helpers/raw-client.ts';

const patience = { timeout: 20_000 };

/** Everything a page is told, each message held against its schema. */
function page(url: string, run = 'default', token?: string) {
  const told: LiveMessage[] = [];
  const api = new PapertapeAdmin({ url, token, WebSocket });
  const listening = api.live(run, (message) => void told.push(liveMessage.parse(message)));
  const last = <Type extends LiveMessage['type']>(type: Type): Extract<LiveMessage, { type: Type }> | undefined =>
    told.findLast((message): message is Extract<LiveMessage, { type: Type }> => message.type === type);
  return { told, last, ...listening, [Symbol.dispose]: () => listening[Symbol.dispose]() };
}

test('a page is told where the deck stands, who is connected, how fast, what is wrong, and what was said', async () => {
  await using desk = await steered();
  const { api, admin, papertape } = desk;
  using live = page(admin.url);
  await expect.poll(() => live.last('deck'), patience).toMatchObject({ run: 'default', phase: 'waiting', sessions: 0 });
  await using client = await RawClient.trades(papertape.streamUrl('/v2/iex'), 'PK-SECRET');
  await api.setSpeed(100);
  await api.play();
  await expect.poll(() => live.last('deck'), patience).toMatchObject({ phase: 'playing', speed: 100, sessions: 1 });
  await expect.poll(() => live.last('sessions')?.sessions, patience).toMatchObject([{ session: 1, loggedIn: true }]);
  await expect.poll(() => live.last('rates')?.eventsPerSecond, patience).toBeGreaterThan(0);
  await api.injectFault({ inject: { mute: {} }, for: '1m' });
  await expect.poll(() => live.last('faults')?.faults, patience).toMatchObject([{ id: 'now-1', fault: 'mute' }]);
  const entries = live.told.flatMap((message) => (message.type === 'journal' ? message.entries : []));
  expect(entries.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['logged-in', 'subscribed', 'fault']));
  const numbers = entries.map(({ number }) => number);
  expect(numbers).toEqual([...new Set(numbers)].toSorted((one, other) => one - other));
  expect(JSON.stringify(live.told)).not.toContain('PK-SECRET');
  expect(client.end).toBeUndefined();
});

test('a page is told the messages that clients are sent, word for word, from JSON and MessagePack', async () => {
  await using desk = await steered();
  const { api, admin, papertape } = desk;
  using live = page(admin.url);
  await expect.poll(() => live.last('deck'), patience).toMatchObject({ phase: 'waiting' });
  await using client = await RawClient.trades(papertape.streamUrl('/v2/iex'), 'k');
  const packed = new WebSocket(papertape.streamUrl('/v2/sip'), { headers: { 'Content-Type': 'application/msgpack' } });
  using _packed = { [Symbol.dispose]: () => packed.terminate() };
  packed.once('open', () => {
    packed.send(encode({ action: 'auth', key: 'k', secret: 's' }));
    packed.send(encode({ action: 'subscribe', trades: ['*'] }));
  });
  await expect.poll(() => live.last('sessions')?.sessions.length, patience).toBe(2);
  await api.play();
  const told = (of: number) =>
    live.told.flatMap((message) => {
      return message.type === 'messages'
        ? message.messages.flatMap(({ session, text }) => (session === of ? [text] : []))
        : [];
    });
  await expect.poll(() => told(1).length, patience).toBeGreaterThan(3);
  await expect.poll(() => told(2).length, patience).toBeGreaterThan(3);
  const heard = new Set(client.elements.map((element) => JSON.stringify(element)));
  expect(told(1).filter((text) => !heard.has(text))).toEqual([]);
  expect(z.looseObject({ T: z.literal('t'), S: z.literal('AAPL') }).parse(JSON.parse(told(2)[0] ?? ''))).toBeDefined();
});

test('a page goes on after a reset of its run, and is told when the run is gone and when it comes back', async () => {
  await using desk = await steered();
  const { api, admin } = desk;
  await api.createRun({ id: 'mine', play: true });
  using live = page(admin.url, 'mine');
  await expect.poll(() => live.last('deck')?.phase, patience).toBe('playing');
  const opened = live.last('deck')?.opened;
  await api.resetRun('mine');
  await expect.poll(() => live.last('deck')?.phase, patience).toBe('waiting');
  expect(live.last('deck')?.opened).not.toBe(opened);
  await api.stopRun('mine');
  await expect.poll(() => live.told.at(-1), patience).toEqual({ type: 'gone', run: 'mine' });
  await api.createRun({ id: 'mine' });
  await expect.poll(() => live.told.at(-1)?.type, patience).not.toBe('gone');
});

test('nothing is said twice, nor more often than ten times a second', async () => {
  await using desk = await steered();
  using live = page(desk.admin.url);
  await desk.api.play();
  const began = performance.now();
  await expect.poll(() => live.told.filter(({ type }) => type === 'deck').length, patience).toBeGreaterThan(5);
  const decks = live.told.filter(({ type }) => type === 'deck');
  expect(decks.length).toBeLessThanOrEqual((performance.now() - began) / 90 + 3);
  expect(new Set(live.told.filter(({ type }) => type === 'faults').map((one) => JSON.stringify(one))).size).toBe(1);
});

test('a token is shown as a subprotocol, and is never the one that is chosen', async () => {
  const token = 'a-token-of-enough-letters';
  await using desk = await steered({}, { token });
  using live = page(desk.admin.url, 'default', token);
  await expect.poll(() => live.last('deck')?.run, patience).toBe('default');
  using refused = page(desk.admin.url, 'default', 'wrong-token-of-letters');
  await refused.over;
  expect(refused.told).toEqual([]);
  const socket = new WebSocket(`${desk.admin.url.replace('http', 'ws')}/live`, [
    `token.${Buffer.from(token).toString('base64url')}`,
    'papertape',
  ]);
  await new Promise((resolve) => socket.once('open', resolve));
  expect(socket.protocol).toBe('papertape');
  socket.terminate();
});

test('whoever asks for it without an upgrade is told what it is, and the document says what it tells', async () => {
  await using desk = await steered();
  const { url } = desk.admin;
  const answer = await fetch(`${url}/live`);
  expect([answer.status, answer.headers.get('upgrade')]).toEqual([426, 'websocket']);
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  expect(await answer.json()).toMatchObject({ status: 426, title: 'Upgrade Required', instance: '/live' });
  const document: unknown = await (await fetch(`${url}/openapi.json`)).json();
  const content = { 'application/json': { schema: { $ref: '#/components/schemas/LiveMessage' } } };
  const names = ['Deck', 'Rates', 'Sessions', 'Faults', 'Journal', 'MarketData', 'Gone'];
  expect(document).toMatchObject({
    paths: { '/live': { get: { operationId: 'live', responses: { 101: { content }, 426: {} } } } },
    components: {
      schemas: { LiveMessage: { oneOf: names.map((name) => ({ $ref: `#/components/schemas/Live${name}` })) } },
    },
  });
});
