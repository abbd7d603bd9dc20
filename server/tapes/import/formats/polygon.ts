import type { Market, Nanos, TapeLetter } from '../../../../market/event.ts';
import { unknownOfBar } from '../../../../market/unknown.ts';
import { barTerms, guessTerms, typicalPrice } from '../bar-terms.ts';
import { type Cell, Columns, refuse } from '../columns.ts';
import type { CsvFormat, CsvReader, Reading } from '../format.ts';
import { zoneOf } from '../wall-times.ts';
import { conditionLetter, exchangeLetter, quoteConditionLetter, tapeLetter } from './polygon-codes.ts';

const bars = ['ticker', 'open', 'high', 'low', 'close', 'window_start'];
const quotes = ['ticker', 'bid_price', 'ask_price'];
const trades = ['ticker', 'price', 'size', 'exchange'];
const times = ['sip_timestamp', 'participant_timestamp', 'timestamp'];
const currencies = /^(\w+?)(USDT|USDC|USD|EUR|GBP|JPY|AUD|CAD|CHF|BTC|ETH)$/;

/** Different lists of conditions remembered of a file; real ones have some hundred. */
const rememberedLists = 4096;

/**
 * Polygon's (Massive's) flat files: trades, quotes, minute and day bars of all asset classes (Polygon sheet §9). Columns are found by name,
 * because their order differs between the documents and the files.
 */
export const polygon: CsvFormat = {
  name: 'polygon',
  title:
    'Polygon flat file (ticker and window_start; or ticker, price or bid_price, and sip_timestamp or participant_timestamp)',
  shape: 'csv',
  recognises: (header) => {
    const has = (names: readonly string[]): boolean => names.every((name) => header.includes(name));
    return has(bars) || ((has(quotes) || has(trades)) && times.some((name) => header.includes(name)));
  },
  reader: (header, reading, path) => {
    const columns = new Columns(header, path);
    if (columns.has('window_start')) return barReader(columns, reading, path);
    return columns.has('bid_price') ? quoteReader(columns, reading) : tradeReader(columns, reading);
  },
};

function tradeReader(columns: Columns, reading: Reading): CsvReader {
  const instrument = instrumentOf(columns, reading);
  const at = timeOf(columns);
  const [price, size] = [columns.number('price'), columns.amount('size')];
  const id = columns.maybeText('id');
  const exchange = columns.maybeText('exchange');
  const conditions = columns.maybeText('conditions');
  const tape = columns.maybeText('tape');
  const sequence = columns.maybeNumber('sequence_number');
  const participant = columns.has('sip_timestamp') ? columns.maybeNanos('participant_timestamp') : unknown;
  const trfId = columns.maybeNumber('trf_id');
  const trfAt = columns.maybeNanos('trf_timestamp');
  const correction = columns.maybeNumber('correction');
  const report = columns.maybeNumber('report_sequence');
  const session = columns.maybeText('session_end_date');
  const listOf = lists();
  const lettersOf = remembered((codes: readonly string[], letter: TapeLetter | undefined) =>
    codes.map((code) => conditionLetter(code, letter)),
  );
  return (cells, emit) => {
    const { symbol, market } = instrument(cells);
    const letter = tapeLetter(tape(cells) ?? '');
    const codes = listOf(conditions(cells));
    emit({
      kind: 'trade',
      market,
      symbol,
      at: at(cells),
      id: id(cells) ?? '',
      price: price(cells),
      size: size(cells),
      exchange: exchangeOf(exchange(cells), market),
      // Crypto has no sale conditions; its codes tell who took liquidity (sheet §5: 1 sell side, 2 buy side).
      conditions: market === 'crypto' ? [] : market === 'stocks' ? lettersOf(codes, letter) : codes,
      tape: letter,
      sequence: sequence(cells),
      participantAt: participant(cells),
      trfId: trfId(cells) || undefined,
      trfAt: trfAt(cells),
      taker: market !== 'crypto' ? undefined : codes.includes('1') ? 'sell' : codes.includes('2') ? 'buy' : undefined,
      receivedAt: undefined,
      correction: correction(cells),
      reportSequence: report(cells),
      session: session(cells),
    });
  };
}

function quoteReader(columns: Columns, reading: Reading): CsvReader {
  const instrument = instrumentOf(columns, reading);
  const at = timeOf(columns);
  // A price of 0 is a side without orders.
  const [bidPrice, askPrice] = [columns.numberOrZero('bid_price'), columns.numberOrZero('ask_price')];
  const [bidSize, askSize] = [columns.amountOrZero('bid_size'), columns.amountOrZero('ask_size')];
  const shared = columns.maybeText('exchange');
  const bidExchange = columns.has('bid_exchange') ? columns.maybeText('bid_exchange') : shared;
  const askExchange = columns.has('ask_exchange') ? columns.maybeText('ask_exchange') : shared;
  const conditions = columns.maybeText('conditions');
  const indicators = columns.maybeText('indicators');
  const tape = columns.maybeText('tape');
  const sequence = columns.maybeNumber('sequence_number');
  const participant = columns.has('sip_timestamp') ? columns.maybeNanos('participant_timestamp') : unknown;
  const trfAt = columns.maybeNanos('trf_timestamp');
  const [bidAt, askAt] = [columns.maybeNanos('bid_timestamp'), columns.maybeNanos('ask_timestamp')];
  const report = columns.maybeNumber('report_sequence');
  const session = columns.maybeText('session_end_date');
  const listOf = lists();
  return (cells, emit) => {
    const { symbol, market } = instrument(cells);
    const codes = listOf(conditions(cells));
    emit({
      kind: 'quote',
      market,
      symbol,
      at: at(cells),
      bidPrice: bidPrice(cells),
      bidSize: bidSize(cells),
      bidExchange: exchangeOf(bidExchange(cells), market),
      askPrice: askPrice(cells),
      askSize: askSize(cells),
      askExchange: exchangeOf(askExchange(cells), market),
      conditions: market === 'stocks' ? codes.map(quoteConditionLetter) : codes,
      indicators: listOf(indicators(cells)).map(Number),
      tape: tapeLetter(tape(cells) ?? ''),
      sequence: sequence(cells),
      participantAt: participant(cells),
      trfAt: trfAt(cells),
      bidAt: bidAt(cells),
      askAt: askAt(cells),
      receivedAt: undefined,
      reportSequence: report(cells),
      session: session(cells),
    });
  };
}

function barReader(columns: Columns, reading: Reading, path: string): CsvReader {
  const instrument = instrumentOf(columns, reading);
  const start = columns.nanos('window_start');
  const [open, high] = [columns.number('open'), columns.number('high')];
  const [low, close] = [columns.number('low'), columns.number('close')];
  const [volume, transactions] = [columns.amountOrZero('volume'), columns.amountOrZero('transactions')];
  // The folder of a flat file names its kind; a file that was moved is told by its times.
  const [, folder] = /(minute|day)_aggs/.exec(path) ?? [];
  const timeframe = reading.timeframe ?? (folder === 'day' ? '1d' : folder === 'minute' ? '1m' : undefined);
  const fixed =
    timeframe === undefined ? undefined : barTerms(timeframe, zoneOf(reading.timeZone ?? 'America/New_York'));
  return (cells, emit) => {
    const { symbol, market } = instrument(cells);
    const from = start(cells);
    const { kind, end } = fixed ?? guessTerms(market)(from);
    const [top, bottom, last] = [high(cells), low(cells), close(cells)];
    emit({
      kind,
      market,
      symbol,
      at: end(from),
      start: from,
      open: open(cells),
      high: top,
      low: bottom,
      close: last,
      volume: volume(cells),
      trades: transactions(cells),
      vwap: typicalPrice(top, bottom, last),
      ...unknownOfBar,
    });
  };
}

interface Instrument {
  readonly symbol: string;
  readonly market: Market;
}

/** Symbol and market of a row. A file is in order of tickers, so the last answer is mostly the next one. */
function instrumentOf(columns: Columns, reading: Reading): Cell<Instrument> {
  const ticker = columns.text('ticker');
  const plain = reading.market ?? (columns.has('session_end_date') ? 'futures' : 'stocks');
  let [known, instrument]: [string, Instrument] = ['', { symbol: '', market: plain }];
  return (cells) => {
    const text = ticker(cells);
    if (text !== known) [known, instrument] = [text, neutral(text, plain)];
    return instrument;
  };
}

/** `X:BTC-USD` → BTC/USD, `C:EURUSD` → EUR/USD, `O:SPY…` → SPY…, `I:SPX` → SPX (sheet §9). */
function neutral(ticker: string, plain: Market): Instrument {
  const rest = ticker.slice(2);
  if (ticker[1] !== ':') return { symbol: ticker, market: plain };
  if (ticker[0] === 'O') return { symbol: rest, market: 'options' };
  if (ticker[0] === 'I') return { symbol: rest, market: 'indices' };
  if (ticker[0] !== 'X' && ticker[0] !== 'C') return refuse('ticker has an unknown prefix', ticker);
  return { symbol: pair(rest), market: ticker[0] === 'X' ? 'crypto' : 'forex' };
}

function pair(text: string): string {
  return text.includes('-') ? text.replace('-', '/') : text.replace(currencies, '$1/$2');
}

/** When it was published: SIP time, the participant's where there is no SIP, the exchange's for futures. */
function timeOf(columns: Columns): Cell<Nanos> {
  return columns.nanos(times.find((name) => columns.has(name)) ?? 'sip_timestamp');
}

function exchangeOf(id: string | undefined, market: Market): string | undefined {
  return id === undefined || market !== 'stocks' ? id : exchangeLetter(id);
}

/** `12,37` → 12 and 37; empty is none. Some files spell a list with brackets or blanks. A file has few different ones, so each is read once. */
function lists(): (text: string | undefined) => readonly string[] {
  const known = new Map<string, readonly string[]>();
  return (text) => {
    if (text === undefined) return none;
    const list = known.get(text);
    if (list !== undefined) return list;
    const codes = text.replaceAll(/[[\]{}\s]/g, '').split(',');
    if (!codes.every((code) => /^-?\d+$/.test(code))) refuse('a list holds more than numbers', text);
    if (known.size >= rememberedLists) known.clear();
    known.set(text, codes);
    return codes;
  };
}

/** Letters of lists that `lists` gives, which are the same object for the same text. */
function remembered(
  spell: (codes: readonly string[], letter: TapeLetter | undefined) => readonly string[],
): (codes: readonly string[], letter: TapeLetter | undefined) => readonly string[] {
  const known = new WeakMap<readonly string[], Map<TapeLetter | undefined, readonly string[]>>();
  return (codes, letter) => {
    let letters = known.get(codes);
    if (letters === undefined) known.set(codes, (letters = new Map()));
    let spelt = letters.get(letter);
    if (spelt === undefined) letters.set(letter, (spelt = spell(codes, letter)));
    return spelt;
  };
}

const none: readonly string[] = [];
const unknown = (): undefined => undefined;
