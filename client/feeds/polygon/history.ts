import type { Channel, Market, MarketEvent, Nanos } from '../../../market/event.ts';
import { floorTo, milli } from '../../../market/nanos.ts';
import { type Answer, type Ask, Fields, type History, type Request, whyOf } from '../feed.ts';
import { lengthOf, rememberedBar, rememberedFutureBar } from './bars.ts';
import { clusterOf } from './clusters.ts';
import { historyUrlOf, type PolygonOptions } from './options.ts';
import { rememberedQuote } from './quotes.ts';
import { parsed, refusalOf } from './refusals.ts';
import { lotOf } from './stream.ts';
import { toRest } from './tickers.ts';
import { rememberedTrade } from './trades.ts';

/** Answers hold data with these statuses; delayed plans have their own (sheet §6). */
const good = new Set<unknown>(['OK', 'DELAYED']);

/** What was missed, by /v3/trades, /v3/quotes and /v2/aggs, or their likes of futures (sheet §6). */
export function polygonHistory(options: PolygonOptions): History {
  const { market } = clusterOf(options.cluster, options.launchpad);
  const base = historyUrlOf(options).replace(/\/+$/, '');
  const lot = lotOf(market, options);
  return {
    vendor: 'polygon',
    refills: (channel) => refills[market]?.[channel] ?? refillsOfAll[channel],
    mostSymbols: 1,
    // Only the plan without streams counts by the minute, five (sheet §2 and §6, errors); for the others this is a courtesy.
    perMinute: 300,
    request(ask, key) {
      const url = base + pathOf(market, ask, options.rowsPerRequest);
      // As a header, since addresses are logged and shown (both ways are known to work, sheet §6).
      return { url, headers: { authorization: `Bearer ${key.id}` } };
    },
    read(ask, request, status, _headers, body) {
      const page = parsed(body);
      if (status !== 200 || !(page instanceof Fields) || !good.has(page.get('status'))) {
        return { kind: 'refused', ...refusalOf(status, body) };
      }
      return pageOf(page, request, base, (row) => rowOf(row, market, ask, lot), ask);
    },
  };
}

/** Index levels and Launchpad's prices are not kept, but the bars made of them are. Coin quotes are not kept at all (sheet §6). */
const refills: Readonly<Partial<Record<Market, Readonly<Partial<Record<Channel, Channel>>>>>> = {
  stocks: { trade: 'trade', quote: 'quote' },
  options: { trade: 'trade', quote: 'quote' },
  forex: { quote: 'quote' },
  crypto: { trade: 'trade' },
  futures: { trade: 'trade', quote: 'quote' },
};
const refillsOfAll: Readonly<Partial<Record<Channel, Channel>>> = {
  bar: 'bar',
  'second-bar': 'second-bar',
  value: 'bar',
  price: 'bar',
};

function pathOf(market: Market, ask: Ask, rows: number): string {
  const ticker = encodeURIComponent(toRest(market, ask.symbols[0] ?? ''));
  if (ask.channel === 'trade' || ask.channel === 'quote') {
    const { first, last } = millisOf(ask);
    const span = `timestamp.gte=${first}&timestamp.lte=${last + milli - 1n}&limit=${rows}`;
    const path = `${ask.channel}s/${ticker}?${span}`;
    return market === 'futures' ? `/futures/v1/${path}&sort=timestamp.asc` : `/v3/${path}&sort=timestamp&order=asc`;
  }
  // Bars are published at their end, and asked for by their beginning.
  const length = lengthOf[barOf(ask.channel)];
  const [from, to] = [floorTo(ask.from, length) - length, floorTo(ask.to, length) - length];
  const seconds = ask.channel === 'second-bar';
  if (market === 'futures') {
    const span = `window_start.gte=${from}&window_start.lte=${to}&limit=${rows}`;
    return `/futures/v1/aggs/${ticker}?resolution=${seconds ? '1sec' : '1min'}&${span}&sort=window_start.asc`;
  }
  // What the stream told was not adjusted for later splits either.
  const range = `range/1/${seconds ? 'second' : 'minute'}/${from / milli}/${to / milli}`;
  return `/v2/aggs/ticker/${ticker}/${range}?adjusted=false&sort=asc&limit=${rows}`;
}

const barOf = (channel: Channel) => (channel === 'second-bar' ? channel : 'bar');

/** The ask in whole milliseconds, as the stream counts them, and so the events of history too. */
function millisOf({ from, to }: Ask): { readonly first: Nanos; readonly last: Nanos } {
  return { first: floorTo(from, milli), last: floorTo(to, milli) };
}

function rowOf(row: Fields, market: Market, { channel, symbols }: Ask, lot: number): MarketEvent {
  const symbol = symbols[0] ?? '';
  if (channel === 'trade') return rememberedTrade(row, market, symbol);
  if (channel === 'quote') return rememberedQuote(row, market, symbol, lot);
  const read = market === 'futures' ? rememberedFutureBar : rememberedBar;
  return read(row, market, symbol, barOf(channel));
}

function pageOf(page: Fields, request: Request, base: string, read: (row: Fields) => MarketEvent, ask: Ask): Answer {
  const { first, last } = millisOf(ask);
  const events: MarketEvent[] = [];
  let unreadable = 0;
  // Without results there is no such key (sheet §6, aggregates).
  const rows = page.get('results') ?? [];
  if (!Array.isArray(rows)) return broken('results is no list');
  for (const row of rows) {
    const event = row instanceof Fields ? readOr(read, row) : undefined;
    if (event === undefined) unreadable++;
    else if (event.at >= first && event.at <= last) events.push(event);
  }
  const next = page.get('next_url');
  if (next === undefined) return { kind: 'page', events, next: undefined, unreadable };
  const url = typeof next === 'string' ? atBase(next, base) : undefined;
  // An empty page that has a next one is none to stop at; one that leads to itself would never end.
  if (url === undefined || url === request.url) return broken(`next_url leads nowhere`);
  return { kind: 'page', events, next: { url, headers: request.headers }, unreadable };
}

const broken = (message: string): Answer => ({ kind: 'refused', why: 'vendor-error', message });

function readOr(read: (row: Fields) => MarketEvent, row: Fields): MarketEvent | undefined {
  try {
    return read(row);
  } catch (error) {
    whyOf(error);
    return undefined;
  }
}

/**
 * The next page where we ask, whatever host it names: the vendor has two names for its own, and the key goes nowhere else. It has no key
 * in it (sheet §6, pagination).
 */
function atBase(next: string, base: string): string | undefined {
  if (!URL.canParse(next, base)) return undefined;
  const { origin, pathname: prefix } = new URL(base);
  const { pathname, search } = new URL(next, base);
  const path = prefix === '/' || pathname.startsWith(`${prefix}/`) ? pathname : prefix + pathname;
  return origin + path + search;
}
