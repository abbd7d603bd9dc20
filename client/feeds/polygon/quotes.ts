import type { Market, Nanos, Quote } from '../../../market/event.ts';
import { floorTo, milli } from '../../../market/nanos.ts';
import { type Fields, Unreadable } from '../feed.ts';
import { exchangeOf, quoteConditionOf, tapeOf } from './codes.ts';
import { toSymbol } from './tickers.ts';
import { timeOfRow } from './trades.ts';
import { ids, maybeId, maybeMillis, maybeNanos, millis, ticker } from './values.ts';

// Spelled out as trades are, and for the same reason.

/** `Q` of stocks, options and futures (sheet §5); `lot`: shares that one of a size counts. */
export function streamedQuote(fields: Fields, market: Market, lot: number): Quote {
  return {
    kind: 'quote',
    market,
    symbol: toSymbol(market, ticker(fields, 'sym')),
    at: millis(fields, 't'),
    bidPrice: sideOf(fields, 'bp', 'ap'),
    bidSize: sizeOf(fields, 'bs', lot),
    bidExchange: exchangeOf(market, maybeId(fields, 'bx')),
    askPrice: sideOf(fields, 'ap', 'bp'),
    askSize: sizeOf(fields, 'as', lot),
    askExchange: exchangeOf(market, maybeId(fields, 'ax')),
    conditions: ids(fields, 'c').map((id) => quoteConditionOf(market, id)),
    indicators: ids(fields, 'i'),
    tape: tapeOf(maybeId(fields, 'z')),
    sequence: maybeId(fields, 'q'),
    participantAt: maybeMillis(fields, 'pt'),
    trfAt: undefined,
    bidAt: maybeMillis(fields, 'bt'),
    askAt: maybeMillis(fields, 'at'),
    receivedAt: undefined,
    reportSequence: undefined,
    session: undefined,
  };
}

/** `C`, which has the pair in `p` and no sizes, and one exchange for both sides (sheet §5). */
export function streamedCurrencyQuote(fields: Fields, market: Market): Quote {
  const exchange = exchangeOf(market, maybeId(fields, 'x'));
  return {
    kind: 'quote',
    market,
    symbol: toSymbol(market, ticker(fields, 'p')),
    at: millis(fields, 't'),
    bidPrice: sideOf(fields, 'b', 'a'),
    bidSize: 0,
    bidExchange: exchange,
    askPrice: sideOf(fields, 'a', 'b'),
    askSize: 0,
    askExchange: exchange,
    conditions: [],
    indicators: [],
    tape: undefined,
    sequence: undefined,
    participantAt: undefined,
    trfAt: undefined,
    bidAt: undefined,
    askAt: undefined,
    receivedAt: undefined,
    reportSequence: undefined,
    session: undefined,
  };
}

/** `XQ` (sheet §5). */
export function streamedCoinQuote(fields: Fields, market: Market): Quote {
  const exchange = exchangeOf(market, maybeId(fields, 'x'));
  return {
    kind: 'quote',
    market,
    symbol: toSymbol(market, ticker(fields, 'pair')),
    at: millis(fields, 't'),
    bidPrice: sideOf(fields, 'bp', 'ap'),
    bidSize: sizeOf(fields, 'bs', 1),
    bidExchange: exchange,
    askPrice: sideOf(fields, 'ap', 'bp'),
    askSize: sizeOf(fields, 'as', 1),
    askExchange: exchange,
    conditions: [],
    indicators: [],
    tape: undefined,
    sequence: undefined,
    participantAt: undefined,
    trfAt: undefined,
    bidAt: undefined,
    askAt: undefined,
    receivedAt: maybeMillis(fields, 'r'),
    reportSequence: undefined,
    session: undefined,
  };
}

/**
 * A row of /v3/quotes or /futures/v1/quotes. What the stream does not tell of a quote without a sequence of its own, forex and futures, is
 * left out or cut to milliseconds: their identity is all that they say.
 */
export function rememberedQuote(row: Fields, market: Market, symbol: string, lot: number): Quote {
  const sequenced = market === 'stocks' || market === 'options';
  return {
    kind: 'quote',
    market,
    symbol,
    at: timeOfRow(row, market),
    bidPrice: sideOf(row, 'bid_price', 'ask_price'),
    bidSize: sizeOf(row, 'bid_size', lot),
    bidExchange: exchangeOf(market, maybeId(row, 'bid_exchange')),
    askPrice: sideOf(row, 'ask_price', 'bid_price'),
    askSize: sizeOf(row, 'ask_size', lot),
    askExchange: exchangeOf(market, maybeId(row, 'ask_exchange')),
    conditions: ids(row, 'conditions').map((id) => quoteConditionOf(market, id)),
    indicators: ids(row, 'indicators'),
    tape: tapeOf(maybeId(row, 'tape')),
    sequence: sequenced ? maybeId(row, 'sequence_number') : undefined,
    participantAt: sequenced ? maybeNanos(row, 'participant_timestamp') : undefined,
    trfAt: sequenced ? maybeNanos(row, 'trf_timestamp') || undefined : undefined,
    bidAt: cutToMillis(row, 'bid_timestamp'),
    askAt: cutToMillis(row, 'ask_timestamp'),
    receivedAt: undefined,
    reportSequence: undefined,
    session: undefined,
  };
}

/** The vendor leaves an empty side out; a quote without any side says nothing. */
function sideOf(fields: Fields, name: string, other: string): number {
  const price = fields.maybeNumber(name);
  if (price === undefined && fields.get(other) === undefined) throw new Unreadable(`${name} and ${other} are missing`);
  return price ?? 0;
}

const sizeOf = (fields: Fields, name: string, lot: number): number => (fields.maybeNumber(name) ?? 0) * lot;

function cutToMillis(row: Fields, name: string): Nanos | undefined {
  const at = maybeNanos(row, name);
  return at === undefined ? undefined : floorTo(at, milli);
}
