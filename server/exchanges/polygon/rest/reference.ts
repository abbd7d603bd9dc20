import { z } from 'zod';
import { floorTo, day } from '../../../../market/nanos.ts';
import { wallText } from '../../../../market/instant.ts';
import type { Nanos } from '../../../../market/event.ts';
import type { Access } from '../../exchange.ts';
import { type Json, notFound, plain, type Tell, type Told } from './answers.ts';
import { cursorOf, nextUrl } from './cursor.ts';
import { type Place, zones } from './markets.ts';
import { choice, flag, limit, read } from './parameters.ts';
import { type Instrument, tickersOf } from './tickers.ts';

/** What the tapes hold, as a list of tickers (sheet §6). Tapes know no companies: a name is its ticker, a stock is listed on Nasdaq. */
export function referenceRoutes(): readonly Told[] {
  return [
    { path: '/v3/reference/tickers', tell: tickers },
    { path: '/v3/reference/tickers/:ticker', tell: details },
  ];
}

const text = z.string().optional();
const filters = {
  ticker: text,
  'ticker.gte': text,
  'ticker.gt': text,
  'ticker.lte': text,
  'ticker.lt': text,
  type: text,
  market: choice('market', ['stocks', 'crypto', 'fx', 'otc', 'indices']).optional(),
  exchange: text,
  cusip: text,
  cik: text,
  date: text,
  search: text,
};
const shape = z.object({
  ...filters,
  active: flag('active', true),
  order: choice('order', ['asc', 'desc']).prefault('asc'),
  limit: limit(100, 1000, 'refused'),
  sort: text,
  /** In cursors: the last ticker that has been told. */
  page_marker: text,
});
type Asked = z.output<typeof shape>;

/** The vendor's names of markets. Option contracts are listed elsewhere. */
const names: Readonly<Record<Place, 'stocks' | 'crypto' | 'fx' | 'indices' | undefined>> = {
  stocks: 'stocks',
  crypto: 'crypto',
  forex: 'fx',
  indices: 'indices',
  options: undefined,
};

const tickers: Tell = (request, access, id) => {
  const given = read(shape, request, id);
  if ('refusal' in given) return given.refusal;
  const { asked } = given;
  const { order, limit: most, page_marker: marker } = asked;
  const all = [...tickersOf(access.history).values()].filter((instrument) => fits(asked, instrument));
  const inOrder = order === 'asc' ? all : all.toReversed();
  const left = inOrder.filter(
    ({ ticker }) => marker === undefined || (order === 'asc' ? ticker > marker : ticker < marker),
  );
  const page = left.slice(0, most);
  const last = left.length > most ? page.at(-1) : undefined;
  const next =
    last &&
    nextUrl(
      request,
      '/v3/reference/tickers',
      cursorOf({
        active: String(asked.active),
        ...filtersOf(asked),
        limit: most,
        order,
        page_marker: last.ticker,
        sort: 'ticker',
      }),
    );
  return plain({
    results: page.map((instrument) => row(instrument, access)),
    status: 'OK',
    request_id: id,
    count: page.length,
    next_url: next,
  });
};

/** What the request, or the cursor before, picks. */
function filtersOf({
  active: _active,
  order: _order,
  limit: _limit,
  sort: _sort,
  page_marker: _marker,
  ...kept
}: Asked) {
  return kept;
}

const details: Tell = (request, access, id) => {
  const known = tickersOf(access.history).get(request.params['ticker'] ?? '');
  if (known === undefined || names[known.market] === undefined) return notFound(id);
  return plain({ results: row(known, access), status: 'OK', request_id: id });
};

/** Nothing on a tape is delisted, and no tape knows a CUSIP or CIK. */
function fits(asked: Asked, { ticker, market, symbol }: Instrument): boolean {
  const { search, exchange, type, cusip, cik } = asked;
  const isStock = market === 'stocks';
  return (
    asked.active &&
    names[market] !== undefined &&
    (asked.market === undefined || asked.market === names[market]) &&
    (asked.ticker === undefined || asked.ticker === ticker) &&
    ticker >= (asked['ticker.gte'] ?? '') &&
    ticker > (asked['ticker.gt'] ?? '') &&
    (asked['ticker.lte'] === undefined || ticker <= asked['ticker.lte']) &&
    (asked['ticker.lt'] === undefined || ticker < asked['ticker.lt']) &&
    (search === undefined || symbol.toLowerCase().includes(search.toLowerCase())) &&
    (exchange === undefined || (isStock && exchange === 'XNAS')) &&
    (type === undefined || (isStock && type === 'CS')) &&
    cusip === undefined &&
    cik === undefined
  );
}

function row({ ticker, market, symbol }: Instrument, { history }: Access): Json {
  const [base = symbol, currency] = symbol.split('/');
  const common = {
    ticker,
    name: symbol,
    market: names[market],
    locale: market === 'stocks' || market === 'indices' ? 'us' : 'global',
  };
  const updated = { last_updated_utc: midnight(history.now) };
  if (market === 'stocks') {
    return { ...common, primary_exchange: 'XNAS', type: 'CS', active: true, currency_name: 'usd', ...updated };
  }
  if (market === 'indices') return { ...common, active: true, ...updated };
  return {
    ...common,
    active: true,
    currency_symbol: currency,
    currency_name: currency,
    base_currency_symbol: base,
    base_currency_name: base,
    ...updated,
  };
}

/** `2026-07-01T00:00:00Z`. */
const midnight = (at: Nanos): string => wallText(floorTo(at, day), zones.crypto).replace('+00:00', 'Z');
