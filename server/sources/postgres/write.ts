import { pipeline } from 'node:stream/promises';
import type { Client } from 'pg';
import type { MarketEvent, Quote, Trade } from '../../../market/event.ts';
import type { Page } from '../source.ts';
import { connect, tapeError } from './connection.ts';
import { CopyWriter } from './copy-writer.ts';
import { detailOf } from './detail.ts';
import { extrasOf } from './extras.ts';
import { eventKey, Ordinals } from './identity.ts';
import { eventColumns, nameOf } from './sql.ts';

/** What became of a tape's events. */
export interface Written {
  readonly written: number;
  /** Refused, because the same rows are there already. */
  readonly alreadyThere: number;
}

// Rows of one transaction: large enough for COPY to shine, small enough to hold in memory.
const batchRows = 20_000;
const columns = ['data_source', 'event_key', 'ordinal', ...eventColumns.map(nameOf)]
  .map((name) => `"${name}"`)
  .join(', ');
const cellsOfRow = 3 + eventColumns.length;

/**
 * Stores a tape's events, in time order, in `websocket_data` under `dataSource`. Writing the same tape again writes
 * nothing: the database refuses what it has. Equal-looking events of one tape are kept apart by their ordinal.
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
       ALTER TABLE incoming ADD COLUMN position bigint GENERATED ALWAYS AS IDENTITY`,
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
    await client.query('ANALYZE websocket_data');
    await client.end();
    return { written, alreadyThere: read - written };
  } catch (error) {
    signal?.throwIfAborted();
    throw tapeError(error, url);
  }
}

async function store(client: Client, rows: Buffer): Promise<number> {
  const { from: copyFrom } = await import('pg-copy-streams');
  await client.query('BEGIN');
  await pipeline([rows], client.query(copyFrom(`COPY incoming (${columns}) FROM STDIN (FORMAT binary)`)));
  await client.query(
    `SELECT papertape_add_partition('websocket_data', month)
     FROM (SELECT DISTINCT date_trunc('month', "timestamp") AS month FROM incoming) AS months`,
  );
  const { rowCount } = await client.query(
    `INSERT INTO websocket_data (${columns}) SELECT ${columns} FROM incoming ORDER BY position ON CONFLICT DO NOTHING`,
  );
  await client.query('COMMIT');
  return rowCount ?? 0;
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
}
