import type { IncomingHttpHeaders } from 'node:http';
import type { Bar, Market, Nanos } from '../../../market/event.ts';
import { floorTo, minute, second } from '../../../market/nanos.ts';
import { type Answer, type Ask, Fields, type History, instantOf, type Request, Unreadable, whyOf } from '../feed.ts';
import { instrumentOf } from './instrument.ts';
import { historyUrlOf, type TwelveDataOptions } from './options.ts';
import { errorOf, parsed, type Refusal, refusalOf } from './refusals.ts';

/** Points of one answer at most (sheet §5). */
const mostPoints = 5_000n;
/** An answer that says so is an empty one: of a weekend, for example (sheet §5, errors). */
const nothingThere = /no data is available on the specified dates/i;

/** Minute bars by /time_series: prices as they ticked are not kept. */
export function twelveDataHistory(options: TwelveDataOptions): History {
  const base = historyUrlOf(options).replace(/\/+$/, '');
  return {
    vendor: 'twelvedata',
    refills: (channel) => (channel === 'price' || channel === 'bar' ? 'bar' : undefined),
    mostSymbols: 1,
    // Credits of the free plan, of which a symbol costs one (sheet §4).
    perMinute: 8,
    request(ask, key) {
      // As a header, as the vendor recommends: addresses are logged and shown.
      const headers = { authorization: `apikey ${key.id}` };
      return { url: base + pathOf(ask, floorTo(ask.from, minute) - minute), headers };
    },
    read(ask, request, status, headers, body) {
      const page = parsed(body);
      const error = page instanceof Fields ? errorOf(page) : undefined;
      if (error !== undefined && nothingThere.test(error.message)) return pageOf([], ask, request, options.market);
      if (error !== undefined || status !== 200 || !(page instanceof Fields)) {
        return refused(error ?? refusalOf(status, body), headers);
      }
      const values = page.get('values');
      if (!Array.isArray(values)) return refused({ why: 'vendor-error', message: 'values is no list' }, headers);
      const meta = page.get('meta');
      const market = meta instanceof Fields ? instrumentOf(meta, options.market).market : options.market;
      return pageOf(values, ask, request, market);
    },
  };
}

/** The credits that are left tell whether to wait for the next minute or the next day (sheet §4). */
function refused({ why, message }: Refusal, headers: IncomingHttpHeaders): Answer {
  const left = headers['api-credits-left'];
  return { kind: 'refused', why, message: left === undefined ? message : `${message} (${String(left)} credits left)` };
}

/** Windows are short enough for one answer to hold every minute, since nobody knows which points a longer one leaves out. */
function pathOf({ symbols, to }: Ask, from: Nanos): string {
  const last = floorTo(to, minute) - minute;
  const end = from + (mostPoints - 1n) * minute;
  const query = new URLSearchParams({
    symbol: symbols[0] ?? '',
    interval: '1min',
    start_date: wallTime(from),
    end_date: wallTime(end < last ? end : last),
    timezone: 'UTC',
    order: 'asc',
    outputsize: String(mostPoints),
    format: 'JSON',
  });
  return `/time_series?${query.toString()}`;
}

function pageOf(values: readonly unknown[], ask: Ask, request: Request, market: Market): Answer {
  const events: Bar[] = [];
  let unreadable = 0;
  for (const row of values) {
    const bar = row instanceof Fields ? barOr(row, ask, market) : undefined;
    if (bar === undefined) unreadable++;
    else if (bar.at >= floorTo(ask.from, minute) && bar.at <= ask.to) events.push(bar);
  }
  return { kind: 'page', events, next: nextOf(ask, request), unreadable };
}

/** The window after that of a request, until the ask is at its end. */
function nextOf(ask: Ask, request: Request): Request | undefined {
  const { origin, pathname, searchParams } = new URL(request.url);
  const end = atWallTime(searchParams.get('end_date') ?? '');
  if (end === undefined || end >= floorTo(ask.to, minute) - minute) return undefined;
  const base = origin + pathname.slice(0, pathname.lastIndexOf('/'));
  return { url: base + pathOf(ask, end + minute), headers: request.headers };
}

function barOr(row: Fields, ask: Ask, market: Market): Bar | undefined {
  try {
    return barOf(row, ask.symbols[0] ?? '', market);
  } catch (error) {
    whyOf(error);
    return undefined;
  }
}

/** A row (sheet §5): all numbers are texts, `datetime` is the beginning, currencies have no volume. How many trades it has is not told. */
function barOf(row: Fields, symbol: string, market: Market): Bar {
  const start = atWallTime(row.text('datetime'));
  if (start === undefined) throw new Unreadable('datetime is not a time');
  const [high, low, close] = [decimal(row, 'high'), decimal(row, 'low'), decimal(row, 'close')];
  return {
    kind: 'bar',
    market,
    symbol,
    at: start + minute,
    start,
    open: decimal(row, 'open'),
    high,
    low,
    close,
    volume: row.get('volume') === undefined ? 0 : decimal(row, 'volume'),
    trades: 0,
    vwap: Number(((high + low + close) / 3).toPrecision(12)),
    dayVolume: undefined,
    dayOpen: undefined,
    dayVwap: undefined,
    averageSize: undefined,
    turnover: undefined,
    otc: undefined,
  };
}

function decimal(row: Fields, name: string): number {
  const text = row.text(name);
  const value = /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
  if (!Number.isFinite(value)) throw new Unreadable(`${name} is not a decimal number`);
  return value;
}

/** `2026-07-01 14:30:00`, which is UTC because it was asked for. */
function wallTime(at: Nanos): string {
  return new Date(Number(floorTo(at, second) / 1_000_000n)).toISOString().slice(0, 19).replace('T', ' ');
}

function atWallTime(text: string): Nanos | undefined {
  return instantOf(`${text.replace(' ', 'T')}Z`);
}
