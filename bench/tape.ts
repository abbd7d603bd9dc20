import type { MarketEvent, Nanos, Trade } from '../market/event.ts';
import { unknownOfTrade } from '../market/unknown.ts';
import { pageSize, type Page, type Source } from '../server/sources/source.ts';

/** The ten symbols of the bench's tape. */
export const symbols = ['AAPL', 'MSFT', 'NVDA', 'AMZN', 'TSLA', 'META', 'GOOG', 'NFLX', 'INTC', 'ORCL'] as const;
/** Wednesday 2026-07-01, 9:30:00 in New York. */
export const opening: Nanos = 1_782_912_600_000_000_000n;
/** Market time between two trades: 10,000 a second, as in a busy opening. */
export const gap: Nanos = 100_000n;
/** The id of the first trade; the others count up, so that a receiver knows each by its id. */
export const firstId = 52_983_525_000_000;

const made = new Map<number, readonly Trade[]>();

/** The same trades every time, made once per process: about 126 bytes each as Alpaca spells them. */
export function tradesOf(count: number): readonly Trade[] {
  const trades = made.get(count) ?? makeTrades(count);
  made.set(count, trades);
  return trades;
}

function makeTrades(count: number): readonly Trade[] {
  let seed = 20260701;
  const chance = (below: number): number => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  return Array.from({ length: count }, (_, index) => ({
    kind: 'trade',
    market: 'stocks',
    symbol: symbols[chance(symbols.length)] ?? 'AAPL',
    // The last digit is never 0, so that all times are equally long.
    at: opening + BigInt(index) * gap + BigInt(chance(9999) * 10 + 1),
    id: String(firstId + index),
    price: (10_000 + chance(80_000)) / 100,
    size: 1 + chance(500),
    exchange: 'V',
    conditions: chance(2) === 0 ? ['@', 'I'] : ['@', 'F'],
    tape: 'C',
    sequence: undefined,
    participantAt: undefined,
    trfId: undefined,
    trfAt: undefined,
    taker: undefined,
    ...unknownOfTrade,
  }));
}

/** A trade as a naive server holds it, ready for JSON.stringify. Spelled from the vendor's documents, not by our encoder. */
export interface WireTrade {
  readonly T: 't';
  readonly S: string;
  readonly i: number;
  readonly x: string;
  readonly p: number;
  readonly s: number;
  readonly c: readonly string[];
  readonly z: string;
  readonly t: string;
}

export function wireTrade(trade: Trade): WireTrade {
  const second = new Date(Number(trade.at / 1_000_000n)).toISOString().slice(0, 19);
  return {
    T: 't',
    S: trade.symbol,
    i: Number(trade.id),
    x: trade.exchange ?? '',
    p: trade.price,
    s: trade.size,
    c: trade.conditions,
    z: trade.tape ?? '',
    t: `${second}.${String(trade.at % 1_000_000_000n).padStart(9, '0')}Z`,
  };
}

export function pagesOf(events: readonly MarketEvent[], size: number = pageSize): Page[] {
  return Array.from({ length: Math.ceil(events.length / size) }, (_, page) =>
    events.slice(page * size, (page + 1) * size),
  );
}

/** A tape that costs nothing to read. */
export function memoryTape(trades: readonly Trade[]): Source {
  const pages = pagesOf(trades);
  const held = symbols.map((symbol) => trades.filter((trade) => trade.symbol === symbol));
  return {
    name: 'memory',
    survey: async () => ({
      holdings: held.flatMap((ofOne) => {
        const [first, last] = [ofOne[0], ofOne.at(-1)];
        if (first === undefined || last === undefined) return [];
        const { symbol } = first;
        return [{ symbol, market: 'stocks', channel: 'trade', events: ofOne.length, from: first.at, to: last.at }];
      }),
    }),
    async *pages(_selection, signal) {
      for (const page of pages) {
        if (signal.aborted) return;
        yield page;
      }
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
}
