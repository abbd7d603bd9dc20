import type { Market, Nanos, Trade } from '../../../market/event.ts';
import { floorTo, milli } from '../../../market/nanos.ts';
import { unknownOfTrade } from '../../../market/unknown.ts';
import type { Fields } from '../feed.ts';
import { exchangeOf, takerOf, tapeOf, tradeConditionOf } from './codes.ts';
import { toSymbol } from './tickers.ts';
import { amount, ids, maybeId, maybeMillis, maybeNanos, millis, nanos, ticker } from './values.ts';

/** `T` of stocks, options and futures (sheet §5): times in milliseconds, `ds` the size with its fraction. */
export function streamedTrade(fields: Fields, market: Market): Trade {
  const sequence = maybeId(fields, 'q');
  return {
    ...codes(fields, market, { exchange: 'x', conditions: 'c', tape: 'z' }),
    kind: 'trade',
    market,
    symbol: toSymbol(market, ticker(fields, 'sym')),
    at: millis(fields, 't'),
    id: fields.maybeId('i') ?? '',
    price: fields.number('p'),
    size: amount(fields, 's', 'ds'),
    sequence,
    participantAt: maybeMillis(fields, 'pt'),
    trfId: maybeId(fields, 'trfi'),
    trfAt: maybeMillis(fields, 'trft'),
    taker: undefined,
    ...unknownOfTrade,
  };
}

/** `XT` (sheet §5): `c` tells who took liquidity, `r` when the vendor received it. */
export function streamedCoinTrade(fields: Fields, market: Market): Trade {
  return {
    ...coinTrade(fields, market, 'x', 'c'),
    symbol: toSymbol(market, ticker(fields, 'pair')),
    at: millis(fields, 't'),
    id: fields.maybeId('i') ?? '',
    price: fields.number('p'),
    size: fields.number('s'),
    receivedAt: maybeMillis(fields, 'r'),
  };
}

/**
 * A row of /v3/trades or /futures/v1/trades. Its nanoseconds are cut to the milliseconds that the stream has, and ids are left out where
 * the stream tells none: so the same trade has the same identity, whoever told it.
 */
export function rememberedTrade(row: Fields, market: Market, symbol: string): Trade {
  const trade: Trade = {
    ...(market === 'crypto'
      ? coinTrade(row, market, 'exchange', 'conditions')
      : { ...codes(row, market, { exchange: 'exchange', conditions: 'conditions', tape: 'tape' }), ...marketTrade }),
    market,
    symbol,
    at: timeOfRow(row, market),
    id: (market === 'stocks' || market === 'crypto' ? row.maybeId('id') : undefined) ?? '',
    price: row.number('price'),
    size: amount(row, 'size', 'decimal_size'),
    sequence: market === 'crypto' ? undefined : maybeId(row, 'sequence_number'),
    correction: maybeId(row, 'correction'),
    reportSequence: maybeId(row, 'report_sequence'),
    session: row.maybeText('session_end_date'),
  };
  if (market === 'crypto') return { ...trade, receivedAt: maybeNanos(row, 'received_timestamp') };
  // A facility that is 0 is none: CSV and HTTP rows of trades on exchanges have it.
  const trfAt = maybeNanos(row, 'trf_timestamp');
  return {
    ...trade,
    participantAt: maybeNanos(row, 'participant_timestamp'),
    trfId: maybeId(row, 'trf_id') || undefined,
    trfAt: trfAt === 0n ? undefined : trfAt,
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

const marketTrade = {
  kind: 'trade',
  participantAt: undefined,
  trfId: undefined,
  trfAt: undefined,
  taker: undefined,
  ...unknownOfTrade,
} as const;

function coinTrade(fields: Fields, market: Market, exchange: string, conditions: string) {
  return {
    ...marketTrade,
    market,
    exchange: exchangeOf(market, maybeId(fields, exchange)),
    conditions: [],
    tape: undefined,
    sequence: undefined,
    taker: takerOf(ids(fields, conditions)),
  };
}

function codes(fields: Fields, market: Market, names: Readonly<Record<'exchange' | 'conditions' | 'tape', string>>) {
  const tape = tapeOf(maybeId(fields, names.tape));
  return {
    exchange: exchangeOf(market, maybeId(fields, names.exchange)),
    conditions: ids(fields, names.conditions).map((id) => tradeConditionOf(market, id, tape)),
    tape,
  };
}
