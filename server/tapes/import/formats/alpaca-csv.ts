import type { TapeLetter } from '../../../../market/event.ts';
import { unknownOfBar, unknownOfQuote, unknownOfTrade } from '../../../../market/unknown.ts';
import { barTerms, guessTerms, typicalPrice } from '../bar-terms.ts';
import { type Cell, Columns, refuse } from '../columns.ts';
import type { CsvFormat, CsvReader, Reading } from '../format.ts';
import { momentOf } from '../instants.ts';
import { listed } from '../symbols.ts';
import { instantOf, WallTimes, zoneOf } from '../wall-times.ts';

const bars = ['open', 'high', 'low', 'close', 'volume', 'trade_count', 'vwap'];
const quotes = ['bid_price', 'bid_size', 'ask_price', 'ask_size'];
const trades = ['price', 'size', 'exchange'];
const tapes: readonly TapeLetter[] = ['A', 'B', 'C', 'O'];

/** Tables as alpaca-py makes of Alpaca's history (`BarSet.df.to_csv()`), with the names of its models. */
export const alpacaCsv: CsvFormat = {
  name: 'alpaca-csv',
  title:
    'Alpaca history, CSV of alpaca-py (timestamp with open…vwap and trade_count, or price and size, or bid_price and ask_price)',
  shape: 'csv',
  recognises: (header) => {
    const has = (names: readonly string[]): boolean => names.every((name) => header.includes(name));
    return header.includes('timestamp') && !header.includes('ticker') && (has(bars) || has(quotes) || has(trades));
  },
  reader: (header, reading, path) => {
    const columns = new Columns(header, path);
    if (columns.has('open')) return barReader(columns, reading, path);
    return columns.has('bid_price') ? quoteReader(columns, reading, path) : tradeReader(columns, reading, path);
  },
};

function tradeReader(columns: Columns, reading: Reading, path: string): CsvReader {
  const happening = happeningOf(columns, reading, path);
  const [price, size, id] = [columns.number('price'), columns.amount('size'), columns.maybeText('id')];
  const [exchange, tape, conditions] = ['exchange', 'tape', 'conditions'].map((name) => columns.maybeText(name));
  const side = columns.maybeText('taker_side');
  return (cells, emit) => {
    const taker = side(cells)?.toLowerCase();
    const letter = tape?.(cells);
    emit({
      kind: 'trade',
      ...happening(cells),
      id: id(cells) ?? '',
      price: price(cells),
      size: size(cells),
      exchange: exchange?.(cells),
      conditions: conditionsOf(conditions?.(cells)),
      tape: tapes.find((one) => one === letter),
      sequence: undefined,
      participantAt: undefined,
      trfId: undefined,
      trfAt: undefined,
      taker: taker === 'b' || taker === 'buy' ? 'buy' : taker === 's' || taker === 'sell' ? 'sell' : undefined,
      ...unknownOfTrade,
    });
  };
}

function quoteReader(columns: Columns, reading: Reading, path: string): CsvReader {
  const happening = happeningOf(columns, reading, path);
  const [bidPrice, bidSize] = [columns.numberOrZero('bid_price'), columns.amountOrZero('bid_size')];
  const [askPrice, askSize] = [columns.numberOrZero('ask_price'), columns.amountOrZero('ask_size')];
  const [bidExchange, askExchange] = [columns.maybeText('bid_exchange'), columns.maybeText('ask_exchange')];
  const [tape, conditions] = [columns.maybeText('tape'), columns.maybeText('conditions')];
  return (cells, emit) => {
    const letter = tape(cells);
    emit({
      kind: 'quote',
      ...happening(cells),
      bidPrice: bidPrice(cells),
      bidSize: bidSize(cells),
      bidExchange: bidExchange(cells),
      askPrice: askPrice(cells),
      askSize: askSize(cells),
      askExchange: askExchange(cells),
      conditions: conditionsOf(conditions(cells)),
      indicators: [],
      tape: tapes.find((one) => one === letter),
      sequence: undefined,
      participantAt: undefined,
      ...unknownOfQuote,
    });
  };
}

function barReader(columns: Columns, reading: Reading, path: string): CsvReader {
  const happening = happeningOf(columns, reading, path);
  const zone = zoneOf(reading.timeZone ?? 'America/New_York');
  const fixed = reading.timeframe === undefined ? undefined : barTerms(reading.timeframe, zone);
  const [open, high] = [columns.number('open'), columns.number('high')];
  const [low, close] = [columns.number('low'), columns.number('close')];
  const [volume, count, vwap] = [
    columns.amountOrZero('volume'),
    columns.amountOrZero('trade_count'),
    columns.maybeNumber('vwap'),
  ];
  return (cells, emit) => {
    const { symbol, market, at: start } = happening(cells);
    const { kind, end } = fixed ?? guessTerms(market)(start);
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
      trades: count(cells),
      vwap: vwap(cells) ?? typicalPrice(top, bottom, last),
      ...unknownOfBar,
    });
  };
}

function happeningOf(
  columns: Columns,
  reading: Reading,
  path: string,
): Cell<ReturnType<typeof listed> & { readonly at: bigint }> {
  const walls = reading.timeZone === undefined ? undefined : new WallTimes(zoneOf(reading.timeZone));
  const [ticker, time] = [columns.maybeText('symbol'), columns.text('timestamp')];
  return (cells) => {
    const name = ticker(cells) ?? reading.symbol ?? refuse('symbol is empty; give --symbol');
    const instrument = listed(name, reading.market);
    return { ...instrument, at: instantOf(momentOf(time(cells), 'timestamp'), instrument.symbol, walls, path) };
  };
}

/** A list as Python or JSON prints it (`['@', 'I']`), or bare (`@,I`). A blank is a condition too: `[' ', 'I']`. */
function conditionsOf(text: string | undefined): readonly string[] {
  if (text === undefined) return [];
  if (!text.startsWith('[')) return text.split(',');
  return [...text.matchAll(/'([^']*)'|"([^"]*)"/g)].map(([, single, double]) => single ?? double ?? '');
}
