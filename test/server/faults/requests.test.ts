import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { ManualClock } from '../../../market/clock.ts';
import type { Nanos } from '../../../market/event.ts';
import { millis, seconds } from '../../../market/nanos.ts';
import type { Papertape } from '../../../server/index.ts';
import { Asker, httpOf, playToEnd } from '../../helpers/asker.ts';
import { opening, trade } from '../../helpers/events.ts';
import { PolygonAsker } from '../../helpers/polygon-asker.ts';
import { serve } from '../../helpers/serve.ts';

const trades = [
  trade(opening, { symbol: 'MSFT' }),
  ...Array.from({ length: 5 }, (_, index) => trade(opening + seconds(index), { id: String(index + 1) })),
];
const path = '/v2/stocks/AAPL/trades';
const polygonPath = '/v3/trades/AAPL';
const range = { start: '2026-07-01T14:30:00Z', end: '2026-07-01T15:00:00Z' };

/** An exchange that has played the tape, or so much of it, with one fault in the way of every request, unless the step says otherwise. */
async function faulted(
  inject: object,
  step: object = {},
  played?: Nanos,
): Promise<{ papertape: Papertape; clock: ManualClock }> {
  const clock = new ManualClock(opening);
  const rules = [{ id: 'trouble', for: 'run', inject, ...step }];
  const papertape = await serve(trades, { timestamps: 'original' }, { rules }, clock);
  if (played === undefined) await playToEnd(papertape, clock);
  else {
    papertape.run.play();
    await clock.advance(played);
  }
  return { papertape, clock };
}

function struck({ run }: Papertape): boolean {
  return run.chronicle.journal.entries.some((entry) => entry.kind === 'fault' && entry.phase === 'strikes');
}

test('a rejected request is refused in the words of each exchange, and says when to come back', async () => {
  await using papertape = (await faulted({ rejectRequest: { status: 429, retryAfter: '3s' } })).papertape;
  const alpaca = await new Asker(papertape).ask(path, range);
  expect(alpaca).toMatchObject({ status: 429, body: { message: 'too many requests.' } });
  expect(alpaca.headers.get('retry-after')).toBe('3');
  const polygon = await new PolygonAsker(papertape).ask(polygonPath);
  expect(polygon).toMatchObject({ status: 429, body: { status: 'ERROR' } });
  expect(polygon.text).toContain('exceeded the maximum requests per minute');
  const twelvedata = await new Asker(papertape, {}).ask('/price', { symbol: 'AAPL', apikey: 'key' });
  expect(twelvedata.body).toMatchObject({ code: 429, status: 'error' });
});

test('what an exchange has no words for is said by a gateway in front of it, and is no JSON', async () => {
  await using papertape = (await faulted({ rejectRequest: { status: 503 } })).papertape;
  const answer = await new Asker(papertape).ask(path, range);
  expect(answer.status).toBe(503);
  expect(answer.headers.get('content-type')).toBe('text/html');
  expect(answer.text).toContain('<h1>503 Service Unavailable</h1>');
});

test('only requests of the target are rejected, and only so often', async () => {
  const { papertape: served } = await faulted(
    { rejectRequest: { status: 500 } },
    { times: 2, target: { endpoint: 'alpaca/v2/stocks', key: 'PKTEST1' } },
  );
  await using papertape = served;
  const statuses = async (key: string, asked: string): Promise<number> =>
    (await new Asker(papertape, { 'APCA-API-KEY-ID': key, 'APCA-API-SECRET-KEY': 's' }).ask(asked)).status;
  expect(await statuses('OTHER', path)).toBe(200);
  expect(await statuses('PKTEST1', '/v2/clock')).toBe(200);
  expect(await statuses('PKTEST1', path)).toBe(500);
  expect(await statuses('PKTEST1', path)).toBe(500);
  expect(await statuses('PKTEST1', path)).toBe(200);
});

test('a stalled request is answered as it would have been, later', async () => {
  const { papertape: served, clock } = await faulted({ stallRequest: { delay: '20s' } }, { realtime: true });
  await using papertape = served;
  let answered = false;
  const answer = new Asker(papertape).ask(path, range).finally(() => (answered = true));
  await expect.poll(() => struck(papertape)).toBe(true);
  await clock.advance(seconds(19));
  expect(answered).toBe(false);
  await clock.advance(seconds(1));
  expect(await answer).toMatchObject({ status: 200 });
});

test('a request that is never answered holds nobody up: not others, not the server when it closes', async () => {
  const { papertape } = await faulted({ stallRequest: { delay: 'never' } }, { target: { endpoint: 'alpaca' } });
  const silence = new Asker(papertape).ask(path, range).catch((error: unknown) => error);
  expect(await new PolygonAsker(papertape).get(polygonPath)).toMatchObject({ status: 'OK' });
  await papertape[Symbol.asyncDispose]();
  expect(await silence).toMatchObject({ message: 'fetch failed' });
});

test('a client that gives up waiting is let go', async () => {
  await using papertape = (await faulted({ stallRequest: {} })).papertape;
  const aborted = new AbortController();
  const headers = { 'APCA-API-KEY-ID': 'key', 'APCA-API-SECRET-KEY': 'secret' };
  const waiting = fetch(`${httpOf(papertape)}${path}`, { headers, signal: aborted.signal });
  await expect.poll(() => struck(papertape)).toBe(true);
  aborted.abort();
  await expect(waiting).rejects.toThrow('aborted');
});

test('a truncated answer announces more bytes than come, and the connection ends', async () => {
  await using papertape = (await faulted({ truncateAnswer: { keep: 0.5 } })).papertape;
  const { head, body } = await raw(papertape, path);
  const announced = Number(/content-length: (\d+)/i.exec(head)?.[1]);
  expect(head).toContain('200 OK');
  expect(body.length).toBe(Math.floor(announced / 2));
  await expect(new Asker(papertape).ask(path)).rejects.toThrow('terminated');
});

test('nothing of a body comes where nothing is kept', async () => {
  await using papertape = (await faulted({ truncateAnswer: { keep: 0 } })).papertape;
  const { head, body } = await raw(papertape, path);
  expect(head).toContain('200 OK');
  expect(body).toBe('');
});

/** All that comes on a connection until it ends. */
async function raw(papertape: Papertape, asked: string): Promise<{ head: string; body: string }> {
  const { hostname, port } = new URL(papertape.url);
  const socket = connect(Number(port), hostname);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  const keys = 'APCA-API-KEY-ID: key\r\nAPCA-API-SECRET-KEY: secret\r\n';
  socket.write(`GET ${asked} HTTP/1.1\r\nHost: ${hostname}\r\n${keys}\r\n`);
  await once(socket, 'close');
  const [head = '', body = ''] = Buffer.concat(chunks).toString().split('\r\n\r\n');
  return { head, body };
}

test('late history lacks the newest rows, and has them when it is over', async () => {
  const { papertape: served } = await faulted({ lateHistory: { by: '2s' } }, { times: 1 }, seconds(4.5));
  await using papertape = served;
  const asker = new Asker(papertape);
  const ids = async (): Promise<unknown[]> => (await asker.rows(path, range, 'trades')).map(([, { i }]) => i);
  expect(await ids()).toEqual([1, 2, 3]);
  expect(await ids()).toEqual([1, 2, 3, 4, 5]);
});

test('who only asks for the time does not use up a fault of history', async () => {
  const { papertape: served } = await faulted({ hideHistory: {} }, { times: 1 });
  await using papertape = served;
  const asker = new Asker(papertape);
  await asker.get('/v2/clock');
  expect(await asker.rows(path, range, 'trades')).toEqual([]);
  expect(await asker.rows(path, range, 'trades')).toHaveLength(5);
});

test('wrong history tells less than was traded, of the symbols it is aimed at', async () => {
  const inject = { wrongHistory: { volume: 0.5 } };
  const one = await faulted(inject, { target: { symbols: ['AAPL'] } });
  await using right = (await faulted(inject, { target: { symbols: ['MSFT'] } })).papertape;
  await using wrong = one.papertape;
  const sizes = async (papertape: Papertape): Promise<unknown[]> =>
    (await new Asker(papertape).rows(path, range, 'trades')).map(([, { s }]) => s);
  expect(await sizes(wrong)).toEqual([50, 50, 50, 50, 50]);
  expect(await sizes(right)).toEqual([100, 100, 100, 100, 100]);
  await one.clock.advance(millis(1));
});

test('a hole in the history is empty, and what lies around it is there', async () => {
  const hole = { from: '10:30:01', to: '10:30:03' };
  await using papertape = (await faulted({ hideHistory: hole })).papertape;
  const ids = (await new Asker(papertape).rows(path, range, 'trades')).map(([, { i }]) => i);
  expect(ids).toEqual([1, 4, 5]);
});

test('history that is hidden as a whole is empty, whatever is asked', async () => {
  await using papertape = (await faulted({ hideHistory: {} }, { target: { symbols: ['AAPL'] } })).papertape;
  const asker = new Asker(papertape);
  expect(await asker.rows(path, range, 'trades')).toEqual([]);
  expect(await asker.ask('/v2/stocks/AAPL/trades/latest')).toMatchObject({ status: 404 });
  expect(await asker.rows('/v2/stocks/AAPL/bars', { ...range, timeframe: '1Min' }, 'bars')).toEqual([]);
});
