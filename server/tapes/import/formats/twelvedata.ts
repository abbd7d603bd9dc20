import type { Bar, Market } from '../../../../market/event.ts';
import { unknownOfBar } from '../../../../market/unknown.ts';
import { type BarTerms, barTerms, typicalPrice } from '../bar-terms.ts';
import { notNegative, refuse } from '../columns.ts';
import { BadRow, type JsonFormat, type JsonReader, type Reading } from '../format.ts';
import { momentOf } from '../instants.ts';
import { listed } from '../symbols.ts';
import { instantOf, WallTimes, zoneOf } from '../wall-times.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * Twelve Data's history as `/time_series` answers: `{"meta":{…},"values":[…],"status":"ok"}` of one symbol, or such objects by symbol of
 * several, where a symbol without history has an error in its place (Twelve Data sheet §5). Numbers are texts, rows come newest first, and a
 * bar is labelled by its start on the clocks of the exchange; currencies and crypto name none and keep UTC.
 */
export const twelvedata: JsonFormat = {
  name: 'twelvedata',
  title:
    'Twelve Data history, JSON of /time_series ({"meta": {"interval": …}, "values": …}, or such objects by symbol)',
  shape: 'json',
  recognises: (document) => isFields(document) && (isSeries(document) || Object.values(document).some(isSeries)),
  reader: (reading): JsonReader => {
    // One clock of a zone over all documents of a file, so that an hour that comes twice is told across pages.
    const clocks = new Map<string, WallTimes>();
    const clockOf = (zone: string): WallTimes => {
      const clock = clocks.get(zone) ?? new WallTimes(zoneOf(zone));
      clocks.set(zone, clock);
      return clock;
    };
    return (document, emit, reject) => {
      for (const [key, series] of seriesIn(document)) {
        const turn = refusing(series, key, reject, () => turnOf(series, reading, clockOf));
        const place = key === undefined ? 'values' : `${key}.values`;
        for (const [index, row] of (turn?.values ?? []).entries()) {
          refusing(row, `${place}[${index}]`, reject, () => turn && emit(turn.barOf(row)));
        }
      }
    };
  },
};

/** The series of a document, by symbol where they are kept so. */
function seriesIn(document: unknown): readonly (readonly [key: string | undefined, series: unknown])[] {
  if (!isFields(document)) throw new BadRow('the document is no JSON object', typeof document);
  const isOne = isSeries(document) || document['status'] === 'error' || Object.keys(document).length === 0;
  return isOne ? [[undefined, document]] : Object.entries(document);
}

/** Has what cannot be read rejected at its place; where the document is all there is of it, by whoever reads the document. */
function refusing<Result>(
  row: unknown,
  place: string | undefined,
  reject: Parameters<JsonReader>[2],
  attempt: () => Result,
): Result | undefined {
  try {
    return attempt();
  } catch (bad) {
    if (!(bad instanceof BadRow) || place === undefined) throw bad;
    reject(bad, place, row);
    return undefined;
  }
}

/** The rows of a series, and what makes bars of them. */
function turnOf(
  series: unknown,
  reading: Reading,
  clockOf: (zone: string) => WallTimes,
): { readonly values: readonly unknown[]; readonly barOf: (row: unknown) => Bar } {
  if (!isFields(series)) return refuse('the series is no JSON object', typeof series);
  if (series['status'] === 'error') return refuse('is an error, not history', textOf(series['message']));
  if (!isSeries(series)) return refuse('has no meta and values', Object.keys(series).join(', '));
  const { meta, values } = series;
  const ticker = textOf(meta['symbol']) ?? reading.symbol ?? refuse('meta names no symbol; give --symbol');
  const instrument = listed(ticker, reading.market ?? marketOf(meta));
  const zone = reading.timeZone ?? textOf(meta['exchange_timezone']) ?? 'UTC';
  const clock = clockOf(zone);
  const terms = barTerms(reading.timeframe ?? timeframeOf(meta['interval']), zoneOf(zone));
  return {
    values,
    barOf: (row) => barOf(isFields(row) ? row : refuse('the row is no JSON object'), instrument, terms, clock),
  };
}

function barOf(row: Fields, instrument: ReturnType<typeof listed>, terms: BarTerms, clock: WallTimes): Bar {
  const text = textOf(row['datetime']) ?? refuse('datetime is no time', shown(row['datetime']));
  const [high, low, close] = [number(row, 'high'), number(row, 'low'), number(row, 'close')];
  const open = number(row, 'open');
  const volume =
    row['volume'] === undefined || row['volume'] === null ? 0 : notNegative(number(row, 'volume'), 'volume');
  const start = instantOf(momentOf(text, 'datetime'), instrument.symbol, clock, '');
  return {
    kind: terms.kind,
    ...instrument,
    at: terms.end(start),
    start,
    open,
    high,
    low,
    close,
    volume,
    trades: 0,
    vwap: typicalPrice(high, low, close),
    ...unknownOfBar,
  };
}

/** The market that `type` names (`Common Stock`, `ETF`, `Index`, `Physical Currency`, `Digital Currency`); a pair of an unknown type is currencies. */
function marketOf(meta: Fields): Market | undefined {
  const type = (textOf(meta['type']) ?? '').toLowerCase();
  if (type === 'digital currency') return 'crypto';
  if (type === 'index') return 'indices';
  return type === 'physical currency' || meta['currency_base'] !== undefined ? 'forex' : undefined;
}

const units: Readonly<Record<string, string>> = { min: 'm', h: 'h', day: 'd' };

/** `5min` → 5m, `1day` → 1d. Weeks and months are no bars of a tape. */
function timeframeOf(interval: unknown): string {
  const [, count = '', unit = ''] = /^(\d+)([a-z]+)$/.exec(textOf(interval) ?? '') ?? [];
  const letter = units[unit];
  return letter === undefined ? refuse('interval is no length of a bar up to a day', shown(interval)) : count + letter;
}

/** Numbers come as texts (`"231.47000"`); some clients have already turned them into numbers. */
function number(row: Fields, name: string): number {
  const value = row[name];
  if (typeof value === 'number') return value;
  if (typeof value !== 'string')
    return refuse(value === undefined ? `${name} is missing` : `${name} is no number`, shown(value));
  return /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : refuse(`${name} is no number`, value);
}

interface Series extends Fields {
  readonly meta: Fields;
  readonly values: readonly unknown[];
}

function isSeries(value: unknown): value is Series {
  if (!isFields(value)) return false;
  const { meta, values } = value;
  return isFields(meta) && typeof meta['interval'] === 'string' && Array.isArray(values);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
function shown(value: unknown): string {
  return JSON.stringify(value) ?? 'missing';
}
function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
