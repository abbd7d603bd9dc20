import { stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import type { DuckDBConnection, DuckDBDataChunk, DuckDBResult } from '@duckdb/node-api';
import type { MarketEvent, Nanos } from '../../../market/event.ts';
import { pageSize, TapeError, type Outline, type Page, type Selection } from '../source.ts';
import { ColumnRow } from './column-row.ts';
import { openDuckDb } from './duckdb.ts';
import { eventOfRow } from './event-of-row.ts';
import { type Layout, layoutOf, rowsOf } from './parquet-layout.ts';
import { outlineOf } from './parquet-outline.ts';

/** A Parquet file with a tape's columns. What it holds is looked up at the first reading, and remembered until the file changes. */
export class ParquetTape {
  readonly path: string;
  #layout: Layout | undefined;
  /** The state of the file that has this layout. */
  #version = '';

  constructor(path: string) {
    this.path = path;
  }

  /**
   * What it holds, from four of its columns: a second or two for ten million events. `undefined` when a row is no event, which reading it
   * tells better. Throws the signal's reason on abort.
   */
  async outline(symbols: readonly string[] | undefined, signal: AbortSignal): Promise<readonly Outline[] | undefined> {
    using database = await openDuckDb(this.path, availableParallelism());
    const { connection } = database;
    const stop = (): void => connection.interrupt();
    signal.addEventListener('abort', stop, { once: true });
    try {
      signal.throwIfAborted();
      return await run(this.path, () => outlineOf(connection, this.path, symbols));
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  /** Pages of the tape, oldest first. Throws a `TapeError` for a row that is no event, or out of order. */
  async *pages(selection: Selection, signal: AbortSignal): AsyncGenerator<Page> {
    let previous: Nanos | undefined;
    let page: MarketEvent[] = [];
    for await (const { row, count } of this.#chunks(selection, signal)) {
      for (let index = 0; index < count; index++) {
        const event = eventOfRow(row.seek(index));
        if (previous !== undefined && event.at < previous) throw unsorted(this.path, event, previous);
        previous = event.at;
        page.push(event);
        if (page.length < pageSize) continue;
        yield page;
        if (signal.aborted) return;
        page = [];
      }
    }
    if (page.length > 0 && !signal.aborted) yield page;
  }

  /** Every row, in whatever order they lie, or what is wrong with it. */
  async *rows(signal: AbortSignal): AsyncGenerator<readonly (MarketEvent | TapeError)[]> {
    for await (const { row, count } of this.#chunks({}, signal)) {
      yield Array.from({ length: count }, (_, index) => eventOrError(row.seek(index)));
    }
  }

  async *#chunks(
    selection: Selection,
    signal: AbortSignal,
  ): AsyncGenerator<{ readonly row: ColumnRow; readonly count: number }> {
    using database = await openDuckDb(this.path);
    const { connection } = database;
    const layout = await this.#lookUp();
    const row = new ColumnRow(this.path, layout.columns, layout.constants);
    for await (const chunk of chunksOf(this.path, connection, rowsOf(layout, this.path, selection), signal)) {
      row.load(chunk);
      yield { row, count: chunk.rowCount };
    }
  }

  async #lookUp(): Promise<Layout> {
    const { size, mtimeMs } = await stat(this.path);
    const version = `${size} ${mtimeMs}`;
    if (this.#layout === undefined || this.#version !== version) {
      using database = await openDuckDb(this.path, availableParallelism());
      this.#layout = await run(this.path, () => layoutOf(database.connection, this.path));
      this.#version = version;
    }
    return this.#layout;
  }
}

/** Chunks of a result, each asked for while the one before is worked on. */
async function* chunksOf(
  path: string,
  connection: DuckDBConnection,
  sql: string,
  signal: AbortSignal,
): AsyncGenerator<DuckDBDataChunk> {
  const result = await run(path, () => connection.stream(sql));
  const fetch = async (): Promise<DuckDBDataChunk | null> => await run(path, () => result.fetchChunk());
  let coming = fetch();
  try {
    while (!signal.aborted) {
      const chunk = await coming;
      if (chunk === null || chunk.rowCount === 0) return;
      coming = fetch();
      yield chunk;
    }
  } finally {
    // Whoever leaves early closes the connection, and no fetch may be under way then.
    await coming.catch(() => undefined);
  }
}

function eventOrError(row: ColumnRow): MarketEvent | TapeError {
  try {
    return eventOfRow(row);
  } catch (error) {
    if (error instanceof TapeError) return error;
    throw error;
  }
}

async function run<Result extends DuckDBResult | object | null | undefined>(
  path: string,
  ask: () => Promise<Result>,
): Promise<Result> {
  try {
    return await ask();
  } catch (cause) {
    // DuckDB's second lines hold advice for its own SQL.
    const [reason = ''] = (cause instanceof Error ? cause.message : String(cause)).split('\n');
    throw new TapeError(`${path}: ${reason.trim()}; expected a Parquet tape as 'papertape tape generate' writes it`, {
      cause,
    });
  }
}

function unsorted(path: string, event: MarketEvent, previous: Nanos): TapeError {
  return new TapeError(
    `${path}: ${event.kind} of ${event.symbol}: at: ${event.at} comes after ${previous}; a tape is ordered by at, ` +
      `oldest first. Sort it with 'papertape tape import ${path} --out sorted.parquet'`,
  );
}
