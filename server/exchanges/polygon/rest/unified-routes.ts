import { z } from 'zod';
import type { Access, RestRequest } from '../../exchange.ts';
import { type Json, plain, type Tell, type Told } from './answers.ts';
import { breakEvenOf, detailsOf, underlyingFields } from './contract-parts.ts';
import { cursorOf, nextUrl } from './cursor.ts';
import type { Entitlement } from './entitlement.ts';
import type { Place } from './markets.ts';
import { contractOf } from './occ.ts';
import { overviewOf, tellOverview } from './overview.ts';
import {
  fairValueFields,
  marketStatusOf,
  minuteFields,
  type Options,
  quoteFields,
  sessionFields,
  timeframeOf,
  tradeFields,
} from './overview-parts.ts';
import { choice, limit, read } from './parameters.ts';
import { type Instrument, marketOf, tickersOf } from './tickers.ts';

/** The vendor's names of markets. */
const types: Readonly<Record<Place, string>> = {
  stocks: 'stocks',
  options: 'options',
  forex: 'fx',
  crypto: 'crypto',
  indices: 'indices',
};

const text = z.string().optional();
const shape = z.object({
  ticker: text,
  'ticker.any_of': text,
  'ticker.gte': text,
  'ticker.gt': text,
  'ticker.lte': text,
  'ticker.lt': text,
  type: choice('type', ['stocks', 'options', 'fx', 'crypto', 'indices']).optional(),
  order: choice('order', ['asc', 'desc']).prefault('asc'),
  limit: limit(10, 250, 'refused'),
  sort: choice('sort', ['ticker']).prefault('ticker'),
});
type Asked = z.output<typeof shape>;

/** Tickers of all markets at a glance, or of indices alone (official specification). */
export function unifiedRoutes(entitlement: Entitlement, options: Options): readonly Told[] {
  return [
    { path: '/v3/snapshot', tell: snapshots('/v3/snapshot', undefined, entitlement, options) },
    { path: '/v3/snapshot/indices', tell: snapshots('/v3/snapshot/indices', 'indices', entitlement, options) },
  ];
}

function snapshots(path: string, only: 'indices' | undefined, entitlement: Entitlement, options: Options): Tell {
  return async (request, access, id) => {
    const given = read(shape, request, id);
    if ('refusal' in given) return given.refusal;
    const asked = { ...given.asked, type: only ?? given.asked.type };
    const names = namesOf(asked, access);
    const page = names.slice(0, asked.limit);
    const results: Json[] = [];
    for (const ticker of page) results.push(await rowOf(ticker, asked.type, entitlement, options, access, request));
    const rest = names.slice(page.length);
    const next = rest.length === 0 ? undefined : nextUrl(request, path, cursorAfter(asked, page.at(-1) ?? '', rest));
    return plain({ request_id: id, results, status: 'OK', next_url: next });
  };
}

/** Those that are named, as they are named; else what the tapes hold, in the order of the tickers. */
function namesOf(asked: Asked, { history }: Access): readonly string[] {
  const named = asked['ticker.any_of'] ?? asked.ticker;
  if (named !== undefined) {
    return [...new Set(named.split(',').map((name) => name.trim()))].filter((name) => name !== '');
  }
  const held = [...tickersOf(history).values()]
    .filter((instrument) => fits(asked, instrument))
    .map(({ ticker }) => ticker);
  return asked.order === 'asc' ? held : held.toReversed();
}

function fits(asked: Asked, { ticker, market }: Instrument): boolean {
  const { 'ticker.gte': gte = '', 'ticker.gt': gt = '', 'ticker.lte': lte, 'ticker.lt': lt } = asked;
  return (
    (asked.type === undefined || asked.type === types[market]) &&
    ticker >= gte &&
    ticker > gt &&
    (lte === undefined || ticker <= lte) &&
    (lt === undefined || ticker < lt)
  );
}

function cursorAfter(asked: Asked, last: string, rest: readonly string[]): string {
  const { limit: most, order, sort, ticker, 'ticker.any_of': anyOf, ...kept } = asked;
  const isNamed = ticker !== undefined || anyOf !== undefined;
  const left = isNamed ? { 'ticker.any_of': rest.join(',') } : { [order === 'asc' ? 'ticker.gt' : 'ticker.lt']: last };
  return cursorOf({ ...kept, limit: most, order, sort, ...left });
}

/** One that cannot be told says why in its row (official sample). */
async function rowOf(
  ticker: string,
  type: Asked['type'],
  entitlement: Entitlement,
  options: Options,
  access: Access,
  request: RestRequest,
): Promise<Json> {
  const known = tickersOf(access.history).get(ticker);
  const sight = entitlement.sight(marketOf(ticker), access);
  const overview = known && (await overviewOf(known, sight, access, request));
  if (known === undefined || overview === undefined || (type !== undefined && types[known.market] !== type)) {
    return { error: 'NOT_FOUND', message: 'Ticker not found.', ticker };
  }
  if (sight.kind === 'end-of-day') return { error: 'NOT_ENTITLED', message: 'Not entitled to this ticker.', ticker };
  tellOverview(overview, access);
  const { market, symbol } = known;
  const { trade, quote, value, minute, fairValue } = overview;
  const contract = market === 'options' ? contractOf(symbol) : undefined;
  const breakEven = contract && breakEvenOf(contract, overview);
  const last = trade ?? quote ?? value;
  return {
    break_even_price: breakEven,
    details: contract && { ...detailsOf(contract), underlying_ticker: contract.underlying },
    ...fairValueFields(fairValue),
    last_minute: minute && minuteFields(minute, options),
    last_quote: quote && quoteFields(quote, sight, options),
    last_trade: trade && tradeFields(trade, sight, options),
    last_updated: last && last.event.at + last.shift,
    market_status: marketStatusOf(market, access.history),
    name: contract === undefined ? symbol : nameOf(contract),
    session: sessionFields(overview, options),
    ticker,
    timeframe: market === 'indices' ? timeframeOf(sight) : undefined,
    type: types[market],
    underlying_asset: contract && (await underlyingFields(contract, breakEven, sight, access, request)),
    value: value?.event.value,
  };
}

const nameOf = ({ underlying, strike, type }: NonNullable<ReturnType<typeof contractOf>>): string =>
  `${underlying} $${strike} ${type === 'call' ? 'Call' : 'Put'}`;
