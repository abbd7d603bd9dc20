import type { Market, Nanos, TapeLetter, Trade } from '../../../market/event.ts';
import { floorTo, milli } from '../../../market/nanos.ts';
import type { Fields } from '../feed.ts';
import { exchangeOf, takerOf, tapeOf, tradeConditionOf } from './codes.ts';
import { toSymbol } from './tickers.ts';
import { amount, ids, maybeId, maybeMillis, maybeNanos, millis, nanos, ticker } from './values.ts';

// Events are spelled out field by field, all in one order: what is made with spreads costs ten times as much to make, and to read.

/** `T` of stocks, options and futures (sheet §5): times in milliseconds, `ds` the size with its fraction. */
export function streamedTrade(fields: Fields, market: Market): Trade {
  const tape = tapeOf(maybeId(fields, 'z'));
  return {
    kind: 'trade',
    market,
    symbol: toSymbol(market, ticker(fields, 'sym')),
    at: millis(fields, 't'),
    id: fields.maybeId('i') ?? '',
    price: fields.number('p'),
    size: amount(fields, 's', 'ds'),
    exchange: exchangeOf(market, maybeId(fields, 'x')),
    conditions: conditionsOf(fields, 'c', market, tape),
    tape,
    sequence: maybeId(fields, 'q'),
    participantAt: maybeMillis(fields, 'pt'),
    trfId: maybeId(fields, 'trfi'),
    trfAt: maybeMillis(fields, 'trft'),
    taker: undefined,
    receivedAt: undefined,
    correction: undefined,
    reportSequence: undefined,
    session: undefined,
  };
}

/** `XT` (sheet §5): `c` tells who took liquidity, `r` when the vendor received it. */
export function streamedCoinTrade(fields: Fields, market: Market): Trade {
  return {
    kind: 'trade',
    market,
    symbol: toSymbol(market, ticker(fields, 'pair')),
    at: millis(fields, 't'),
    id: fields.maybeId('i') ?? '',
    price: fields.number('p'),
    size: fields.number('s'),
    exchange: exchangeOf(market, maybeId(fields, 'x')),
    conditions: [],
    tape: undefined,
    sequence: undefined,
    participantAt: undefined,
    trfId: undefined,
    trfAt: undefined,
    taker: takerOf(ids(fields, 'c')),
    receivedAt: maybeMillis(fields, 'r'),
    correction: undefined,
    reportSequence: undefined,
    session: undefined,
  };
}

/**
 * A row of /v3/trades or /futures/v1/trades. Its nanoseconds are cut to the milliseconds that the stream has, and ids are left out where
 * the stream tells none: so the same trade has the same identity, whoever told it.
 */
export function rememberedTrade(row: Fields, market: Market, symbol: string): Trade {
  const isCoin = market === 'crypto';
  const tape = isCoin ? undefined : tapeOf(maybeId(row, 'tape'));
  const trfAt = isCoin ? undefined : maybeNanos(row, 'trf_timestamp');
  return {
    kind: 'trade',
    market,
    symbol,
    at: timeOfRow(row, market),
    id: (market === 'stocks' || isCoin ? row.maybeId('id') : undefined) ?? '',
    price: row.number('price'),
    size: amount(row, 'size', 'decimal_size'),
    exchange: exchangeOf(market, maybeId(row, 'exchange')),
    conditions: isCoin ? [] : conditionsOf(row, 'conditions', market, tape),
    tape,
    sequence: isCoin ? undefined : maybeId(row, 'sequence_number'),
    participantAt: isCoin ? undefined : maybeNanos(row, 'participant_timestamp'),
    // A facility that is 0 is none: CSV and HTTP rows of trades on exchanges have it.
    trfId: (isCoin ? undefined : maybeId(row, 'trf_id')) || undefined,
    trfAt: trfAt === 0n ? undefined : trfAt,
    taker: isCoin ? takerOf(ids(row, 'conditions')) : undefined,
    receivedAt: isCoin ? maybeNanos(row, 'received_timestamp') : undefined,
    correction: maybeId(row, 'correction'),
    reportSequence: maybeId(row, 'report_sequence'),
    session: row.maybeText('session_end_date'),
  };
}

/** When a row of history happened, as the stream tells it: SIP time where there is a SIP, else that of the exchange (sheet §6). */
export function timeOfRow(row: Fields, market: Market): Nanos {
  const name =
    market === 'futures'
      ? 'timestamp'
      : market === 'stocks' || market === 'options'
        ? 'sip_timestamp'
        : 'participant_timestamp';
  return floorTo(nanos(row, name), milli);
}

function conditionsOf(fields: Fields, name: string, market: Market, tape: TapeLetter | undefined): readonly string[] {
  return ids(fields, name).map((id) => tradeConditionOf(market, id, tape));
}
