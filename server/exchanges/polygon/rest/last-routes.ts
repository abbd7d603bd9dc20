import type { MarketEvent, Nanos, Quote, Trade } from '../../../../market/event.ts';
import { milli } from '../../../../market/nanos.ts';
import { type Access, type Last, Latest, type RestRequest } from '../../exchange.ts';
import { exchangeId, tapeId } from '../codes.ts';
import type { PolygonOptions } from '../options.ts';
import { decimalsOf } from '../stock-json.ts';
import { type Json, notFound, plain, type Tell, type Told } from './answers.ts';
import type { Entitlement } from './entitlement.ts';
import { type Instrument, marketOf, pairOf, tickersOf } from './tickers.ts';
import { tellEvent } from './told.ts';
import { conditionsOf, decimalText, lotOf, quoteConditionsOf } from './ticks.ts';

type Options = Pick<PolygonOptions, 'decimalSizes' | 'quoteSizes'>;

/** The last trade and the best bid and ask of one ticker or pair (sheet §6). */
export function lastRoutes(entitlement: Entitlement, options: Options): readonly Told[] {
  const ofTicker = (channel: 'trade' | 'quote', results: (last: Last<MarketEvent>, ticker: string) => Json): Tell =>
    async function tell(request, access, id) {
      const ticker = request.params['ticker'] ?? '';
      const sight = entitlement.sight(marketOf(ticker), access);
      const refusal = entitlement.refusal(sight, channel, access, id);
      if (refusal !== undefined) return refusal;
      const last = await newest(tickersOf(access.history).get(ticker), channel, sight.lag, access, request);
      if (last === undefined) return notFound(id);
      return plain({ results: results(last, ticker), status: 'OK', request_id: id });
    };
  const ofPair = (market: 'crypto' | 'forex', channel: 'trade' | 'quote', separator: string): Tell =>
    async function tell(request, access, id) {
      const { from = '', to = '' } = request.params;
      const sight = entitlement.sight(market, access);
      const refusal = entitlement.refusal(sight, channel, access, id);
      if (refusal !== undefined) return refusal;
      const last = await newest(pairOf(market, from, to, access.history), channel, sight.lag, access, request);
      if (last === undefined) return notFound(id);
      const symbol = `${from.toUpperCase()}${separator}${to.toUpperCase()}`;
      return plain({ last: pairFields(last), request_id: id, status: 'success', symbol });
    };
  return [
    { path: '/v2/last/trade/:ticker', tell: ofTicker('trade', (last, ticker) => tradeFields(last, ticker, options)) },
    { path: '/v2/last/nbbo/:ticker', tell: ofTicker('quote', (last, ticker) => quoteFields(last, ticker, options)) },
    { path: '/v1/last/crypto/:from/:to', tell: ofPair('crypto', 'trade', '-') },
    { path: '/v1/last_quote/currencies/:from/:to', tell: ofPair('forex', 'quote', '/') },
  ];
}

/** The newest trade or quote, whatever its conditions: official samples have odd lots. */
async function newest(
  known: Instrument | undefined,
  kind: 'trade' | 'quote',
  lag: Nanos,
  access: Access,
  { signal }: RestRequest,
): Promise<Last<MarketEvent> | undefined> {
  if (known === undefined) return undefined;
  const latest = new Latest(access.history, known.market, known.symbol, lag, signal);
  const last = await latest.newest(kind, (event): event is Trade | Quote => event.kind === kind);
  tellEvent(last, access);
  return last;
}

function tradeFields({ event, shift }: Last<MarketEvent>, ticker: string, options: Options): Json {
  if (event.kind !== 'trade') return undefined;
  const { market, size } = event;
  const conditions = conditionsOf(event);
  const told = market === 'stocks' && decimalsOf(options)(size);
  return {
    c: conditions.length > 0 ? conditions : undefined,
    e: event.correction === 0 ? undefined : event.correction,
    i: event.id === '' ? undefined : event.id,
    p: event.price,
    s: market === 'crypto' ? size : Math.floor(size),
    x: exchangeId(market, event.exchange),
    r: event.trfId,
    z: tapeId(event.tape),
    T: ticker,
    t: event.at + shift,
    y: (event.participantAt ?? event.at) + shift,
    f: event.trfAt === undefined || event.trfAt === 0n ? undefined : event.trfAt + shift,
    q: event.sequence,
    ds: told ? decimalText(size) : undefined,
  };
}

function quoteFields({ event, shift }: Last<MarketEvent>, ticker: string, options: Options): Json {
  if (event.kind !== 'quote') return undefined;
  const lot = lotOf(marketOf(ticker), options);
  const conditions = quoteConditionsOf(event);
  return {
    p: event.bidPrice,
    s: Math.floor(event.bidSize / lot),
    x: exchangeId(event.market, event.bidExchange),
    P: event.askPrice,
    S: Math.floor(event.askSize / lot),
    X: exchangeId(event.market, event.askExchange),
    c: conditions.length > 0 ? conditions : undefined,
    i: event.indicators.length > 0 ? event.indicators : undefined,
    z: tapeId(event.tape),
    T: ticker,
    t: event.at + shift,
    y: (event.participantAt ?? event.at) + shift,
    q: event.sequence,
  };
}

/** In milliseconds, unlike those of tickers. */
function pairFields({ event, shift }: Last<MarketEvent>): Json {
  const timestamp = (event.at + shift) / milli;
  if (event.kind === 'trade') {
    const { price, size, exchange } = event;
    return { conditions: conditionsOf(event), exchange: exchangeId(event.market, exchange), price, size, timestamp };
  }
  if (event.kind !== 'quote') return undefined;
  const exchange = exchangeId(event.market, event.bidExchange ?? event.askExchange);
  return { ask: event.askPrice, bid: event.bidPrice, exchange, timestamp };
}
