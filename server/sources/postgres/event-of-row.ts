import {
  type Bar,
  channels,
  markets,
  type Channel,
  type Market,
  type MarketEvent,
  type TapeLetter,
} from '../../../market/event.ts';
import { TapeError } from '../source.ts';
import type { Cells } from './cells.ts';
import { eventOfDetail } from './detail.ts';
import { barExtras, quoteExtras, tradeExtras } from './extras.ts';
import { timeframes, type Timeframe } from './sql.ts';

const marketOf = new Map<string | undefined, Market>(markets.map((market) => [market, market]));
const channelOf = new Map<string | undefined, Channel>(channels.map((channel) => [channel, channel]));
const tapeOf = new Map<string | undefined, TapeLetter>((['A', 'B', 'C', 'O'] as const).map((tape) => [tape, tape]));
const none: readonly never[] = [];

/** Reads the cells of `eventColumns`. */
export function eventOfRow(cells: Cells): MarketEvent {
  const at = cells.instant();
  const symbol = needed(cells.text(), 'symbol', 'websocket_data');
  const market = known(marketOf, cells.text(), 'market');
  const kind = known(channelOf, cells.text(), 'channel');
  const id = cells.rareText();
  const sequence = safe(cells.int8());
  const exchange = cells.text();
  const conditions = cells.texts() ?? none;
  const tape = tapeOf.get(cells.text());
  const price = cells.float8();
  const size = cells.float8();
  const bidPrice = cells.float8();
  const bidSize = cells.float8();
  const bidExchange = cells.text();
  const askPrice = cells.float8();
  const askSize = cells.float8();
  const askExchange = cells.text();
  const indicators = cells.int4s() ?? none;
  const participantAt = cells.int8();
  const trfId = cells.int4();
  const trfAt = cells.int8();
  const side = cells.text();
  const detail = cells.json();
  if (kind === 'trade') {
    const { receivedAt, correction, reportSequence, session } = tradeExtras(symbol, detail);
    return {
      kind,
      market,
      symbol,
      at,
      id: id ?? '',
      price: needed(price, 'price', 'websocket_data'),
      size: needed(size, 'size', 'websocket_data'),
      exchange,
      conditions,
      tape,
      sequence,
      participantAt,
      trfId,
      trfAt,
      taker: side === 'buy' || side === 'sell' ? side : undefined,
      receivedAt,
      correction,
      reportSequence,
      session,
    };
  }
  if (kind === 'quote') {
    const extras = quoteExtras(symbol, detail);
    return {
      kind,
      market,
      symbol,
      at,
      bidPrice: needed(bidPrice, 'bid_price', 'websocket_data'),
      bidSize: needed(bidSize, 'bid_size', 'websocket_data'),
      bidExchange,
      askPrice: needed(askPrice, 'ask_price', 'websocket_data'),
      askSize: needed(askSize, 'ask_size', 'websocket_data'),
      askExchange,
      conditions,
      indicators,
      tape,
      sequence,
      participantAt,
      trfAt: extras.trfAt,
      bidAt: extras.bidAt,
      askAt: extras.askAt,
      receivedAt: extras.receivedAt,
      reportSequence: extras.reportSequence,
      session: extras.session,
    };
  }
  return eventOfDetail(kind, { market, symbol, at }, needed(detail, 'detail', 'websocket_data'));
}

/** Reads the cells of `barColumns`: a finished bar, published when its bucket ends or a little later. */
export function barOfRow(cells: Cells, timeframe: Timeframe): Bar {
  const { channel, span } = timeframes[timeframe];
  const start = cells.micro();
  const symbol = needed(cells.text(), 'symbol', 'market_data');
  const market = known(marketOf, cells.text(), 'market');
  const open = needed(cells.float8(), 'open', 'market_data');
  const high = needed(cells.float8(), 'high', 'market_data');
  const low = needed(cells.float8(), 'low', 'market_data');
  const close = needed(cells.float8(), 'close', 'market_data');
  const volume = cells.float8() ?? 0;
  const trades = cells.float8() ?? 0;
  // A bar recorded without its vwap gets its typical price, the usual stand-in.
  const vwap = cells.float8() ?? (high + low + close) / 3;
  const delay = cells.int8() ?? 0n;
  const extras = barExtras(symbol, cells.json());
  return {
    kind: channel,
    market,
    symbol,
    at: start + span + delay,
    start,
    open,
    high,
    low,
    close,
    volume,
    trades,
    vwap,
    dayVolume: extras.dayVolume,
    dayOpen: extras.dayOpen,
    dayVwap: extras.dayVwap,
    averageSize: extras.averageSize,
    turnover: extras.turnover,
    otc: extras.otc,
  };
}

function needed<Value>(value: Value | undefined, column: string, table: string): Value {
  if (value === undefined) {
    throw new TapeError(
      `${table} has a row whose ${column} is NULL. Find it: SELECT * FROM ${table} WHERE ${column} IS NULL`,
    );
  }
  return value;
}

function known<Value>(names: ReadonlyMap<string | undefined, Value>, name: string | undefined, column: string): Value {
  const value = names.get(name);
  if (value === undefined) {
    const expected = [...names.keys()].join(', ');
    throw new TapeError(`A row has ${column} ${JSON.stringify(name ?? null)}; expected one of ${expected}`);
  }
  return value;
}

function safe(sequence: bigint | undefined): number | undefined {
  return sequence === undefined ? undefined : Number(sequence);
}
