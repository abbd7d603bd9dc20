import type { Bar, MarketEvent, Quote, Trade } from '../../../market/event.ts';

/** What has no columns in `websocket_data` and is kept whole in `detail`. */
export type DetailedEvent = Exclude<MarketEvent, Trade | Quote>;

/** All that such an event says beyond kind, market, symbol and time, as JSON; times are text, for their digits. */
export function detailOf(event: DetailedEvent): string {
  const { kind: _kind, market: _market, symbol: _symbol, at: _at, ...said } = event;
  return spelled(said);
}

/** What a trade says that has no column, as the JSON of `detail`; `undefined`, as for most, when it is nothing. */
export function tradeDetail({ receivedAt, correction, reportSequence, session }: Trade): string | undefined {
  if ((receivedAt ?? correction ?? reportSequence ?? session) === undefined) return undefined;
  return spelled({ receivedAt, correction, reportSequence, session });
}

/** The same of a quote. */
export function quoteDetail(quote: Quote): string | undefined {
  const { trfAt, bidAt, askAt, receivedAt, reportSequence, session } = quote;
  if ((trfAt ?? bidAt ?? askAt ?? receivedAt ?? reportSequence ?? session) === undefined) return undefined;
  return spelled({ trfAt, bidAt, askAt, receivedAt, reportSequence, session });
}

/** The same of a bar in `market_data`. */
export function barDetail({ dayVolume, dayOpen, dayVwap, averageSize, turnover, otc }: Bar): string | undefined {
  if ((dayVolume ?? dayOpen ?? dayVwap ?? averageSize ?? turnover ?? otc) === undefined) return undefined;
  return spelled({ dayVolume, dayOpen, dayVwap, averageSize, turnover, otc });
}

function spelled(said: object): string {
  return JSON.stringify(said, (field, value: unknown) => {
    if (typeof value === 'bigint') return String(value);
    if (typeof value === 'number' && !Number.isFinite(value)) {
      throw new RangeError(`${field} is ${value}, which JSON cannot hold`);
    }
    return value;
  });
}
