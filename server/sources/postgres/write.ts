import { pipeline } from 'node:stream/promises';
import type { Client } from 'pg';
import type { Bar, MarketEvent, Quote, Trade } from '../../../market/event.ts';
import { eventKey, Ordinals } from '../../../market/identity.ts';
import { minute } from '../../../market/nanos.ts';
import { copyHeader, copyTrailer, CopyWriter } from '../../../migrations/copy-writer.ts';
import type { Page } from '../source.ts';
import { connect, tapeError } from './connection.ts';
import { detailOf } from './detail.ts';
import { barExtrasOf, extrasOf } from './extras.ts';
import { eventColumns, nameOf } from './sql.ts';

/** What became of a tape's events. */
export interface Written {
  readonly written: number;
  /** Refused, because the same rows are there already. */
  readonly alreadyThere: number;
}

// Rows of one transaction: large enough for COPY to shine, small enough to hold in memory.
const batchRows = 20_000;
const eventNames = ['data_source', 'event_key', 'ordinal', ...eventColumns.map(nameOf)];
const columns = eventNames.map((name) => `"${name}"`).join(', ');
/** What a minute bar has besides, on its way to `market_data`. */
const barNames = ['bar_start', 'open', 'high', 'low', 'close', 'volume', 'trade_count', 'vwap', 'delay_ns', 'extras'];
const incoming = [...eventNames, ...barNames].map((name) => `"${name}"`).join(', ');
const cellsOfRow = eventNames.length + barNames.length;

/**
 * Stores a tape's events, in time order, under `dataSource`: minute bars in `market_data`, all else in `websocket_data`, where a bar goes
 * too that is not the first of its minute. Writing the same tape again writes nothing: the database refuses what it has.
 * Equal-looking events of one tape are kept apart by their ordinal.
 */
export async function writeTape(
  url: string,
  pages: AsyncIterable<Page> | Iterable<Page>,
  { dataSource, signal }: { readonly dataSource: string; readonly signal?: AbortSignal | undefined },
): Promise<Written> {
  try {
    using connection = await connect(url, 'read-write');
    const { client } = connection;
    await client.query(
      `CREATE TEMP TABLE incoming ON COMMIT DELETE ROWS AS SELECT ${columns} FROM websocket_data WITH NO DATA;
       ALTER TABLE incoming ADD COLUMN position bigint GENERATED ALWAYS AS IDENTITY,
         ADD COLUMN bar_start timestamptz, ADD COLUMN open float8, ADD COLUMN high float8, ADD COLUMN low float8,
         ADD COLUMN close float8, ADD COLUMN volume float8, ADD COLUMN trade_count bigint, ADD COLUMN vwap float8,
         ADD COLUMN delay_ns bigint, ADD COLUMN extras jsonb`,
    );
    const rows = new CopyWriter();
    const ordinals = new Ordinals();
    let [waiting, read, written] = [0, 0, 0];
    const flush = async (): Promise<void> => {
      written += await store(client, rows.take());
      read += waiting;
      waiting = 0;
    };
    for await (const page of pages) {
      signal?.throwIfAborted();
      for (const event of page) {
        const key = eventKey(event);
        writeRow(rows, event, dataSource, key, ordinals.of(event, key));
        if (++waiting >= batchRows) await flush();
      }
    }
    if (waiting > 0) await flush();
    // The planner reads in index order only when it knows that the rows lie in time order.
    await client.query('ANALYZE websocket_data, market_data');
    await client.end();
    return { written, alreadyThere: read - written };
  } catch (error) {
    signal?.throwIfAborted();
    throw tapeError(error, url);
  }
}

async function store(client: Client, rows: Uint8Array): Promise<number> {
  const { from: copyFrom } = await import('pg-copy-streams');
  await client.query('BEGIN');
  const copy = client.query(copyFrom(`COPY incoming (${incoming}) FROM STDIN (FORMAT binary)`));
  await pipeline([copyHeader, rows, copyTrailer], copy);
  await client.query(
    `SELECT papertape_add_partition(place, month) FROM (
       SELECT DISTINCT 'websocket_data'::regclass AS place, date_trunc('month', "timestamp") AS month FROM incoming
       WHERE bar_start IS NULL
       UNION SELECT DISTINCT 'market_data'::regclass, date_trunc('month', bar_start) FROM incoming
       WHERE bar_start IS NOT NULL
     ) AS places`,
  );
  const bars = await client.query(
    `INSERT INTO market_data (symbol, timestamp, open, high, low, close, volume, market, timeframe, trade_count, vwap,
       data_source, delay_ns, detail, arrival)
     SELECT symbol, bar_start, open, high, low, close, volume, market, '1m', trade_count, vwap, data_source, delay_ns, extras,
       position
     FROM incoming WHERE bar_start IS NOT NULL ORDER BY position ON CONFLICT DO NOTHING`,
  );
  // A bar that says something else than the one already there is no copy of it, so it is kept beside the stream's other events.
  const events = await client.query(
    `INSERT INTO websocket_data (${columns}) SELECT ${columns} FROM incoming AS i
     WHERE bar_start IS NULL OR NOT EXISTS (
       SELECT FROM market_data AS m
       WHERE (m.symbol, m.timestamp, m.market, m.timeframe, m.data_source) = (i.symbol, i.bar_start, i.market, '1m', i.data_source)
         AND (m.open, m.high, m.low, m.close, m.volume) = (i.open, i.high, i.low, i.close, i.volume)
         AND (m.trade_count, m.vwap, m.delay_ns, m.detail) IS NOT DISTINCT FROM (i.trade_count, i.vwap, i.delay_ns, i.extras)
     ) ORDER BY position ON CONFLICT DO NOTHING`,
  );
  await client.query('COMMIT');
  return (bars.rowCount ?? 0) + (events.rowCount ?? 0);
}

function writeRow(rows: CopyWriter, event: MarketEvent, dataSource: string, key: string, ordinal: number): void {
  const trade: Partial<Trade> = event.kind === 'trade' ? event : {};
  const quote: Partial<Quote> = event.kind === 'quote' ? event : {};
  rows.row(cellsOfRow);
  rows.text(dataSource);
  rows.text(key);
  rows.int4(ordinal);
  // From here on in the order of `eventColumns`.
  rows.instant(event.at);
  rows.int2(Number(((event.at % 1000n) + 1000n) % 1000n));
  rows.text(event.symbol);
  rows.text(event.market);
  rows.text(event.kind);
  rows.text(trade.id);
  rows.int8(trade.sequence ?? quote.sequence);
  rows.text(trade.exchange);
  rows.texts(trade.conditions ?? quote.conditions ?? []);
  rows.text(trade.tape ?? quote.tape);
  rows.float8(trade.price);
  rows.float8(trade.size);
  rows.float8(quote.bidPrice);
  rows.float8(quote.bidSize);
  rows.text(quote.bidExchange);
  rows.float8(quote.askPrice);
  rows.float8(quote.askSize);
  rows.text(quote.askExchange);
  rows.int4s(quote.indicators ?? []);
  rows.int8(trade.participantAt ?? quote.participantAt);
  rows.int4(trade.trfId);
  rows.int8(trade.trfAt);
  rows.text(trade.taker);
  rows.json(event.kind === 'trade' || event.kind === 'quote' ? extrasOf(event) : detailOf(event));
  writeBarCells(rows, event.kind === 'bar' && ordinal === 0 && fitsMarketData(event) ? event : undefined);
}

/** Is it a minute bar as `market_data` has them: of a whole minute, and published before the next one can be? */
function fitsMarketData({ start, at, trades }: Bar): boolean {
  const delay = at - start - minute;
  return start % minute === 0n && delay >= 0n && delay < minute && Number.isSafeInteger(trades);
}

// In the order of `barNames`.
function writeBarCells(rows: CopyWriter, bar: Bar | undefined): void {
  rows.instant(bar?.start);
  rows.float8(bar?.open);
  rows.float8(bar?.high);
  rows.float8(bar?.low);
  rows.float8(bar?.close);
  rows.float8(bar?.volume);
  rows.int8(bar?.trades);
  rows.float8(bar?.vwap);
  rows.int8(bar && bar.at - bar.start - minute);
  rows.json(bar && barExtrasOf(bar));
}
