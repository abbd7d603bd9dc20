import { expect, test } from 'vitest';
import { minute, seconds } from '../../../../market/nanos.ts';
import type { MarketEvent, Nanos } from '../../../../market/event.ts';
import { ByteWriter } from '../../../../server/wire/byte-writer.ts';
import { alpaca } from '../../../../server/exchanges/alpaca/index.ts';
import { endpointsSchema, openExchanges } from '../../../../server/exchanges/index.ts';
import { eventOf } from '../../../helpers/alpaca-wire-events.ts';

const exchange = alpaca.open(alpaca.options.parse({}));
const at = (text: string): Nanos => BigInt(Date.parse(text)) * 1_000_000n;

function json(event: MarketEvent, shift: Nanos): Record<string, unknown> {
  const out = new ByteWriter(1);
  exchange.streams[0]?.wire({}).encoder.event(event, shift, out);
  return JSON.parse(out.bytes.toString('utf8', 0, out.length));
}

function bar(type: 'b' | 'u' | 'd', start: string, publishedAt: string): MarketEvent {
  const event = eventOf({ T: type, S: 'A', o: 1, h: 1, l: 1, c: 1, v: 1, t: start, n: 1, vw: 1 }, at(publishedAt));
  if (event === undefined) throw new Error('no bar');
  return event;
}

test('a minute bar moved by any span still starts on a minute', () => {
  const event = bar('b', '2026-07-01T14:29:00Z', '2026-07-01T14:30:00.4Z');
  expect(json(event, 0n)['t']).toBe('2026-07-01T14:29:00Z');
  expect(json(event, minute * 3n)['t']).toBe('2026-07-01T14:32:00Z');
  expect(json(event, minute * 3n + 41_000_000_001n)['t']).toBe('2026-07-01T14:32:00Z');
  expect(json(event, -1n)['t']).toBe('2026-07-01T14:28:00Z');
});

test('a daily bar moved into winter starts at midnight in New York, one hour later in UTC', () => {
  const event = bar('d', '2026-07-01T04:00:00Z', '2026-07-01T14:30:00.25Z');
  const toDecember = at('2026-12-01T14:30:00Z') - at('2026-07-01T14:30:00Z');
  expect(json(event, 0n)['t']).toBe('2026-07-01T04:00:00Z');
  expect(json(event, toDecember)['t']).toBe('2026-12-01T05:00:00Z');
  expect(json(event, toDecember + 1n)['t']).toBe('2026-12-01T05:00:00Z');
});

test('a trade id in letters becomes the same whole number every time, and a bare one stays', () => {
  const event = eventOf({ T: 't', S: 'A', i: 1, x: 'V', p: 1, s: 0.6, c: [], z: 'C', t: '2026-07-01T14:29:00Z' });
  if (event?.kind !== 'trade') throw new Error('no trade');
  const idOf = (id: string): unknown => json({ ...event, id }, 0n)['i'];
  const ids = ['x-1', 'x-2', '007', '9223372036854775808', ''].map(idOf);
  for (const id of ids) expect(id).toSatisfy((value) => Number.isSafeInteger(value) && Number(value) > 0);
  expect(new Set(ids).size).toBe(ids.length);
  expect(['x-1', 'x-2', '007', '9223372036854775808', ''].map(idOf)).toEqual(ids);
  expect(idOf('52983525033527')).toBe(52983525033527);
  expect(json({ ...event, exchange: undefined, tape: undefined }, 0n)).toMatchObject({ x: 'V', z: 'C', s: 1 });
});

test('the header of the upgrade carries a trader or a broker', () => {
  const credentials = (headers: Record<string, string>): unknown =>
    exchange.streams[0]?.credentials(headers, new URLSearchParams());
  expect(credentials({ 'apca-api-key-id': 'K', 'apca-api-secret-key': 'S' })).toEqual({ key: 'K', secret: 'S' });
  const basic = `Basic ${Buffer.from('K:S:x').toString('base64')}`;
  expect(credentials({ authorization: basic })).toEqual({ key: 'K', secret: 'S:x' });
  expect(credentials({})).toBeUndefined();
  expect(credentials({ authorization: 'Basic zzz' })).toEqual({ key: '', secret: '' });
});

test('the delayed feed is fifteen minutes behind; the free plan holds IEX, test, crypto, indicative options and news', () => {
  const lags = exchange.streams.filter(({ lag }) => lag > 0n).map(({ path, lag }) => [path, lag]);
  expect(lags).toEqual([['/v2/delayed_sip', minute * 15n]]);
  expect(exchange.plans['basic']).toMatchObject({
    feeds: ['iex', 'test', 'crypto', 'indicative', 'news', 'trading'],
    sessions: 1,
    symbols: { limit: 30 },
    symbolsOn: { indicative: { limit: 200, counted: ['quote'] }, crypto: undefined, news: undefined },
  });
  expect(exchange.plans['broker']).toMatchObject({ feeds: undefined, sessions: 5, symbols: undefined });
});

test('without an endpoints section every exchange answers; with it only the named ones', () => {
  expect(openExchanges(undefined).map(({ name }) => name)).toEqual(['alpaca', 'polygon', 'twelvedata']);
  expect(openExchanges(endpointsSchema.parse({}))).toEqual([]);
  expect(() => endpointsSchema.parse({ alpaca: { akc: 'full' } })).toThrow(/akc/);
});

test('FAKEPACA quotes every five seconds and prints a bar of its trades each minute, the same for every reader', async () => {
  const house = exchange.streams.find(({ path }) => path === '/v2/test')?.house;
  const from = at('2026-07-04T03:00:17Z');
  const hear = async (start: Nanos): Promise<MarketEvent[]> => {
    const heard: MarketEvent[] = [];
    for await (const page of house?.pages({ from: start, to: from + minute * 5n }, new AbortController().signal) ??
      []) {
      heard.push(...page);
    }
    return heard;
  };
  const heard = await hear(from);
  expect(heard.map((event) => event.at)).toEqual(heard.map((event) => event.at).toSorted((a, b) => Number(a - b)));
  expect(await hear(from + seconds(30))).toEqual(heard.filter((event) => event.at >= from + seconds(30)));
  expect(heard.filter(({ kind }) => kind === 'quote')).toHaveLength(60);
  const bars = heard.flatMap((event) => (event.kind === 'bar' ? [event] : []));
  expect(bars.map((event) => event.at % minute)).toEqual(bars.map(() => 400_000_000n));
  const second = bars[1];
  const trades = heard.filter((event) => event.kind === 'trade' && event.at - (event.at % minute) === second?.start);
  expect(second?.volume).toBe(trades.reduce((sum, event) => sum + (event.kind === 'trade' ? event.size : 0), 0));
});
