import type { Nanos, Trade } from '../market/event.ts';
import { milli, second } from '../market/nanos.ts';
import { symbols, wireTrade } from './tape.ts';

/** Whose clients listen. */
export type Vendor = 'alpaca' | 'polygon' | 'twelvedata';

/** What a naive server holds of one event: an object ready for JSON.stringify. */
export interface Spelt {
  readonly symbol: string;
  readonly at: Nanos;
  readonly word: object;
}

/** How a vendor's clients and servers talk, spelt from the vendor's documents and not by our exchanges. */
export interface Dialect {
  /** Of the upgrade, with the key where it is shown there. */
  readonly path: string;
  /** What a client says first. */
  readonly talk: (to: readonly string[]) => readonly string[];
  /** The symbols that a client's message subscribes to; all the bench's where it asks for all, `undefined` when it is another message. */
  readonly asked: (message: unknown) => readonly string[] | undefined;
  /** What clients hear of the tape's trades, in order. */
  readonly spell: (trades: readonly Trade[]) => readonly Spelt[];
  /** True where a frame is one object and not an array. */
  readonly single: boolean;
  /** How a frame of data begins, unlike any reply. */
  readonly begins: string;
  /** What stands before an event's id; a vendor without ids sends one event a frame. */
  readonly id: string | undefined;
}

const alpaca: Dialect = {
  path: '/v2/sip',
  talk: (to) => [
    JSON.stringify({ action: 'auth', key: 'bench', secret: 'bench' }),
    JSON.stringify({ action: 'subscribe', trades: to }),
  ],
  asked: (message) => texts(member(message, 'trades')),
  spell: (trades) => trades.map((trade) => ({ symbol: trade.symbol, at: trade.at, word: wireTrade(trade) })),
  single: false,
  begins: '[{"T":"t"',
  id: '"i":',
};

/** Polygon's ids of the exchange, the tape and the conditions of the bench's trades: IEX, Nasdaq-listed, odd lot and intermarket sweep. */
const polygonIds = { V: 15, C: 3, I: 37, F: 14 } as const;

const polygon: Dialect = {
  path: '/stocks',
  talk: (to) => [
    JSON.stringify({ action: 'auth', params: 'bench' }),
    JSON.stringify({
      action: 'subscribe',
      params: to.length === symbols.length ? 'T.*' : to.map((symbol) => `T.${symbol}`).join(),
    }),
  ],
  asked: (message) => {
    const params = member(message, 'params');
    if (member(message, 'action') !== 'subscribe' || typeof params !== 'string') return undefined;
    return params === 'T.*' ? symbols : params.split(',').map((param) => param.slice(2));
  },
  spell: (trades) =>
    trades.map(({ symbol, at, id, price, size, conditions }) => ({
      symbol,
      at,
      word: {
        ev: 'T',
        sym: symbol,
        x: polygonIds.V,
        i: id,
        z: polygonIds.C,
        p: price,
        s: size,
        ds: `${size}.0`,
        // A regular sale is no condition there.
        c: [conditions.includes('I') ? polygonIds.I : polygonIds.F],
        t: Number(at / milli),
      },
    })),
  single: false,
  begins: '[{"ev":"T"',
  id: '"i":"',
};

/** Where the bench's symbols are listed: all but this one on Nasdaq's Global Select Market. */
const ofNewYork = 'ORCL';

const twelvedata: Dialect = {
  path: '/v1/quotes/price?apikey=bench',
  talk: (to) => [JSON.stringify({ action: 'subscribe', params: { symbols: to.join() } })],
  asked: (message) => {
    const named = member(member(message, 'params'), 'symbols');
    return typeof named === 'string' ? named.split(',') : undefined;
  },
  spell: (trades) => {
    const volumes = new Map<string, number>();
    return trades.flatMap(({ symbol, at, price, size, conditions }): Spelt[] => {
      const volume = (volumes.get(symbol) ?? 0) + size;
      volumes.set(symbol, volume);
      // An odd lot counts as volume and sets no last price.
      if (conditions.includes('I')) return [];
      const [exchange, code] = symbol === ofNewYork ? ['NYSE', 'XNYS'] : ['NASDAQ', 'XNGS'];
      const listing = { event: 'price', symbol, currency: 'USD', exchange, mic_code: code, type: 'Common Stock' };
      return [{ symbol, at, word: { ...listing, timestamp: Number(at / second), price, day_volume: volume } }];
    });
  },
  single: true,
  begins: '{"event":"price"',
  id: undefined,
};

export const dialects: Readonly<Record<Vendor, Dialect>> = { alpaca, polygon, twelvedata };

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? new Map<string, unknown>(Object.entries(value)).get(name)
    : undefined;
}

function texts(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) ? value.map(String) : undefined;
}
