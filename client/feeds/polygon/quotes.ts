import type { Market, Quote } from '../../../market/event.ts';
import { floorTo, milli } from '../../../market/nanos.ts';
import { unknownOfQuote } from '../../../market/unknown.ts';
import { type Fields, Unreadable } from '../feed.ts';
import { exchangeOf, quoteConditionOf, tapeOf } from './codes.ts';
import { toSymbol } from './tickers.ts';
import { timeOfRow } from './trades.ts';
import { ids, maybeId, maybeMillis, maybeNanos, millis, ticker } from './values.ts';

const none = { conditions: [], indicators: [], tape: undefined, sequence: undefined, participantAt: undefined };

/** `Q` of stocks, options and futures (sheet §5); `lot`: shares that one of a size counts. */
export function streamedQuote(fields: Fields, market: Market, lot: number): Quote {
  return {
    kind: 'quote',
    market,
    symbol: toSymbol(market, ticker(fields, 'sym')),
    at: millis(fields, 't'),
    ...sides(fields, { bid: ['bp', 'bs'], ask: ['ap', 'as'] }, lot),
    bidExchange: exchangeOf(market, maybeId(fields, 'bx')),
    askExchange: exchangeOf(market, maybeId(fields, 'ax')),
    conditions: ids(fields, 'c').map((id) => quoteConditionOf(market, id)),
    indicators: ids(fields, 'i'),
    tape: tapeOf(maybeId(fields, 'z')),
    sequence: maybeId(fields, 'q'),
    participantAt: maybeMillis(fields, 'pt'),
    ...unknownOfQuote,
    bidAt: maybeMillis(fields, 'bt'),
    askAt: maybeMillis(fields, 'at'),
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
    ...sides(fields, { bid: ['b', ''], ask: ['a', ''] }, 1),
    bidExchange: exchange,
    askExchange: exchange,
    ...none,
    ...unknownOfQuote,
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
    ...sides(fields, { bid: ['bp', 'bs'], ask: ['ap', 'as'] }, 1),
    bidExchange: exchange,
    askExchange: exchange,
    ...none,
    ...unknownOfQuote,
    receivedAt: maybeMillis(fields, 'r'),
  };
}

/**
 * A row of /v3/quotes or /futures/v1/quotes. What the stream does not tell of a quote without a sequence of its own, forex and futures, is
 * left out or cut to milliseconds: their identity is all that they say.
 */
export function rememberedQuote(row: Fields, market: Market, symbol: string, lot: number): Quote {
  const sequenced = market === 'stocks' || market === 'options';
  const ofSide = (name: string) => {
    const at = maybeNanos(row, name);
    return at === undefined ? undefined : floorTo(at, milli);
  };
  return {
    kind: 'quote',
    market,
    symbol,
    at: timeOfRow(row, market),
    ...sides(row, { bid: ['bid_price', 'bid_size'], ask: ['ask_price', 'ask_size'] }, lot),
    bidExchange: exchangeOf(market, maybeId(row, 'bid_exchange')),
    askExchange: exchangeOf(market, maybeId(row, 'ask_exchange')),
    conditions: ids(row, 'conditions').map((id) => quoteConditionOf(market, id)),
    indicators: ids(row, 'indicators'),
    tape: tapeOf(maybeId(row, 'tape')),
    sequence: sequenced ? maybeId(row, 'sequence_number') : undefined,
    participantAt: sequenced ? maybeNanos(row, 'participant_timestamp') : undefined,
    ...unknownOfQuote,
    trfAt: sequenced ? maybeNanos(row, 'trf_timestamp') || undefined : undefined,
    bidAt: ofSide('bid_timestamp'),
    askAt: ofSide('ask_timestamp'),
  };
}

type Names = Readonly<Record<'bid' | 'ask', readonly [price: string, size: string]>>;

/** The vendor leaves an empty side out; a quote without any side says nothing. */
function sides(fields: Fields, { bid, ask }: Names, lot: number) {
  const bidPrice = fields.maybeNumber(bid[0]);
  const askPrice = fields.maybeNumber(ask[0]);
  if (bidPrice === undefined && askPrice === undefined) throw new Unreadable(`${bid[0]} and ${ask[0]} are missing`);
  return {
    bidPrice: bidPrice ?? 0,
    bidSize: (fields.maybeNumber(bid[1]) ?? 0) * lot,
    askPrice: askPrice ?? 0,
    askSize: (fields.maybeNumber(ask[1]) ?? 0) * lot,
  };
}
