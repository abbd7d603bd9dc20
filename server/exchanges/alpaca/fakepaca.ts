import { minute } from '../../../market/nanos.ts';
import type { Bar, Nanos, Quote, Trade } from '../../../market/event.ts';
import { unknownOfBar, unknownOfQuote, unknownOfTrade } from '../../../market/unknown.ts';
import type { Page, Selection, Source } from '../exchange.ts';

const symbol = 'FAKEPACA';
const second = 1_000_000_000n;
/** The documented example prints a quote about every 5 s (sheet §5.1). */
const quotesPerMinute = 12;
const tradesPerMinute = 8;
/** A minute's bar follows so long after the minute: the middle of the measured 0.25 to 0.55 s. */
const barDelay = 400_000_000n;
const lastInstant = 2n ** 63n - 1n;

/**
 * The tape of `/v2/test`: one made-up stock that trades at every hour, for ever. Every minute is computed from its number alone, so
 * any two readers hear the same, whenever they begin.
 */
export function fakepaca(): Source {
  const common = { symbol, market: 'stocks', events: Number.POSITIVE_INFINITY, from: 0n, to: lastInstant } as const;
  return {
    name: 'house tape FAKEPACA',
    survey: async () => ({ holdings: (['trade', 'quote', 'bar'] as const).map((channel) => ({ ...common, channel })) }),
    pages,
    [Symbol.asyncDispose]: async () => undefined,
  };
}

async function* pages(selection: Selection, signal: AbortSignal): AsyncGenerator<Page> {
  const { from = 0n, to = lastInstant, symbols, channels } = selection;
  const wanted = new Set<string>(
    (['trade', 'quote', 'bar'] as const).filter((kind) => channels?.includes(kind) ?? true),
  );
  if (wanted.size === 0 || symbols?.includes(symbol) === false) return;
  for (let number = from / minute; number * minute < to && !signal.aborted; number++) {
    const page = minuteOf(number).filter(({ at, kind }) => at >= from && at < to && wanted.has(kind));
    if (page.length > 0) yield page;
  }
}

/** All of one minute: its quotes and trades, and the bar of the minute before. */
function minuteOf(number: bigint): (Quote | Trade | Bar)[] {
  const events = [...quotesOf(number), ...tradesOf(number), barOf(number - 1n)];
  return events.sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0));
}

function quotesOf(number: bigint): Quote[] {
  return Array.from({ length: quotesPerMinute }, (_, index) => {
    const at = number * minute + BigInt(index) * 5n * second + BigInt(Math.floor(chance(number, index, 1) * 900e6));
    const middle = priceAt(at);
    return {
      kind: 'quote',
      market: 'stocks',
      symbol,
      at,
      bidPrice: cents(middle - 0.01 - chance(number, index, 2) * 0.9),
      bidSize: 100 * (1 + Math.floor(chance(number, index, 3) * 9)),
      bidExchange: 'O',
      askPrice: cents(middle + 0.01 + chance(number, index, 4) * 0.9),
      askSize: 100 * (1 + Math.floor(chance(number, index, 5) * 9)),
      askExchange: 'R',
      conditions: ['R'],
      indicators: [],
      tape: 'A',
      sequence: undefined,
      participantAt: undefined,
      ...unknownOfQuote,
    };
  });
}

function tradesOf(number: bigint): Trade[] {
  return Array.from({ length: tradesPerMinute }, (_, index) => {
    const at = number * minute + BigInt(Math.floor(((index + chance(number, index, 6)) * 60e9) / tradesPerMinute));
    return {
      kind: 'trade',
      market: 'stocks',
      symbol,
      at,
      id: String(number * BigInt(tradesPerMinute) + BigInt(index) + 1n),
      price: cents(priceAt(at) + (chance(number, index, 7) - 0.5) * 0.4),
      size: 100 * (1 + Math.floor(chance(number, index, 8) * 5)),
      exchange: 'N',
      conditions: [' '],
      tape: 'A',
      sequence: undefined,
      participantAt: undefined,
      trfId: undefined,
      trfAt: undefined,
      taker: undefined,
      ...unknownOfTrade,
    };
  });
}

/** The bar that its minute's trades make. */
function barOf(number: bigint): Bar {
  const trades = tradesOf(number);
  const prices = trades.map(({ price }) => price);
  const volume = trades.reduce((sum, { size }) => sum + size, 0);
  const start = number * minute;
  return {
    kind: 'bar',
    market: 'stocks',
    symbol,
    at: start + minute + barDelay,
    start,
    open: prices[0] ?? 0,
    high: Math.max(...prices),
    low: Math.min(...prices),
    close: prices.at(-1) ?? 0,
    volume,
    trades: trades.length,
    vwap: Math.round((trades.reduce((sum, { price, size }) => sum + price * size, 0) / volume) * 1e6) / 1e6,
    ...unknownOfBar,
  };
}

/** A price that wanders between 120 and 150, by the hour and by the day. */
function priceAt(at: Nanos): number {
  const hours = Number(at / 1_000_000n) / 3.6e6;
  return 135 + 9 * Math.sin(hours / 7) + 4 * Math.sin(hours * 1.7) + 1.5 * Math.sin(hours * 11);
}

const cents = (price: number): number => Math.round(price * 100) / 100;

/** A number from 0 to 1 that looks random and depends on its arguments alone. */
function chance(number: bigint, index: number, use: number): number {
  let mixed = Math.imul(Number(number & 0xffffffffn) ^ (index * 0x9e3779b1), 0x85ebca6b) ^ (use * 0xc2b2ae35);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
  mixed = Math.imul(mixed ^ (mixed >>> 12), 0x297a2d39);
  return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
}
