import type { Nanos } from '../../../../market/event.ts';
import { TimeZone } from '../../../../market/time-zone.ts';
import { unknownOfBar } from '../../../../market/unknown.ts';
import { type BarTerms, barTerms, typicalPrice } from '../bar-terms.ts';
import { type Cell, Columns, nanosOf, numberOf, refuse } from '../columns.ts';
import type { CsvFormat, CsvReader, Reading } from '../format.ts';
import { momentOf } from '../instants.ts';
import { listed } from '../symbols.ts';

/** Databento's "undefined" price and timestamp: the largest int64 and uint64 (DBN, `UNDEF_PRICE`, `UNDEF_TIMESTAMP`). */
const noPrice = '9223372036854775807';
const noTime = '18446744073709551615';
const fixedPoint = /^-?\d{1,19}$/;
/** Record types of bars (DBN, `RType`): 36 is the end-of-day bar. */
const lengths: Readonly<Record<string, string>> = { 32: '1s', 33: '1m', 34: '1h', 35: '1d', 36: '1d' };

/**
 * Databento's CSV of trades, mbp-1, tbbo, bbo and ohlcv records. Prices are decimals (`pretty_px`) or 1e-9 integers, times ISO (`pretty_ts`) or
 * nanoseconds. An event's time is the exchange's (`ts_event`); when Databento received it is kept as `receivedAt`.
 */
export const databento: CsvFormat = {
  name: 'databento',
  title: 'Databento CSV of trades, mbp-1, tbbo, bbo or ohlcv (ts_event, rtype, publisher_id …)',
  shape: 'csv',
  recognises: (header) =>
    ['ts_event', 'publisher_id'].every((name) => header.includes(name)) &&
    ['price', 'bid_px_00', 'open'].some((name) => header.includes(name)),
  reader: (header, reading, path) => {
    const columns = new Columns(header, path);
    if (columns.has('open')) return barReader(columns, reading);
    return columns.has('bid_px_00') ? topReader(columns, reading) : tradeReader(columns, reading);
  },
};

function tradeReader(columns: Columns, reading: Reading): CsvReader {
  const happening = happeningOf(columns, reading);
  const [action, side] = [columns.maybeText('action'), columns.maybeText('side')];
  const [price, size] = [priceOf(columns, 'price'), columns.amount('size')];
  const sequence = columns.maybeText('sequence');
  return (cells, emit) => {
    const what = action(cells) ?? 'T';
    if (what !== 'T') refuse('action is no trade', what);
    const taker = side(cells);
    const number = sequence(cells);
    emit({
      kind: 'trade',
      ...happening(cells),
      // Databento has no trade ids; the sequence number is what tells two trades apart.
      id: number ?? '',
      price: price(cells) ?? refuse('price is undefined'),
      size: size(cells),
      exchange: undefined,
      conditions: [],
      tape: undefined,
      sequence: number === undefined ? undefined : numberOf(number, 'sequence'),
      participantAt: undefined,
      trfId: undefined,
      trfAt: undefined,
      // The side of the aggressor (Databento, "Trades" schema).
      taker: taker === 'B' ? 'buy' : taker === 'A' ? 'sell' : undefined,
      correction: undefined,
      reportSequence: undefined,
      session: undefined,
    });
  };
}

/** Rows with the top of the book: a quote where it has changed, and before it nothing, after it the trade of a trade's row. */
function topReader(columns: Columns, reading: Reading): CsvReader {
  const happening = happeningOf(columns, reading);
  const trade = columns.has('action') ? tradeReader(columns, reading) : undefined;
  const action = columns.maybeText('action');
  const [bidPrice, askPrice] = [priceOf(columns, 'bid_px_00'), priceOf(columns, 'ask_px_00')];
  const [bidSize, askSize] = [columns.amount('bid_sz_00'), columns.amount('ask_sz_00')];
  const sequence = columns.maybeNumber('sequence');
  const shown = new Map<string, string>();
  return (cells, emit) => {
    const about = happening(cells);
    const top = {
      bidPrice: bidPrice(cells) ?? 0,
      bidSize: bidSize(cells),
      askPrice: askPrice(cells) ?? 0,
      askSize: askSize(cells),
    };
    const number = sequence(cells);
    const isTrade = action(cells) === 'T';
    const book = `${top.bidPrice} ${top.bidSize} ${top.askPrice} ${top.askSize}`;
    // The trade goes first to a holder of its own, so that a row that cannot be read leaves nothing behind.
    const held: Parameters<typeof emit>[0][] = [];
    if (isTrade) trade?.(cells, (event) => held.push(event));
    if (!isTrade || shown.get(about.symbol) !== book) {
      emit({
        kind: 'quote',
        ...about,
        ...top,
        bidExchange: undefined,
        askExchange: undefined,
        conditions: [],
        indicators: [],
        tape: undefined,
        sequence: number,
        participantAt: undefined,
        trfAt: undefined,
        bidAt: undefined,
        askAt: undefined,
        reportSequence: undefined,
        session: undefined,
      });
      shown.set(about.symbol, book);
    }
    held.forEach(emit);
  };
}

function barReader(columns: Columns, reading: Reading): CsvReader {
  const happening = happeningOf(columns, reading);
  const record = columns.maybeText('rtype');
  const [open, high] = [priceOf(columns, 'open'), priceOf(columns, 'high')];
  const [low, close] = [priceOf(columns, 'low'), priceOf(columns, 'close')];
  const volume = columns.amount('volume');
  // Databento's days are days of UTC.
  const zone = new TimeZone(reading.timeZone ?? 'UTC');
  const terms = new Map<string, BarTerms>();
  const termsOf = (length: string): BarTerms => {
    const known = terms.get(length) ?? barTerms(length, zone);
    terms.set(length, known);
    return known;
  };
  return (cells, emit) => {
    const { symbol, market, at: start } = happening(cells);
    const type = record(cells) ?? '';
    const { kind, end } = termsOf(
      reading.timeframe ?? lengths[type] ?? refuse('rtype is no bar; give --timeframe', type),
    );
    const top = high(cells) ?? refuse('high is undefined');
    const bottom = low(cells) ?? refuse('low is undefined');
    const last = close(cells) ?? refuse('close is undefined');
    emit({
      kind,
      market,
      symbol,
      at: end(start),
      start,
      open: open(cells) ?? refuse('open is undefined'),
      high: top,
      low: bottom,
      close: last,
      volume: volume(cells),
      trades: 0,
      vwap: typicalPrice(top, bottom, last),
      ...unknownOfBar,
    });
  };
}

interface About extends ReturnType<typeof listed> {
  readonly at: Nanos;
  readonly receivedAt: Nanos | undefined;
}

/** A file written without `map_symbols` has only numbers for its instruments; they are the symbols then. */
function happeningOf(columns: Columns, reading: Reading): Cell<About> {
  const symbol = columns.has('symbol') ? columns.text('symbol') : undefined;
  const instrument = columns.maybeText('instrument_id');
  const [event, received] = [columns.maybeText('ts_event'), columns.maybeText('ts_recv')];
  return (cells) => {
    const name =
      symbol?.(cells) ?? reading.symbol ?? instrument(cells) ?? refuse('the row has no symbol; give --symbol');
    const receivedAt = timeOf(received(cells), 'ts_recv');
    const at = timeOf(event(cells), 'ts_event') ?? receivedAt ?? refuse('ts_event is undefined');
    return { ...listed(name, reading.market), at, receivedAt };
  };
}

function timeOf(text: string | undefined, name: string): Nanos | undefined {
  if (text === undefined || text === noTime) return undefined;
  return text.includes('-') ? momentOf(text, name).nanos : nanosOf(text, name);
}

/** `231.470000000` or `231470000000`; `undefined` for an empty cell and for Databento's own mark of it. */
function priceOf(columns: Columns, name: string): Cell<number | undefined> {
  const cell = columns.maybeText(name);
  return (cells) => {
    const text = cell(cells);
    if (text === undefined || text === noPrice) return undefined;
    if (!fixedPoint.test(text)) return numberOf(text, name);
    const digits = text.replace('-', '').padStart(10, '0');
    return Number(`${text.startsWith('-') ? '-' : ''}${digits.slice(0, -9)}.${digits.slice(-9)}`);
  };
}
