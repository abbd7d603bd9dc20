import type { IncomingHttpHeaders } from 'node:http';
import { isBarKind, type Channel, type MarketEvent, type Nanos } from '../../../market/event.ts';
import { day, floorTo, minute } from '../../../market/nanos.ts';
import {
  type Answer,
  type Ask,
  Fields,
  type History,
  instantText,
  JsonReader,
  type Key,
  type Request,
  Unreadable,
} from '../feed.ts';
import { bar, type EventReader, news, quote, trade } from './events.ts';
import { keyHeaders } from './key-headers.ts';
import { type AlpacaOptions, historyUrlOf, under } from './options.ts';
import { refusalOf } from './refusals.ts';
import { type Stream, streams } from './streams.ts';

/** Rows on a page, over all its symbols [D OMD]. */
const rowsOnPage = 10_000;
const newsOnPage = 50;

interface Series {
  /** What the answer names its rows by, and the path ends in. */
  readonly name: 'trades' | 'quotes' | 'bars' | 'news';
  readonly timeframe?: string;
  readonly read: EventReader;
}

const series = new Map<Channel, Series>([
  ['trade', { name: 'trades', read: trade }],
  ['quote', { name: 'quotes', read: quote }],
  ['bar', { name: 'bars', timeframe: '1Min', read: bar('bar') }],
  ['daily-bar', { name: 'bars', timeframe: '1Day', read: bar('daily-bar') }],
  ['news', { name: 'news', read: (_market, _symbol, said) => news(said) }],
]);

/** A request that knows the tokens of the walk it belongs to, in order not to walk in circles. */
interface Step extends Request {
  readonly tokens: readonly string[];
}

/** Alpaca's REST history of trades, quotes, bars and news (sheet §7). */
export class AlpacaHistory implements History {
  readonly vendor = 'alpaca';
  /** A list of twice the length still fits a line of HTTP; the vendor names no limit. */
  readonly mostSymbols = 200;
  /** Of the free plan [D OMD]. */
  readonly perMinute = 200;
  readonly #stream: Stream;
  readonly #base: string;

  constructor(options: AlpacaOptions) {
    this.#stream = streams[options.stream];
    this.#base = historyUrlOf(options);
  }

  /** A bar of history is as late trades left it, which is what an updated bar says [D DSTK]. */
  refills(channel: Channel): Channel | undefined {
    const { past, channels, market } = this.#stream;
    if (past === undefined || !channels.has(channel)) return undefined;
    // Options have no history of quotes (sheet §7).
    if (market === 'options' && channel === 'quote') return undefined;
    if (channel === 'updated-bar') return 'bar';
    return series.has(channel) ? channel : undefined;
  }

  request(ask: Ask, key: Key): Request {
    const { name, timeframe } = this.#series(ask.channel);
    const url = new URL(under(this.#base, this.#path(name)));
    if (name !== 'news' || !ask.symbols.includes('*')) url.searchParams.set('symbols', ask.symbols.join(','));
    if (timeframe !== undefined) url.searchParams.set('timeframe', timeframe);
    // Both inclusive [D OMD]. Rows of bars are found by when their time began.
    const { from, to } = spanOf(ask);
    url.searchParams.set('start', instantText(from - lengthOf(ask.channel)));
    url.searchParams.set('end', instantText(to));
    url.searchParams.set('limit', String(name === 'news' ? newsOnPage : rowsOnPage));
    url.searchParams.set('sort', 'asc');
    if (this.#stream.market === 'stocks' && name !== 'news') {
      url.searchParams.set('feed', this.#stream.past ?? '');
      if (name === 'bars') url.searchParams.set('adjustment', 'raw');
    }
    if (name === 'news') url.searchParams.set('include_content', 'true');
    return { url: String(url), headers: keyHeaders(key) };
  }

  read(ask: Ask, request: Request, status: number, _headers: IncomingHttpHeaders, body: string): Answer {
    if (status !== 200) return { kind: 'refused', ...refusalOf(status, body) };
    try {
      return this.#page(ask, request, bodyOf(body));
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      return { kind: 'refused', why: 'vendor-error', message: `unreadable answer: ${error.message}` };
    }
  }

  #page(ask: Ask, request: Request, body: Fields): Answer {
    const { name, read } = this.#series(ask.channel);
    const { from, to } = spanOf(ask);
    const wanted = new Set(ask.symbols);
    const events: MarketEvent[] = [];
    let unreadable = 0;
    for (const [symbol, row] of rowsOf(body, name)) {
      const event = tried(() => read(this.#stream.market, symbol, row));
      if (event === undefined) unreadable++;
      else if (isWanted(event, wanted) && event.at >= from && startOf(event) <= to) {
        if (event.kind !== 'bar' || event.at <= to) events.push(event);
      }
    }
    // Only a null token ends the walk: pages may be short or empty before [D OMD].
    const token = body.maybeText('next_page_token');
    if (token === undefined || token === '') return { kind: 'page', events, next: undefined, unreadable };
    const tokens = tokensOf(request);
    if (tokens.includes(token)) {
      // JS4 stops here as well; we say so, since what comes after is not known.
      return {
        kind: 'refused',
        why: 'vendor-error',
        message: 'the pages go round in circles: a page token came again',
      };
    }
    const url = new URL(request.url);
    url.searchParams.set('page_token', token);
    const next: Step = { url: String(url), headers: request.headers, tokens: [...tokens, token] };
    return { kind: 'page', events, next, unreadable };
  }

  #path(name: Series['name']): string {
    const { market, past } = this.#stream;
    if (name === 'news') return '/v1beta1/news';
    if (market === 'options') return `/v1beta1/options/${name}`;
    return market === 'crypto' ? `/v1beta3/crypto/${past}/${name}` : `/v2/stocks/${name}`;
  }

  #series(channel: Channel): Series {
    const found = this.refills(channel) === channel ? series.get(channel) : undefined;
    if (found === undefined) throw new RangeError(`Alpaca has no history of ${channel} on this stream; see refills`);
    return found;
  }
}

/** The span of an ask in the vendor's grain: bars from the beginning of the minute on. */
function spanOf({ channel, from, to }: Ask): { readonly from: Nanos; readonly to: Nanos } {
  return { from: channel === 'bar' ? floorTo(from, minute) : from, to };
}

const lengthOf = (channel: Channel): Nanos => (channel === 'bar' ? minute : channel === 'daily-bar' ? day : 0n);

const startOf = (event: MarketEvent): Nanos => (isBarKind(event.kind) && 'start' in event ? event.start : event.at);

function isWanted(event: MarketEvent, wanted: ReadonlySet<string>): boolean {
  if (wanted.has('*')) return true;
  return event.kind === 'news' ? event.symbols.some((symbol) => wanted.has(symbol)) : wanted.has(event.symbol);
}

function bodyOf(body: string): Fields {
  const reader = new JsonReader(Buffer.from(body));
  const said = reader.value();
  if (!(said instanceof Fields)) throw new Unreadable('it is no object');
  if (!reader.ended) throw new Unreadable('more comes after the end');
  return said;
}

/** Rows below their symbols, in the vendor's order; those of news name theirs. */
function* rowsOf(body: Fields, name: Series['name']): Generator<readonly [string, Fields]> {
  const said = body.get(name);
  if (name === 'news') {
    for (const row of body.objects(name)) yield ['', row];
    return;
  }
  // A page without rows has an empty object, or null where nothing at all is known.
  if (said === undefined && body.has(name)) return;
  if (!(said instanceof Fields)) throw new Unreadable(`${name} is missing`);
  for (const [symbol] of said.entries()) for (const row of said.objects(symbol)) yield [symbol, row];
}

function tried(read: () => MarketEvent): MarketEvent | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof Unreadable) return undefined;
    throw error;
  }
}

function tokensOf(request: Request | Step): readonly string[] {
  if ('tokens' in request) return request.tokens;
  const token = new URL(request.url).searchParams.get('page_token');
  return token === null ? [] : [token];
}
