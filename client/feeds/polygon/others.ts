import type { Book, FairValue, Imbalance, Level, Luld, Market, Price, Value } from '../../../market/event.ts';
import { unknownOfPrice } from '../../../market/unknown.ts';
import type { Fields } from '../feed.ts';
import { exchangeOf, tapeOf } from './codes.ts';
import { toSymbol } from './tickers.ts';
import { ids, maybeId, maybeMillis, millis, nanosOrMillis, wrong, ticker } from './values.ts';

/** `LULD`, with the ticker in `T` and nanoseconds on the wire, though the document says milliseconds (sheet §5). */
export function streamedLuld(fields: Fields, market: Market): Luld {
  return {
    kind: 'luld',
    market,
    symbol: toSymbol(market, ticker(fields, 'T')),
    at: nanosOrMillis(fields, 't'),
    up: fields.number('h'),
    down: fields.number('l'),
    indicator: '',
    tape: tapeOf(maybeId(fields, 'z')),
    indicators: fields.get('i') === undefined ? undefined : ids(fields, 'i'),
    sequence: maybeId(fields, 'q'),
  };
}

/** `NOI`: `at` is hours and minutes in New York, 930; `i` counts within the symbol (sheet §5). */
export function streamedImbalance(fields: Fields, market: Market): Imbalance {
  return {
    kind: 'imbalance',
    market,
    symbol: toSymbol(market, ticker(fields, 'T')),
    at: nanosOrMillis(fields, 't'),
    price: fields.number('b'),
    pairedShares: fields.maybeNumber('p'),
    imbalanceShares: fields.maybeNumber('o'),
    side: undefined,
    auction: fields.maybeText('a'),
    tape: undefined,
    auctionTime: auctionTime(fields),
    exchange: exchangeOf(market, maybeId(fields, 'x')),
    sequence: maybeId(fields, 'i'),
  };
}

function auctionTime(fields: Fields): string | undefined {
  const time = maybeId(fields, 'at');
  if (time === undefined) return undefined;
  const digits = String(time).padStart(4, '0');
  return /^(?:[01]\d|2[0-3])[0-5]\d$/.test(digits)
    ? `${digits.slice(0, 2)}:${digits.slice(2)}`
    : wrong('at', 'a time of day');
}

/** `FMV`, whose times the vendor's samples show in both units (sheet §5). */
export function streamedFairValue(fields: Fields, market: Market): FairValue {
  const symbol = toSymbol(market, ticker(fields, 'sym'));
  return { kind: 'fair-value', market, symbol, at: nanosOrMillis(fields, 't'), value: fields.number('fmv') };
}

/** `V`, the level of an index (sheet §5). */
export function streamedValue(fields: Fields, market: Market): Value {
  const symbol = toSymbol(market, ticker(fields, 'T'));
  return { kind: 'value', market, symbol, at: millis(fields, 't'), value: fields.number('val') };
}

/** `LV`, Launchpad's last price (sheet §5). */
export function streamedPrice(fields: Fields, market: Market): Price {
  return {
    kind: 'price',
    market,
    symbol: toSymbol(market, ticker(fields, 'sym')),
    at: nanosOrMillis(fields, 't'),
    price: fields.number('val'),
    bidPrice: undefined,
    askPrice: undefined,
    dayVolume: undefined,
    ...unknownOfPrice,
  };
}

/** `XL2`: a whole book, of a hundred levels a side at most (sheet §5). */
export function streamedBook(fields: Fields, market: Market): Book {
  return {
    kind: 'book',
    market,
    symbol: toSymbol(market, ticker(fields, 'pair')),
    at: millis(fields, 't'),
    bids: levels(fields, 'b'),
    asks: levels(fields, 'a'),
    reset: true,
    exchange: exchangeOf(market, maybeId(fields, 'x')),
    receivedAt: maybeMillis(fields, 'r'),
  };
}

function levels(fields: Fields, name: string): readonly Level[] {
  return fields.list(name).map((level) => {
    const [price, size] = Array.isArray(level) ? level : [];
    if (typeof price !== 'number' || typeof size !== 'number') return wrong(name, 'a list of prices and sizes');
    return { price, size };
  });
}
