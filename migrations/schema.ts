import { sql } from 'drizzle-orm';
import {
  bigint,
  check,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  timestamp,
  uniqueIndex,
} from 'drizzle-orm/pg-core';

/** Time to the microsecond, as text, because a JS Date keeps only milliseconds. */
const instant = () => timestamp('timestamp', { withTimezone: true, precision: 6, mode: 'string' }).notNull();
/** The nanoseconds a timestamptz cannot hold: 0 to 999, to be added to `timestamp`. */
const nanos = () => smallint('nanos').notNull().default(0);
/** Order of arrival. Breaks ties of time, so that every reading gives the same order. */
const arrival = () => bigint('id', { mode: 'bigint' }).generatedByDefaultAsIdentity();

/** Finished bars, one row per bucket and origin. `timestamp` is the bucket's start. */
export const marketData = pgTable(
  'market_data',
  {
    symbol: text('symbol').notNull(),
    timestamp: instant(),
    open: doublePrecision('open').notNull(),
    high: doublePrecision('high').notNull(),
    low: doublePrecision('low').notNull(),
    close: doublePrecision('close').notNull(),
    /** Shares or contracts; fractional for crypto, and past 2^31 on busy days. */
    volume: doublePrecision('volume').notNull().default(0),
    market: text('market').notNull().default('stocks'),
    timeframe: text('timeframe').notNull().default('1m'),
    tradeCount: bigint('trade_count', { mode: 'number' }),
    vwap: doublePrecision('vwap'),
    /** Who said so: alpaca, polygon, twelvedata, recycled, … Part of the key: a replayed bar never replaces a real one. */
    dataSource: text('data_source').notNull().default('alpaca'),
    /** Nanoseconds from the end of the bucket to the bar's publication; at once when NULL. Less than a bucket. */
    delayNs: bigint('delay_ns', { mode: 'bigint' }),
    /** The little that a few bars say beyond the columns above: volume and opening of the day so far, … */
    detail: jsonb('detail'),
    /** Order of arrival among bars published at one instant; the client puts when it heard the bar, and the later one stands. */
    arrival: bigint('arrival', { mode: 'bigint' }),
  },
  (table) => [
    primaryKey({
      name: 'market_data_pkey',
      columns: [table.symbol, table.timeframe, table.timestamp, table.dataSource, table.market],
    }),
    index('idx_market_data_source').on(table.dataSource),
    index('idx_market_data_replay').on(table.timeframe, table.timestamp, table.symbol, table.dataSource, table.market),
  ],
);

/**
 * Everything a stream says: trades and quotes in columns of their own, other kinds in `detail`. A row is known by
 * origin, symbol, kind, time and `event_key`; `ordinal` keeps events apart that are equal in all of these.
 */
export const websocketData = pgTable(
  'websocket_data',
  {
    id: arrival(),
    timestamp: instant(),
    nanos: nanos(),
    symbol: text('symbol').notNull(),
    market: text('market').notNull().default('stocks'),
    channel: text('channel').notNull(),
    dataSource: text('data_source').notNull(),
    /** The vendor's id or sequence, else a digest of the content. */
    eventKey: text('event_key').notNull(),
    /** 0 for the first event of its key, 1 for the second … */
    ordinal: integer('ordinal').notNull().default(0),
    eventId: text('event_id'),
    sequence: bigint('sequence', { mode: 'bigint' }),
    exchange: text('exchange'),
    conditions: text('conditions').array(),
    tape: text('tape'),
    price: doublePrecision('price'),
    size: doublePrecision('size'),
    bidPrice: doublePrecision('bid_price'),
    bidSize: doublePrecision('bid_size'),
    bidExchange: text('bid_exchange'),
    askPrice: doublePrecision('ask_price'),
    askSize: doublePrecision('ask_size'),
    askExchange: text('ask_exchange'),
    indicators: integer('indicators').array(),
    /** Nanoseconds since the epoch, like `trf_at`. */
    participantAt: bigint('participant_at', { mode: 'bigint' }),
    trfId: integer('trf_id'),
    trfAt: bigint('trf_at', { mode: 'bigint' }),
    taker: text('taker'),
    /** What other kinds say beyond the columns above, and the little that a few trades and quotes do. */
    detail: jsonb('detail'),
  },
  (table) => [
    primaryKey({ name: 'websocket_data_pkey', columns: [table.timestamp, table.nanos, table.id] }),
    uniqueIndex('websocket_data_identity').on(
      table.symbol,
      table.timestamp,
      table.nanos,
      table.channel,
      table.eventKey,
      table.ordinal,
      table.dataSource,
      table.market,
    ),
    check('websocket_data_nanos', sql`${table.nanos} between 0 and 999`),
  ],
);

/** Live prices as they tick: best bid, best ask and last price of a symbol. */
export const realtimeMarketData = pgTable(
  'realtime_market_data',
  {
    id: arrival(),
    timestamp: instant(),
    nanos: nanos(),
    symbol: text('symbol').notNull(),
    market: text('market').notNull().default('stocks'),
    bid: doublePrecision('bid'),
    ask: doublePrecision('ask'),
    last: doublePrecision('last'),
    volume: doublePrecision('volume'),
    spread: doublePrecision('spread').generatedAlwaysAs(sql`ask - bid`),
    dataSource: text('data_source').notNull(),
    /** Several ticks of a symbol may share a second; this keeps them apart. */
    ordinal: integer('ordinal').notNull().default(0),
  },
  (table) => [
    primaryKey({ name: 'realtime_market_data_pkey', columns: [table.timestamp, table.nanos, table.id] }),
    uniqueIndex('realtime_market_data_identity').on(
      table.symbol,
      table.timestamp,
      table.nanos,
      table.ordinal,
      table.dataSource,
      table.market,
    ),
    check('realtime_market_data_nanos', sql`${table.nanos} between 0 and 999`),
  ],
);

/** What the services said of their own health. */
export const systemHealth = pgTable(
  'system_health',
  {
    id: arrival(),
    timestamp: instant().defaultNow(),
    service: text('service').notNull(),
    status: text('status').notNull(),
    responseMs: doublePrecision('response_ms'),
    error: text('error'),
    detail: jsonb('detail'),
  },
  (table) => [
    primaryKey({ name: 'system_health_pkey', columns: [table.timestamp, table.id] }),
    index('idx_system_health_service').on(table.service, table.timestamp),
  ],
);

/** Where the rows of a `data_source` come from, and under which licence. */
export const tapes = pgTable('tapes', {
  dataSource: text('data_source').primaryKey(),
  origin: text('origin').notNull(),
  licence: text('licence').notNull(),
  firstAt: timestamp('first_at', { withTimezone: true, precision: 6, mode: 'string' }),
  lastAt: timestamp('last_at', { withTimezone: true, precision: 6, mode: 'string' }),
  events: bigint('events', { mode: 'number' }),
  /** Of the file it was imported from. */
  sha256: text('sha256'),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
});
