import { isBar, type MarketEvent } from '../../../market/event.ts';
import { eventKey } from '../../../market/identity.ts';
import { CopyWriter } from '../../../migrations/copy-writer.ts';
import type { Batch } from '../sink.ts';
import { Numbering } from './numbering.ts';
import type { Parcel } from './parcel.ts';
import { type TableName, tableNames } from './tables.ts';
import { writeBar, writeDetailed, writePrice, writeQuote, writeTrade } from './write-row.ts';

/** Rows of one table that wait for company. */
class Tray {
  readonly writer = new CopyWriter();
  rows = 0;
  known = false;
  from = 0n;
  to = 0n;

  note(at: bigint): void {
    if (this.rows === 0 || at < this.from) this.from = at;
    if (this.rows === 0 || at > this.to) this.to = at;
    this.rows++;
  }
}

/** Who gets full parcels, and what cannot be a row. */
export interface PackerEnds {
  readonly parcel: (parcel: Parcel) => void;
  readonly unwritable: (event: MarketEvent, dataSource: string, why: string) => void;
}

/** Makes rows of events, and parcels of rows. */
export class Packer {
  readonly #most: number;
  readonly #ends: PackerEnds;
  readonly #numbering = new Numbering();
  readonly #trays: Record<TableName, Tray> = {
    websocket_data: new Tray(),
    market_data: new Tray(),
    realtime_market_data: new Tray(),
  };

  /** `most`: rows of a parcel. */
  constructor(most: number, ends: PackerEnds) {
    this.#most = most;
    this.#ends = ends;
  }

  /** Bytes of rows that are in no parcel yet. */
  get bytes(): number {
    return tableNames.reduce((sum, table) => sum + this.#trays[table].writer.length, 0);
  }

  add(batch: Batch): void {
    const ordinalOf = this.#numbering.of(batch);
    for (const [position, event] of batch.events.entries()) {
      const table = tableOf(event);
      const tray = this.#trays[table];
      const { writer } = tray;
      const before = writer.length;
      try {
        if (isBar(event)) writeBar(writer, event, batch, position);
        else {
          const key = eventKey(event);
          const identity = { dataSource: batch.dataSource, key, ordinal: ordinalOf(event, key) };
          if (event.kind === 'trade') writeTrade(writer, event, identity);
          else if (event.kind === 'quote') writeQuote(writer, event, identity);
          else if (event.kind === 'price') writePrice(writer, event, identity);
          else writeDetailed(writer, event, identity);
        }
      } catch (error) {
        // Numbers and texts that no column holds; anything else is our own mistake, but the rest of the batch is stored all the same.
        writer.rewind(before);
        this.#ends.unwritable(event, batch.dataSource, String(error));
        continue;
      }
      tray.note(isBar(event) ? event.start : event.at);
      if (batch.origin === 'history') tray.known = true;
      if (tray.rows >= this.#most) this.#seal(table);
    }
  }

  /** Makes parcels of whatever waits. */
  seal(): void {
    for (const table of tableNames) if (this.#trays[table].rows > 0) this.#seal(table);
  }

  #seal(table: TableName): void {
    const tray = this.#trays[table];
    const { rows, known, from, to } = tray;
    tray.rows = 0;
    tray.known = false;
    this.#ends.parcel({ table, rows, known, from, to, bytes: tray.writer.take() });
  }
}

function tableOf({ kind }: MarketEvent): TableName {
  if (kind === 'trade' || kind === 'quote') return 'websocket_data';
  if (kind === 'price') return 'realtime_market_data';
  return kind === 'bar' || kind === 'updated-bar' || kind === 'second-bar' || kind === 'daily-bar'
    ? 'market_data'
    : 'websocket_data';
}
