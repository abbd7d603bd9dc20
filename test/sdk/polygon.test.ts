import { websocketClient as massive } from '@massive.com/client-js';
import { websocketClient as polygon } from '@polygon.io/client-js';
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { minute, second } from '../../market/nanos.ts';
import { SystemClock } from '../../market/clock.ts';
import type { MarketEvent } from '../../market/event.ts';
import type { Papertape } from '../../server/index.ts';
import type { ScenarioInput } from '../../server/scenario/schema.ts';
import { bar, book, opening, quote, trade } from '../helpers/events.ts';
import { serve as serveEvents } from '../helpers/serve.ts';

/** What the tests need of either SDK: the socket of a cluster, which logs in by itself as soon as it is open. */
interface Clusters {
  stocks(): Socket;
  options(): Socket;
  indices(): Socket;
  forex(): Socket;
  crypto(): Socket;
}
interface Socket {
  addEventListener(type: 'message', take: (message: { readonly data: unknown }) => void): void;
  addEventListener(type: 'close', take: (event: { readonly code: number }) => void): void;
  send(text: string): void;
  close(): void;
}

const open: (() => void | PromiseLike<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

async function serve(events: readonly MarketEvent[], changes: Partial<ScenarioInput> = {}): Promise<Papertape> {
  const papertape = await serveEvents(events, { speed: 'max' }, changes, new SystemClock());
  open.push(() => papertape[Symbol.asyncDispose]());
  return papertape;
}

const elements = z.array(z.looseObject({ ev: z.string(), status: z.string().optional() }));
type Element = z.output<typeof elements>[number];

/** Subscribes once logged in, plays once every param is acknowledged, and resolves with the first `count` events. */
async function hear(papertape: Papertape, socket: Socket, params: string, count: number): Promise<readonly Element[]> {
  open.push(() => socket.close());
  const heard: Element[] = [];
  let acknowledged = 0;
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('close', ({ code }) =>
      reject(new Error(`closed with ${code} after ${heard.length} of ${count} events`)),
    );
    socket.addEventListener('message', ({ data }) => {
      for (const element of elements.parse(JSON.parse(String(data)))) {
        if (element.status === 'auth_success') socket.send(JSON.stringify({ action: 'subscribe', params }));
        else if (element.status === 'success') acknowledged++;
        else if (element.ev !== 'status') heard.push(element);
        if (element.status === 'success' && acknowledged === params.split(',').length) papertape.run.play();
      }
      if (heard.length >= count) resolve();
    });
  });
  return heard;
}

// 2026-07-01T14:30:00Z.
const t = 1_782_916_200_000;
const ended = opening + minute + second;
const minuteSpan = { s: t, e: t + 60_000 };
const secondSpan = { s: t, e: t + 1000 };
const prices = { o: 231.4, c: 231.47, h: 231.52, l: 231.31 };

describe.each<[string, (key: string, url: string) => Clusters]>([
  ['@massive.com/client-js 10.8.0', massive],
  ['@polygon.io/client-js 7.4.0', polygon],
])('%s, unmodified,', (_name, websocketClient) => {
  test('hears stock trades, quotes, bars, price bands, imbalances and fair values', async () => {
    const msft = { symbol: 'MSFT' };
    const day = { dayVolume: 31_734_210, dayOpen: 230.1, dayVwap: 230.9131, averageSize: 59.2 };
    const papertape = await serve([
      trade(opening, {
        id: '52983525159748',
        size: 120.5,
        exchange: 'D',
        conditions: ['@', 'T', 'I'],
        sequence: 4_471_190,
        trfId: 202,
        trfAt: opening - 16_000_000n,
      }),
      quote(opening + 1_999_999n, { bidExchange: 'P', indicators: [604], sequence: 7 }),
      {
        kind: 'luld',
        market: 'stocks',
        symbol: 'AAPL',
        at: opening + 2_003_385n,
        up: 243.05,
        down: 219.9,
        indicator: '',
        tape: 'C',
        indicators: [21],
        sequence: 290_317,
      },
      {
        kind: 'imbalance',
        market: 'stocks',
        symbol: 'AAPL',
        at: opening + 3_000_001n,
        price: 231.5,
        pairedShares: 44_000,
        imbalanceShares: 480,
        side: undefined,
        auction: 'C',
        tape: 'A',
        auctionTime: '16:00',
        exchange: 'N',
        sequence: 44,
      },
      { kind: 'fair-value', market: 'stocks', symbol: 'AAPL', at: opening + 4_000_000n, value: 231.469 },
      bar('second-bar', opening, opening + 3n * second, msft),
      bar('bar', opening, ended, { ...msft, ...day, volume: 40_110.25 }),
      bar('updated-bar', opening, ended + second, { ...msft, ...day, otc: true }),
    ]);
    const params = 'T.AAPL,Q.AAPL,LULD.AAPL,NOI.AAPL,FMV.*,A.MSFT,AM.MSFT';
    const heard = await hear(papertape, websocketClient('key', papertape.url).stocks(), params, 8);
    expect(heard).toEqual([
      { ev: 'T', sym: 'AAPL', x: 4, i: '52983525159748', z: 3, p: 231.47, s: 120, ds: '120.5', c: [12, 37], t, q: 4_471_190, trfi: 202, trft: t - 16 },
      { ev: 'Q', sym: 'AAPL', bx: 11, bp: 231.45, bs: 200, ax: 15, ap: 231.49, as: 100, c: 1, i: [604], t: t + 1, q: 7, z: 3 },
      // A JavaScript number is all the SDK makes of nanoseconds; the raw digits are tested elsewhere.
      { ev: 'LULD', T: 'AAPL', h: 243.05, l: 219.9, i: [21], z: 3, t: Number(opening + 2_003_385n), q: 290_317 },
      { ev: 'NOI', T: 'AAPL', t: Number(opening + 3_000_001n), at: 1600, a: 'C', i: 44, x: 10, o: 480, p: 44_000, b: 231.5 },
      { ev: 'FMV', fmv: 231.469, sym: 'AAPL', t: Number(opening + 4_000_000n) },
      { ev: 'A', sym: 'MSFT', v: 18_422, vw: 231.418733, ...prices, z: 59, ...secondSpan, dv: '18422.0' },
      { ev: 'AM', sym: 'MSFT', v: 40_110, av: 31_734_210, op: 230.1, vw: 231.418733, ...prices, a: 230.9131, z: 59, ...minuteSpan, dv: '40110.25', dav: '31734210.0' },
      { ev: 'AM', sym: 'MSFT', v: 18_422, av: 31_734_210, op: 230.1, vw: 231.418733, ...prices, a: 230.9131, z: 59, ...minuteSpan, otc: true, dv: '18422.0', dav: '31734210.0' },
    ]); // prettier-ignore
  });

  test('hears crypto trades, quotes, books and bars, with their fractions and ids as text', async () => {
    const pair = { market: 'crypto', symbol: 'BTC/USD' } as const;
    const other = { market: 'crypto', symbol: 'ETH/USD', averageSize: undefined } as const;
    const received = { receivedAt: opening + 16_000_000n, tape: undefined, conditions: [] } as const;
    const papertape = await serve([
      trade(opening, { ...pair, ...received, id: '14272084', price: 61233.4, size: 0.01616617, taker: 'buy', exchange: '1' }),
      quote(opening + 1_000_000n, { ...pair, ...received, bidSize: 0.48, askSize: 0.601, bidExchange: '1' }),
      book(opening + 2_000_000n, { exchange: '1', receivedAt: opening + 5_000_000n }),
      bar('second-bar', opening, opening + 3n * second, { ...other, volume: 9.6112, trades: 40 }),
      bar('bar', opening, ended, { ...other, volume: 9.6112, trades: 40 }),
      // Another market's trade under the same name is none of this cluster's.
      trade(ended + 1n, { market: 'forex', symbol: 'BTC/USD' }),
      trade(ended + second, { ...pair, ...received, id: 'a-2', taker: undefined, exchange: undefined, receivedAt: undefined }),
    ]); // prettier-ignore
    const params = 'XT.BTC-USD,XQ.BTC-USD,XL2.BTC-USD,XAS.ETH-USD,XA.ETH-USD';
    const heard = await hear(papertape, websocketClient('key', papertape.url).crypto(), params, 6);
    const range = { v: 9.6112, vw: 231.418733, z: 0, ...prices };
    expect(heard).toEqual([
      { ev: 'XT', pair: 'BTC-USD', p: 61233.4, t, s: 0.01616617, c: [2], i: '14272084', x: 1, r: t + 16 },
      { ev: 'XQ', pair: 'BTC-USD', bp: 231.45, bs: 0.48, ap: 231.49, as: 0.601, t: t + 1, x: 1, r: t + 16 },
      { ev: 'XL2', pair: 'BTC-USD', t: t + 2, r: t + 5, x: 1, b: [[64205.1, 0.8312]], a: [[64214.9, 1.66]] },
      { ev: 'XAS', pair: 'ETH-USD', ...range, ...secondSpan },
      { ev: 'XA', pair: 'ETH-USD', ...range, ...minuteSpan },
      { ev: 'XT', pair: 'BTC-USD', p: 231.47, t: t + 62_000, s: 100, c: [], i: 'a-2', x: 1, r: t + 62_000 },
    ]);
  });

  test('hears forex quotes under p and bars under pair, in either spelling of the pair', async () => {
    const [euro, peso] = [
      { market: 'forex', symbol: 'EUR/USD' },
      { market: 'forex', symbol: 'USD/COP' },
    ] as const;
    const papertape = await serve([
      quote(opening, { ...euro, bidPrice: 1.17029, askPrice: 1.17031, bidExchange: undefined, askExchange: undefined }),
      bar('second-bar', opening, opening + 3n * second, { ...peso, volume: 7 }),
      bar('bar', opening, ended, { ...peso, volume: 211 }),
    ]);
    const socket = websocketClient('key', papertape.url).forex();
    expect(await hear(papertape, socket, 'C.EUR-USD,CAS.USD/COP,CA.*', 4)).toEqual([
      { ev: 'C', p: 'EUR/USD', x: 48, a: 1.17031, b: 1.17029, t },
      { ev: 'CAS', pair: 'USD/COP', ...prices, v: 7, ...secondSpan },
      // Made of the quotes, as the tape has none; its volume counts them.
      { ev: 'CA', pair: 'EUR/USD', o: 1.1703, c: 1.1703, h: 1.1703, l: 1.1703, v: 1, ...minuteSpan },
      { ev: 'CA', pair: 'USD/COP', ...prices, v: 211, ...minuteSpan },
    ]);
  });

  test('hears option trades, quotes and bars', async () => {
    const contract = { market: 'options', symbol: 'SPY261218C00650000', tape: undefined } as const;
    const sequence = { sequence: 651_921_857 };
    const papertape = await serve([
      trade(opening, { ...contract, ...sequence, price: 11.54, size: 2, exchange: 'M', conditions: ['g'] }),
      quote(opening + 1_000_000n, { ...contract, ...sequence, bidExchange: '302', askExchange: 'N', bidSize: 17 }),
      bar('bar', opening, ended, { ...contract, symbol: 'SPY261218P00600000', volume: 2, trades: 1 }),
    ]);
    const params = 'T.O:SPY261218C00650000,Q.O:SPY261218C00650000,AM.O:SPY261218P00600000';
    const sym = 'O:SPY261218C00650000';
    expect(await hear(papertape, websocketClient('key', papertape.url).options(), params, 3)).toEqual([
      { ev: 'T', sym, x: 312, p: 11.54, s: 2, c: [233], t, q: 651_921_857 },
      { ev: 'Q', sym, bx: 302, ax: 313, bp: 231.45, ap: 231.49, bs: 17, as: 100, t: t + 1, q: 651_921_857 },
      { ev: 'AM', sym: 'O:SPY261218P00600000', v: 2, vw: 231.418733, ...prices, z: 2, ...minuteSpan },
    ]);
  });

  test('hears index values, and bars of them without volumes', async () => {
    const papertape = await serve([
      { kind: 'value', market: 'indices', symbol: 'SPX', at: opening, value: 6531.27 },
      bar('second-bar', opening, opening + 3n * second, { market: 'indices', symbol: 'NDX', volume: 0, trades: 0 }),
      bar('bar', opening, ended, { market: 'indices', symbol: 'NDX', volume: 0, trades: 0, dayOpen: 230.1 }),
    ]);
    const socket = websocketClient('key', papertape.url).indices();
    expect(await hear(papertape, socket, 'V.I:SPX,A.I:NDX,AM.I:NDX', 3)).toEqual([
      { ev: 'V', val: 6531.27, T: 'I:SPX', t },
      { ev: 'A', sym: 'I:NDX', ...prices, ...secondSpan },
      { ev: 'AM', sym: 'I:NDX', op: 230.1, ...prices, ...minuteSpan },
    ]);
  });

  test('hears fifty thousand trades, each once and in order', async () => {
    const count = 50_000;
    const events = Array.from({ length: count }, (_, index) =>
      trade(opening + BigInt(index) * 1_000_000n, { id: String(index), symbol: index % 2 === 0 ? 'AAPL' : 'BRK.B' }),
    );
    const papertape = await serve(events);
    const heard = await hear(papertape, websocketClient('key', papertape.url).stocks(), 'T.*', count);
    expect(heard.map(({ i }) => i)).toEqual(events.map(({ id }) => id));
    expect(heard.every(({ t: at }, index) => at === t + index)).toBe(true);
  });

  test('is turned away with a wrong key, without a Close frame', async () => {
    const papertape = await serve([trade(opening)], { keys: [{ key: 'another' }] });
    const socket = websocketClient('key', papertape.url).stocks();
    const statuses: (string | undefined)[] = [];
    const code = await new Promise<number>((resolve) => {
      socket.addEventListener('close', (event) => resolve(event.code));
      socket.addEventListener('message', ({ data }) => {
        statuses.push(...elements.parse(JSON.parse(String(data))).map(({ status }) => status));
      });
    });
    expect(statuses).toEqual(['connected', 'auth_failed']);
    expect(code).toBe(1006);
  });
});

test('@massive.com/client-js hears futures of one exchange', async () => {
  const contract = { market: 'futures', symbol: 'ESZ6', tape: undefined, conditions: [] } as const;
  const sides = { bidAt: opening - 5_000_000n, askAt: opening - 1_000_000n };
  const papertape = await serve([
    trade(opening, { ...contract, price: 6540.25, size: 3, sequence: 9_120_033 }),
    quote(opening + 1_000_000n, { ...contract, ...sides, bidSize: 41, askSize: 37 }),
    bar('bar', opening, ended, { market: 'futures', symbol: 'NQZ6', turnover: 5_309_883.5 }),
  ]);
  const socket: Socket = massive('key', papertape.url, 'cme').futures();
  expect(await hear(papertape, socket, 'T.ESZ6,Q.ESZ6,AM.NQZ6', 3)).toEqual([
    { ev: 'T', sym: 'ESZ6', p: 6540.25, s: 3, t, q: 9_120_033 },
    { ev: 'Q', sym: 'ESZ6', bp: 231.45, bs: 41, bt: t - 5, ap: 231.49, as: 37, at: t - 1, t: t + 1 },
    { ev: 'AM', sym: 'NQZ6', v: 18_422, dv: 5_309_883.5, ...prices, n: 311, ...minuteSpan },
  ]);
});
