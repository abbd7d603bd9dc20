import { z } from 'zod';
import { isQuote, isTrade, type MarketEvent, type Nanos } from '../../../../market/event.ts';
import {
  type Access,
  ByteWriter,
  type Mark,
  parameter,
  type RestAnswer,
  type RestRequest,
  turnPage,
} from '../../exchange.ts';
import type { PolygonOptions } from '../options.ts';
import { listed, type Tell, type Told, wrong } from './answers.ts';
import { rangeOf, spelledBounds } from './bounds.ts';
import { cursorOf, nextUrl } from './cursor.ts';
import type { Entitlement } from './entitlement.ts';
import { type Place, places } from './markets.ts';
import { choice, limit, read, timestamps } from './parameters.ts';
import { type RowWriter, quoteRows, tradeRows } from './tick-rows.ts';
import { marketOf, tickersOf } from './tickers.ts';

const shape = z.object({
  ticker: z.string(),
  ...timestamps,
  order: choice('order', ['asc', 'desc']).prefault('desc'),
  sort: choice('sort', ['timestamp']).prefault('timestamp'),
  limit: limit(1000, 50_000, 'refused'),
  /** In cursors: how many rows of the last page's last instant have been told. */
  ap: parameter(
    (text) => (/^\d{1,15}$/.test(text) ? Number(text) : undefined),
    (text) => `Invalid cursor: ap is '${text}'`,
  ).optional(),
});
type Asked = z.output<typeof shape>;

/** Room made for a page at first: most are no longer, and few rows are. */
const ordinaryPage = 1000;
const rowBytes = 256;

/** `/v3/trades` and `/v3/quotes`: all that was streamed of a ticker, newest first unless asked otherwise (sheet §6). */
export function tickRoutes(
  entitlement: Entitlement,
  options: Pick<PolygonOptions, 'decimalSizes' | 'quoteSizes'>,
): readonly Told[] {
  const trades = byPlace((market) => rowsOf(isTrade, tradeRows(market, options)));
  const quotes = byPlace((market) => rowsOf(isQuote, quoteRows(market, options)));
  return [
    { path: '/v3/trades/:ticker', tell: pages('trade', trades, entitlement) },
    { path: '/v3/quotes/:ticker', tell: pages('quote', quotes, entitlement) },
  ];
}

function rowsOf<Event extends MarketEvent>(
  isWanted: (event: MarketEvent) => event is Event,
  write: RowWriter<Event>,
): RowWriter<MarketEvent> {
  return (event, shift, out) => {
    if (isWanted(event)) write(event, shift, out);
  };
}

function byPlace<Value>(of: (market: Place) => Value): ReadonlyMap<Place, Value> {
  return new Map(places.map((place) => [place, of(place)]));
}

function pages(
  kind: 'trade' | 'quote',
  writers: ReadonlyMap<Place, RowWriter<MarketEvent>>,
  entitlement: Entitlement,
): Tell {
  return async (request, access, id) => {
    const given = read(shape, request, id);
    if ('refusal' in given) return given.refusal;
    const { asked } = given;
    const market = marketOf(asked.ticker);
    const sight = entitlement.sight(market, access);
    const refusal = entitlement.refusal(sight, kind, access, id);
    if (refusal !== undefined) return refusal;
    const { from = 0n, to = sight.until } = rangeOf(asked, market);
    const range = { from, to: to < sight.until ? to : sight.until };
    const write = writers.get(market);
    if (write === undefined) return wrong(id, `No ${kind}s of ${market}`);
    return page(kind, asked, { ...range, lag: sight.lag }, write, request, access, id);
  };
}

async function page(
  kind: 'trade' | 'quote',
  asked: Asked,
  range: { readonly from: Nanos; readonly to: Nanos; readonly lag: Nanos },
  write: RowWriter<MarketEvent>,
  request: RestRequest,
  { history, scribe }: Access,
  id: string,
): Promise<RestAnswer> {
  const { ticker, order, limit: most, ap } = asked;
  const newestFirst = order === 'desc';
  const after = ap === undefined ? undefined : { at: newestFirst ? range.to : range.from, ordinal: ap };
  const rows = new ByteWriter(Math.min(most, ordinaryPage) * rowBytes);
  const known = tickersOf(history).get(ticker);
  let end: Mark | undefined;
  if (known !== undefined && range.from <= range.to) {
    const { market, symbol } = known;
    const leaves = history.events({ market, symbol, ...range, newestFirst }, [kind], request.signal);
    end = await turnPage(leaves, happened, { ...range, after, limit: most }, true, (event, shift) => {
      scribe?.(event, kind, happened(event, shift));
      if (rows.length > 0) rows.u8(0x2c);
      write(event, shift, rows);
    });
  }
  const next = end && nextUrl(request, `/v3/${kind}s/${encodeURIComponent(ticker)}`, cursorAt(end, asked, newestFirst));
  return listed(
    { head: {}, tail: { status: 'OK', request_id: id, next_url: next } },
    rows.bytes.subarray(0, rows.length),
  );
}

const happened = (event: MarketEvent, shift: Nanos): Nanos => event.at + shift;

/** The same request from where its page ended (sheet §6; names and order are those of an official sample, what `ap` counts is ours). */
function cursorAt({ at, ordinal }: Mark, asked: Asked, newestFirst: boolean): string {
  const edge = spelledInstant(at);
  return cursorOf({
    ap: ordinal,
    as: '',
    limit: asked.limit,
    order: asked.order,
    sort: 'timestamp',
    ...spelledBounds(asked, spelledInstant),
    [newestFirst ? 'timestamp.lte' : 'timestamp.gte']: edge,
  });
}

/** RFC 3339 to the nanosecond. */
function spelledInstant(at: Nanos): string {
  const out = new ByteWriter(48);
  out.rfc3339(at);
  return out.bytes.toString('latin1', 0, out.length);
}
