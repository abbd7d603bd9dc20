import { z } from 'zod';
import type { MarketEvent, Nanos, Quote, Trade } from '../../../../market/event.ts';
import {
  type Access,
  ByteWriter,
  type Mark,
  parameter,
  type RestAnswer,
  type RestRequest,
  snippet,
  turnPage,
} from '../../exchange.ts';
import { maybe, nanos, whole } from '../json-fields.ts';
import { listed, type Tell, type Told } from './answers.ts';
import { rangeOf, spelledBounds } from './bounds.ts';
import { cursorOf, nextUrl } from './cursor.ts';
import type { Entitlement } from './entitlement.ts';
import { choice, date, limit, read, timestamps } from './parameters.ts';
import { sessionEnd, sessionOf } from './sessions.ts';

const shape = z.object({
  ticker: z.string(),
  ...timestamps,
  session_end_date: date.optional(),
  limit: limit(10, 50_000, 'refused'),
  sort: choice('sort', ['timestamp.desc', 'timestamp.asc']).prefault('timestamp.desc'),
  /** In cursors: how many rows of the last page's last instant have been told. */
  ap: parameter(
    (text) => (/^\d{1,15}$/.test(text) ? Number(text) : undefined),
    (text) => `Invalid cursor: ap is '${text}'`,
  ).optional(),
});
type Asked = z.output<typeof shape>;

const key = {
  askPrice: snippet(',"ask_price":'),
  askSize: snippet(',"ask_size":'),
  askAt: snippet(',"ask_timestamp":'),
  bidPrice: snippet(',"bid_price":'),
  bidSize: snippet(',"bid_size":'),
  bidAt: snippet(',"bid_timestamp":'),
  price: snippet(',"price":'),
  report: snippet(',"report_sequence":'),
  sequence: snippet(',"sequence_number":'),
  session: snippet(',"session_end_date":'),
  size: snippet(',"size":'),
  ticker: snippet(',"ticker":'),
  timestamp: snippet(',"timestamp":'),
};

/** Trades and quotes of a future, newest first unless asked otherwise (official specification). Tapes know no multicast channel. */
export function futuresTickRoutes(entitlement: Entitlement): readonly Told[] {
  return [
    { path: '/futures/v1/trades/:ticker', tell: pages('trade', entitlement) },
    { path: '/futures/v1/quotes/:ticker', tell: pages('quote', entitlement) },
  ];
}

function pages(kind: 'trade' | 'quote', entitlement: Entitlement): Tell {
  return async (request, access, id) => {
    const given = read(shape, request, id);
    if ('refusal' in given) return given.refusal;
    const { asked } = given;
    const sight = entitlement.sight('futures', access);
    const refusal = entitlement.refusal(sight, kind, access, id);
    if (refusal !== undefined) return refusal;
    const { from = 0n, to = sight.until } = rangeOf(asked, 'futures');
    const session = asked.session_end_date === undefined ? undefined : sessionOf(asked.session_end_date);
    const first = session !== undefined && session.from > from ? session.from : from;
    const last = session !== undefined && session.to < to ? session.to : to;
    const range = { from: first, to: last < sight.until ? last : sight.until, lag: sight.lag };
    return page(kind, asked, range, request, access, id);
  };
}

async function page(
  kind: 'trade' | 'quote',
  asked: Asked,
  range: { readonly from: Nanos; readonly to: Nanos; readonly lag: Nanos },
  request: RestRequest,
  { history, scribe }: Access,
  id: string,
): Promise<RestAnswer> {
  const { ticker, limit: most, ap } = asked;
  const newestFirst = asked.sort === 'timestamp.desc';
  const after = ap === undefined ? undefined : { at: newestFirst ? range.to : range.from, ordinal: ap };
  const rows = new ByteWriter(4096);
  let end: Mark | undefined;
  if (range.from <= range.to) {
    const span = { market: 'futures' as const, symbol: ticker, ...range, newestFirst };
    const leaves = history.events(span, [kind], request.signal);
    end = await turnPage(leaves, happened, { ...range, after, limit: most }, true, (event, shift) => {
      scribe?.(event, kind, happened(event, shift));
      if (rows.length > 0) rows.u8(0x2c);
      if (event.kind === 'trade') tradeRow(event, shift, rows);
      else if (event.kind === 'quote') quoteRow(event, shift, rows);
    });
  }
  const path = `/futures/v1/${kind}s/${encodeURIComponent(ticker)}`;
  return listed(
    { head: { request_id: id }, tail: { status: 'OK', next_url: end && nextUrl(request, path, cursorAt(end, asked)) } },
    rows.bytes.subarray(0, rows.length),
  );
}

const happened = (event: MarketEvent, shift: Nanos): Nanos => event.at + shift;

/** Names in the order of the alphabet; the first comma becomes the brace. */
function tradeRow(event: Trade, shift: Nanos, out: ByteWriter): void {
  const start = out.length;
  maybe(key.price, event.price, out);
  maybe(key.report, event.reportSequence, out);
  maybe(key.sequence, event.sequence, out);
  sessionField(event, shift, out);
  whole(key.size, event.size, out);
  ending(event, shift, start, out);
}

function quoteRow(event: Quote, shift: Nanos, out: ByteWriter): void {
  const start = out.length;
  maybe(key.askPrice, event.askPrice, out);
  whole(key.askSize, event.askSize, out);
  if (event.askAt !== undefined) nanos(key.askAt, event.askAt + shift, out);
  maybe(key.bidPrice, event.bidPrice, out);
  whole(key.bidSize, event.bidSize, out);
  if (event.bidAt !== undefined) nanos(key.bidAt, event.bidAt + shift, out);
  maybe(key.report, event.reportSequence, out);
  maybe(key.sequence, event.sequence, out);
  sessionField(event, shift, out);
  ending(event, shift, start, out);
}

/** Of moved times the session is that of another day than on the tape. */
function sessionField(event: Trade | Quote, shift: Nanos, out: ByteWriter): void {
  out.put(key.session);
  out.jsonString(shift === 0n && event.session !== undefined ? event.session : sessionEnd(event.at + shift));
}

function ending(event: Trade | Quote, shift: Nanos, start: number, out: ByteWriter): void {
  out.put(key.ticker);
  out.jsonString(event.symbol);
  nanos(key.timestamp, event.at + shift, out);
  out.bytes[start] = 0x7b;
  out.u8(0x7d);
}

/** Names and order are those of an official sample; what `ap` counts, and the bound that holds the instant, are ours. */
function cursorAt({ at, ordinal }: Mark, asked: Asked): string {
  return cursorOf({
    ap: ordinal,
    as: '',
    limit: asked.limit,
    session_end_date: asked.session_end_date,
    sort: asked.sort,
    ...spelledBounds(asked, String),
    [asked.sort === 'timestamp.desc' ? 'timestamp.lte' : 'timestamp.gte']: String(at),
  });
}
