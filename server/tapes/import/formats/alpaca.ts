import { type MarketEvent, type Nanos, type TapeLetter } from '../../../../market/event.ts';
import { unknownOfBar, unknownOfQuote, unknownOfTrade } from '../../../../market/unknown.ts';
import { type BarTerms, barTerms, guessTerms, typicalPrice } from '../bar-terms.ts';
import { notNegative, refuse } from '../columns.ts';
import { BadRow, type JsonFormat, type JsonReader, type Reading } from '../format.ts';
import { momentOf } from '../instants.ts';
import { listed } from '../symbols.ts';
import { zoneOf } from '../wall-times.ts';

type Fields = Readonly<Record<string, unknown>>;
type Turn = (row: Fields, symbol: string, reading: Reading, terms: BarTerms | undefined) => MarketEvent;

/**
 * Alpaca's history as its REST API answers: `{"bars":{"AAPL":[…]}}` of several symbols, `{"bars":[…],"symbol":"AAPL"}` of one, trades and
 * quotes likewise, for stocks, options and crypto (Alpaca sheet §7). Pages follow one another as they came.
 */
export const alpaca: JsonFormat = {
  name: 'alpaca',
  title: 'Alpaca history, JSON ({"bars": …}, {"trades": …} or {"quotes": …} with "next_page_token" or "symbol")',
  shape: 'json',
  recognises: (document) =>
    isFields(document) && Object.keys(turns).some((name) => rowsOf(document[name]) !== undefined),
  reader: (reading): JsonReader => {
    const terms =
      reading.timeframe === undefined
        ? undefined
        : barTerms(reading.timeframe, zoneOf(reading.timeZone ?? 'America/New_York'));
    return (document, emit, reject) => {
      if (!isFields(document)) throw new BadRow('the document is no JSON object', typeof document);
      const found = Object.entries(turns).filter(([name]) => document[name] !== undefined && document[name] !== null);
      if (found.length === 0)
        throw new BadRow('the document has no bars, trades or quotes', Object.keys(document).join(', '));
      for (const [name, turn] of found) {
        const lists = rowsOf(document[name]) ?? refuse(`${name} is neither a list nor lists by symbol`);
        for (const [key, rows] of lists) {
          const symbol = key ?? textOf(document['symbol']) ?? reading.symbol;
          if (symbol === undefined) throw new BadRow(`${name} come without a symbol; give --symbol`);
          for (const [index, row] of rows.entries()) {
            try {
              emit(turn(isFields(row) ? row : refuse('the row is no JSON object'), symbol, reading, terms));
            } catch (bad) {
              if (!(bad instanceof BadRow)) throw bad;
              reject(bad, `${name}${key === undefined ? '' : `.${key}`}[${index}]`, row);
            }
          }
        }
      }
    };
  },
};

const tapes: readonly TapeLetter[] = ['A', 'B', 'C', 'O'];

const turns: Readonly<Record<string, Turn>> = {
  trades: (row, ticker, { market }) => ({
    kind: 'trade',
    ...listed(ticker, market),
    at: time(row, 't'),
    id: idOf(row['i']),
    price: number(row, 'p'),
    size: amount(row, 's'),
    exchange: textOf(row['x']),
    conditions: conditionsOf(row['c']),
    tape: tapes.find((letter) => letter === row['z']),
    sequence: undefined,
    participantAt: undefined,
    trfId: undefined,
    trfAt: undefined,
    taker: row['tks'] === 'B' ? 'buy' : row['tks'] === 'S' ? 'sell' : undefined,
    ...unknownOfTrade,
  }),
  quotes: (row, ticker, { market }) => ({
    kind: 'quote',
    ...listed(ticker, market),
    at: time(row, 't'),
    bidPrice: number(row, 'bp'),
    bidSize: amount(row, 'bs'),
    bidExchange: textOf(row['bx']),
    askPrice: number(row, 'ap'),
    askSize: amount(row, 'as'),
    askExchange: textOf(row['ax']),
    conditions: conditionsOf(row['c']),
    indicators: [],
    tape: tapes.find((letter) => letter === row['z']),
    sequence: undefined,
    participantAt: undefined,
    ...unknownOfQuote,
  }),
  bars: (row, ticker, { market: told }, terms) => {
    const { symbol, market } = listed(ticker, told);
    const start = time(row, 't');
    const { kind, end } = terms ?? guessTerms(market)(start);
    const [high, low, close] = [number(row, 'h'), number(row, 'l'), number(row, 'c')];
    return {
      kind,
      market,
      symbol,
      at: end(start),
      start,
      open: number(row, 'o'),
      high,
      low,
      close,
      volume: amount(row, 'v'),
      trades: row['n'] === undefined ? 0 : amount(row, 'n'),
      vwap: row['vw'] === undefined ? typicalPrice(high, low, close) : number(row, 'vw'),
      ...unknownOfBar,
    };
  },
};

/** The rows of a document, by symbol where they are kept so; `undefined` when these are no rows. */
function rowsOf(
  value: unknown,
): readonly (readonly [symbol: string | undefined, rows: readonly unknown[]])[] | undefined {
  if (Array.isArray(value)) return [[undefined, value]];
  if (!isFields(value)) return undefined;
  const lists = Object.entries(value);
  // A symbol that has no rows may come as null. The latest-row endpoints have a row in place of a list: they are no history.
  if (!lists.every(([, rows]) => rows === null || Array.isArray(rows))) return undefined;
  return lists.map(([symbol, rows]) => [symbol, Array.isArray(rows) ? rows : []]);
}

function time(row: Fields, name: string): Nanos {
  const text = row[name];
  if (typeof text !== 'string') return refuse(`${name} is no time`, shown(text));
  const { nanos, naive } = momentOf(text, name);
  return naive ? refuse(`${name} has no zone`, text) : nanos;
}

function number(row: Fields, name: string): number {
  const value = row[name];
  return typeof value === 'number'
    ? value
    : refuse(value === undefined ? `${name} is missing` : `${name} is no number`, shown(value));
}

const amount = (row: Fields, name: string): number => notNegative(number(row, name), name);

/** Ids of crypto pass 2^53; the document's reader keeps such integers as text. */
function idOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' || typeof value === 'number' ? String(value) : refuse('i is no id', shown(value));
}

/** A list, or one text for options (sheet §5). */
function conditionsOf(value: unknown): readonly string[] {
  if (value === undefined || value === null) return [];
  if (typeof value === 'string') return [value];
  const texts = Array.isArray(value) ? value.filter((one) => typeof one === 'string') : undefined;
  return texts !== undefined && Array.isArray(value) && texts.length === value.length
    ? texts
    : refuse('c is no list of texts', shown(value));
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
