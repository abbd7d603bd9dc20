import { unknownOfBar } from '../../../../market/unknown.ts';
import { barTerms, typicalPrice } from '../bar-terms.ts';
import { Columns, refuse } from '../columns.ts';
import type { CsvFormat, CsvReader, Reading } from '../format.ts';
import { momentOf } from '../instants.ts';
import { listed } from '../symbols.ts';
import { timePattern } from '../time-pattern.ts';
import { instantOf, WallTimes, zoneOf } from '../wall-times.ts';
import { TapeError } from '../../../sources/source.ts';

type Map = NonNullable<Reading['map']>;
type Field = keyof Map;

/** What columns are usually called; `--map` says it of others. */
const usual: Readonly<Record<Field, readonly string[]>> = {
  time: ['time', 'timestamp', 'datetime', 'date_time', 'date', 'ts', 'open_time', 'open time', 'gmt time'],
  date: [],
  open: ['open', 'o'],
  high: ['high', 'h'],
  low: ['low', 'l'],
  close: ['close', 'c', 'last'],
  volume: ['volume', 'vol', 'v'],
  symbol: ['symbol', 'ticker', 'instrument', 's'],
  trades: ['trades', 'trade_count', 'count', 'transactions', 'number of trades', 'n'],
  vwap: ['vwap', 'vw'],
};
const needed: readonly Field[] = ['time', 'open', 'high', 'low', 'close'];

/** Any table of bars, its columns found by their usual names or by a mapping; `#3` is the third column of a file without a header. */
export const ohlcv: CsvFormat = {
  name: 'ohlcv',
  title:
    'bars in CSV (time, open, high, low, close and perhaps volume, symbol, trades, vwap; --map names columns called otherwise)',
  shape: 'csv',
  headless: ({ map = {} }) => map.open?.startsWith('#') === true,
  recognises: (header, { map }) => needed.every((field) => columnOf(field, header, map) !== undefined),
  reader: (header, reading, path) => barReader(header, reading, path),
};

function barReader(header: readonly string[], reading: Reading, path: string): CsvReader {
  const columns = new Columns(header, path);
  const column = (field: Field): string =>
    columnOf(field, header, reading.map) ??
    fail(path, `no column for ${field} among ${header.join(', ')}`, `name it: --map ${field}=COLUMN`);
  const optional = (field: Field): string => columnOf(field, header, reading.map) ?? '';
  const [timeName, dateName] = [column('time'), reading.map?.date];
  const time = columns.text(timeName);
  const date = dateName === undefined ? undefined : columns.text(dateName);
  const moment = reading.timeFormat === undefined ? momentOf : timePattern(reading.timeFormat);
  const walls = reading.timeZone === undefined ? undefined : new WallTimes(zoneOf(reading.timeZone));
  const ticker = columns.maybeText(optional('symbol'));
  const [open, high] = [columns.number(column('open')), columns.number(column('high'))];
  const [low, close] = [columns.number(column('low')), columns.number(column('close'))];
  const [volume, trades] = [columns.amountOrZero(optional('volume')), columns.amountOrZero(optional('trades'))];
  const vwap = columns.maybeNumber(optional('vwap'));
  const zone = zoneOf(reading.timeZone ?? 'America/New_York');
  const dayWalls = walls ?? new WallTimes(zone);
  let terms = reading.timeframe === undefined ? undefined : barTerms(reading.timeframe, zone);
  return (cells, emit) => {
    const name = ticker(cells) ?? reading.symbol;
    if (name === undefined) {
      if (optional('symbol') !== '') refuse(`${optional('symbol')} is empty`);
      return fail(path, 'its rows name no symbol', 'give --symbol AAPL, or name the column: --map symbol=COLUMN');
    }
    const { symbol, market } = listed(name, reading.market);
    const text = date === undefined ? time(cells) : `${date(cells)} ${time(cells)}`;
    const shown = moment(text, timeName);
    // A date alone is a day in New York unless said otherwise, and its bar is a day long.
    if (terms === undefined && shown.day) terms = barTerms('1d', zone);
    const { kind, end, startOf } =
      terms ?? fail(path, 'nothing tells how long its bars are', 'give --timeframe 1m, or 1s, 5m, 1h, 1d');
    const label = instantOf(shown, symbol, shown.day ? dayWalls : walls, path);
    const start = reading.barLabel === 'end' ? startOf(label) : label;
    const [top, bottom, last] = [high(cells), low(cells), close(cells)];
    emit({
      kind,
      market,
      symbol,
      at: end(start),
      start,
      open: open(cells),
      high: top,
      low: bottom,
      close: last,
      volume: volume(cells),
      trades: trades(cells),
      vwap: vwap(cells) ?? typicalPrice(top, bottom, last),
      ...unknownOfBar,
    });
  };
}

/** The column of a field, as the mapping names it or as it is usually called; `undefined` when the file has none. */
function columnOf(field: Field, header: readonly string[], map: Map | undefined): string | undefined {
  const told = map?.[field]?.toLowerCase();
  const names = header.map((name) => name.trim().toLowerCase());
  return told === undefined ? usual[field].find((name) => names.includes(name)) : names.find((name) => name === told);
}

function fail(path: string, what: string, wayOut: string): never {
  throw new TapeError(`${path}: ${what}; ${wayOut}`);
}
