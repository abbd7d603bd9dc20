import { once } from 'node:events';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { z } from 'zod';
import type { MarketEvent, Trade } from '../../market/event.ts';
import { second } from '../../market/nanos.ts';
import { movesPrice } from '../../market/sale-conditions.ts';
import type { Papertape } from '../../server/index.ts';
import { httpOf, type Row } from '../helpers/asker.ts';
import { opening, quote, trade } from '../helpers/events.ts';
import { serve } from '../helpers/serve.ts';

// One scenario, one tape, an Alpaca, a Polygon and a Twelve Data client at once: each hears all of it in its own words, and reads it again over HTTP.

const coin = { market: 'crypto', symbol: 'BTC/USD' } as const;
const pair = { market: 'forex', symbol: 'EUR/USD', bidSize: 0, askSize: 0 } as const;

/** A quarter of an hour; some trades are odd lots, which move no price. */
const tape: readonly MarketEvent[] = Array.from({ length: 900 }, (_, index): readonly MarketEvent[] => {
  const at = opening + BigInt(index) * second + 1_000_000n;
  const id = String(index + 1);
  const price = Math.round((230 + Math.sin(index / 40) * 3) * 100) / 100;
  const symbol = index % 3 === 0 ? 'MSFT' : 'AAPL';
  return [
    quote(at, { symbol, bidPrice: price - 0.01, askPrice: price + 0.01 }),
    trade(at + 1_000_000n, { symbol, id, price, size: 100, conditions: index % 7 === 0 ? ['I'] : ['@'] }),
    trade(at + 2_000_000n, { ...coin, id, price: 60_000 + index, size: 0.25, conditions: [], taker: 'buy' }),
    quote(at + 3_000_000n, { ...pair, bidPrice: 1.17 + index / 1e5, askPrice: 1.1702 + index / 1e5, conditions: [] }),
  ];
}).flat();

const trades = (symbol: string): readonly Trade[] =>
  tape.filter((event) => event.kind === 'trade').filter((event) => event.symbol === symbol);

/** A plain WebSocket client: everything it heard, element by element. */
class Ear {
  readonly heard: Row[] = [];
  readonly socket: WebSocket;

  constructor(url: string) {
    this.socket = new WebSocket(url);
    this.socket.on('message', (data: Buffer) => {
      const frame: unknown = JSON.parse(data.toString());
      this.heard.push(...z.array(z.record(z.string(), z.unknown())).parse(Array.isArray(frame) ? frame : [frame]));
    });
  }

  /** Says something as soon as it may, and waits until something like it was heard. */
  async say(words: object, answer: Row): Promise<void> {
    if (this.socket.readyState !== WebSocket.OPEN) await once(this.socket, 'open');
    this.socket.send(JSON.stringify(words));
    await this.hears(answer);
  }

  async hears(row: Row): Promise<void> {
    await vi.waitFor(() => expect(this.heard).toContainEqual(expect.objectContaining(row)), { timeout: 10_000 });
  }

  of(kind: Row): readonly Row[] {
    return this.heard.filter((row) => Object.entries(kind).every(([name, value]) => row[name] === value));
  }
}

let papertape: Papertape;
const ears: Record<string, Ear> = {};
const ear = (name: string): Ear => ears[name] ?? expect.fail(`nobody listens to ${name}`);

async function alpaca(path: string, symbols: readonly string[]): Promise<Ear> {
  const client = new Ear(papertape.url + path);
  await client.say({ action: 'auth', key: 'key', secret: 'secret' }, { T: 'success', msg: 'authenticated' });
  await client.say({ action: 'subscribe', trades: symbols, bars: symbols }, { T: 'subscription' });
  return client;
}

async function polygon(path: string, params: readonly string[]): Promise<Ear> {
  const client = new Ear(papertape.url + path);
  await client.say({ action: 'auth', params: 'key' }, { status: 'auth_success' });
  const last = { message: `subscribed to: ${params.at(-1) ?? ''}` };
  await client.say({ action: 'subscribe', params: params.join(',') }, last);
  return client;
}

async function twelveData(symbols: string): Promise<Ear> {
  const client = new Ear(`${papertape.url}/v1/quotes/price?apikey=key`);
  await client.say({ action: 'subscribe', params: { symbols } }, { event: 'subscribe-status', status: 'ok' });
  return client;
}

beforeAll(async () => {
  papertape = await serve(tape, { speed: 'max', startOn: 'command' });
  ears['alpaca stocks'] = await alpaca('/v2/sip', ['AAPL', 'MSFT']);
  ears['alpaca crypto'] = await alpaca('/v1beta3/crypto/us', ['BTC/USD']);
  ears['polygon stocks'] = await polygon('/stocks', ['T.*', 'A.AAPL', 'AM.*']);
  ears['polygon crypto'] = await polygon('/crypto', ['XT.BTC-USD', 'XA.BTC-USD']);
  ears['polygon forex'] = await polygon('/forex', ['C.EUR/USD', 'CA.EUR/USD']);
  ears['twelve data'] = await twelveData('AAPL,MSFT,BTC/USD,EUR/USD');
  papertape.run.play();
  await vi.waitFor(() => expect(papertape.run.status.phase).toBe('ended'), { timeout: 20_000 });
  await ear('twelve data').hears({ event: 'price', symbol: 'EUR/USD', bid: 1.17 + 899 / 1e5 });
  await ear('polygon forex').hears({ ev: 'C', b: 1.17 + 899 / 1e5 });
});
afterAll(async () => {
  for (const { socket } of Object.values(ears)) socket.terminate();
  await papertape[Symbol.asyncDispose]();
});

test('the trades of stocks are the same, one by one, in the words of Alpaca and Polygon; Twelve Data tells those that move the price', () => {
  for (const symbol of ['AAPL', 'MSFT']) {
    const ofAlpaca = ear('alpaca stocks').of({ T: 't', S: symbol });
    const ofPolygon = ear('polygon stocks').of({ ev: 'T', sym: symbol });
    expect(ofAlpaca.map(({ i, p, s }) => [String(i), p, s])).toEqual(
      trades(symbol).map(({ id, price, size }) => [id, price, size]),
    );
    expect(ofPolygon.map(({ i, p, s }) => [i, p, s])).toEqual(
      trades(symbol).map(({ id, price, size }) => [id, price, size]),
    );
    expect(ofPolygon.map(({ t }) => t)).toEqual(trades(symbol).map(({ at }) => Number(at / 1_000_000n)));
    const prices = ear('twelve data').of({ event: 'price', symbol });
    const moving = trades(symbol).filter(movesPrice);
    expect(moving.length).toBeLessThan(trades(symbol).length);
    expect(prices.map(({ price, timestamp }) => [price, timestamp])).toEqual(
      moving.map(({ price, at }) => [price, Number(at / second)]),
    );
  }
});

test('so are the trades of coins and the quotes of currencies', () => {
  const expected = trades('BTC/USD').map(({ id, price }) => [id, price]);
  expect(
    ear('alpaca crypto')
      .of({ T: 't' })
      .map(({ i, p }) => [String(i), p]),
  ).toEqual(expected);
  expect(
    ear('polygon crypto')
      .of({ ev: 'XT', pair: 'BTC-USD' })
      .map(({ i, p }) => [i, p]),
  ).toEqual(expected);
  expect(
    ear('twelve data')
      .of({ event: 'price', symbol: 'BTC/USD' })
      .map(({ price }) => price),
  ).toEqual(expected.map(([, price]) => price));
  const quotes = tape.filter((event) => event.kind === 'quote').filter(({ symbol }) => symbol === 'EUR/USD');
  const sides = quotes.map(({ bidPrice, askPrice }) => [bidPrice, askPrice]);
  expect(
    ear('polygon forex')
      .of({ ev: 'C', p: 'EUR/USD' })
      .map(({ b, a }) => [b, a]),
  ).toEqual(sides);
  expect(
    ear('twelve data')
      .of({ event: 'price', symbol: 'EUR/USD' })
      .map(({ bid, ask }) => [bid, ask]),
  ).toEqual(sides);
});

test('every vendor publishes bars of its own: Polygon those of seconds too, and nobody hears a neighbour’s', () => {
  const ofAlpaca = ear('alpaca stocks').of({ T: 'b', S: 'AAPL' });
  const ofPolygon = ear('polygon stocks').of({ ev: 'AM', sym: 'AAPL' });
  expect(ofAlpaca).toHaveLength(15);
  expect(ofPolygon.map(({ o, h, l, c, v }) => [o, h, l, c, v])).toEqual(
    ofAlpaca.map(({ o, h, l, c, v }) => [o, h, l, c, v]),
  );
  const seconds = ear('polygon stocks').of({ ev: 'A', sym: 'AAPL' });
  const priced = trades('AAPL').filter(movesPrice);
  expect(seconds.map(({ s }) => s)).toEqual(priced.map(({ at }) => Number((at / second) * 1000n)));
  expect(ear('polygon crypto').of({ ev: 'XA' })).toHaveLength(15);
  expect(ear('polygon forex').of({ ev: 'CA' })).toHaveLength(15);
});

test('the HTTP history of each is what its own stream has told', async () => {
  const get = async (path: string, headers: Readonly<Record<string, string>> = {}): Promise<Row> => {
    const response = await fetch(httpOf(papertape) + path, { headers });
    return z.record(z.string(), z.unknown()).parse(await response.json());
  };
  const rows = (value: unknown): Row[] => z.array(z.record(z.string(), z.unknown())).parse(value);
  const keys = { 'APCA-API-KEY-ID': 'key', 'APCA-API-SECRET-KEY': 'secret' };
  const alpacaTrades = await get('/v2/stocks/AAPL/trades?start=2026-07-01&end=2026-07-02&limit=10000', keys);
  const heard = ear('alpaca stocks').of({ T: 't', S: 'AAPL' });
  expect(rows(alpacaTrades['trades'])).toEqual(heard.map(({ T: _type, S: _symbol, ...rest }) => rest));
  const polygonBars = await get('/v2/aggs/ticker/AAPL/range/1/minute/2026-07-01/2026-07-01?apiKey=key');
  const minutes = ear('polygon stocks').of({ ev: 'AM', sym: 'AAPL' });
  expect(rows(polygonBars['results']).map(({ t, o, h, l, c, v }) => [t, o, h, l, c, v])).toEqual(
    minutes.map(({ s, o, h, l, c, v }) => [s, o, h, l, c, v]),
  );
  const series = await get('/time_series?symbol=AAPL&interval=1min&outputsize=50&order=asc&apikey=key');
  expect(rows(series['values']).map(({ close }) => Number(close))).toEqual(minutes.map(({ c }) => c));
});
