import { z } from 'zod';
import type { Access, History, RestAnswer, RestRequest, Route } from '../../exchange.ts';
import { refused, written } from './answers.ts';
import { type Feed, historyFeeds, periodOf } from './feeds.ts';
import type { Bookmark } from './page-token.ts';
import { midnightOf, type Place, shapes, zones } from './places.ts';
import {
  adjustment,
  choice,
  foreign,
  invalidToken,
  limit,
  part,
  read,
  stockFrame,
  symbols,
  timeframe,
} from './query.ts';
import { cryptoRows, optionRows, stockRows } from './rows.ts';
import { auctions, bars, ticks } from './series.ts';
import { type Series, writePage } from './walk.ts';

const roots: Readonly<Record<Place, string>> = {
  stocks: '/v2/stocks',
  crypto: '/v1beta3/crypto/:loc',
  options: '/v1beta1/options',
};
export const rowsOf = { stocks: stockRows, crypto: cryptoRows, options: optionRows } as const;

/** Room made for a page at first: most are no longer, and no row of a bar or a trade is. */
const ordinaryPage = 1000;
const rowBytes = 128;

/** What all requests for history have in common. */
interface Asked {
  readonly symbols: readonly string[];
  readonly start?: bigint | undefined;
  readonly end?: bigint | undefined;
  readonly sort: 'asc' | 'desc';
  readonly limit: number;
  readonly page_token?: Bookmark | undefined;
  readonly feed?: Feed | undefined;
}

type Answer = (request: RestRequest, access: Access) => Promise<RestAnswer>;

/** Bars, trades, quotes and auctions between two instants, by page, for many symbols or for one (sheet §7). */
export function historyRoutes(place: Place): readonly Route[] {
  const isStocks = place === 'stocks';
  const common = {
    ...part(zones[place]),
    symbols: symbols(shapes[place]),
    limit: limit(1000, 10_000),
    ...(isStocks ? stockFrame : {}),
    feed: isStocks ? choice('feed', historyFeeds).optional() : foreign,
  };
  const ofTicks = z.strictObject(common);
  const ofBars = z.strictObject({ ...common, timeframe, ...(isStocks ? { adjustment } : {}) });
  const rows = rowsOf[place]();
  const told =
    <Entry>(name: string, seriesOf: (history: History) => Series<Entry>): Answer =>
    async (request, access) => {
      const given = read(ofTicks, request);
      if ('refusal' in given) return given.refusal;
      return onePage(place, name, given.asked, seriesOf(access.history), request, access);
    };
  const barPages: Answer = async (request, access) => {
    const given = read(ofBars, request);
    if ('refusal' in given) return given.refusal;
    const series = bars(place, given.asked.timeframe, access.history, rows);
    return onePage(place, 'bars', given.asked, series, request, access);
  };
  const answers: Record<string, Answer> = {
    bars: barPages,
    trades: told('trades', (history) => ticks('trade', history, rows)),
    // Quotes of options have no history (sheet §7).
    ...(place === 'options' ? {} : { quotes: told('quotes', (history) => ticks('quote', history, rows)) }),
    ...(isStocks ? { auctions: told('auctions', auctions) } : {}),
  };
  return Object.entries(answers).flatMap(([name, answer]) => {
    const path = roots[place];
    const many: Route = { method: 'GET', path: `${path}/${name}`, keyless: place === 'crypto', answer };
    return isStocks ? [many, { ...many, path: `${path}/:symbol/${name}` }] : [many];
  });
}

async function onePage<Entry>(
  place: Place,
  name: string,
  asked: Asked,
  series: Series<Entry>,
  { params, signal }: RestRequest,
  access: Access,
): Promise<RestAnswer> {
  const feed = place === 'stocks' ? (asked.feed ?? 'sip') : place === 'options' ? 'opra' : undefined;
  const period = periodOf(asked, feed, midnightOf(place), access);
  if ('refusal' in period) return period.refusal;
  const { symbols: names, sort, limit: most, page_token: bookmark } = asked;
  if (bookmark !== undefined && !(bookmark.letter === series.letter && names.includes(bookmark.symbol))) {
    return refused(400, invalidToken);
  }
  const walk = {
    series,
    market: place,
    symbols: names,
    ...period,
    newestFirst: sort === 'desc',
    limit: most,
    bookmark,
  };
  const { symbol } = params;
  const form =
    symbol === undefined
      ? ({ name, by: 'symbol' } as const)
      : ({ name, by: 'itself', trailer: `,"symbol":${JSON.stringify(symbol)}` } as const);
  return written((out) => writePage(walk, form, signal, access.scribe, out), Math.min(most, ordinaryPage) * rowBytes);
}
