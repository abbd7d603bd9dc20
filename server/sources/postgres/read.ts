import type { MarketEvent } from '../../../market/event.ts';
import { pageSize, type Page } from '../source.ts';
import { Cells } from './cells.ts';
import { CopyOut } from './copy-out.ts';
import { connectToRead, tapeError, type Place } from './connection.ts';
import { barOfRow, eventOfRow } from './event-of-row.ts';
import { barColumns, eventColumns, rowsOf, type Table, type Wanted } from './sql.ts';

/** What is asked of PostgreSQL, and what becomes of the answer. */
export interface Reading {
  /** A SELECT whose rows come oldest first. */
  readonly query: string;
  /** Cells of every row. */
  readonly cells: number;
  rows(cells: Cells): Rows;
}
/** Makes events of rows. A row may give none, and some only come out when a later row or the end arrives. */
export interface Rows {
  /** Reads the cells of the present row, and puts what plays now into the page. */
  next(page: MarketEvent[]): void;
  end?(page: MarketEvent[]): void;
}

/** How one of our own tables is read. */
export function ownReading(table: Table, wanted: Wanted): Reading {
  const events = table === 'websocket_data';
  const { from, to } = wanted;
  return {
    query: rowsOf(table, wanted),
    cells: events ? eventColumns.length : barColumns.length,
    rows: (cells) => ({
      next: events
        ? (page) => void page.push(eventOfRow(cells))
        : (page) => {
            const bar = barOfRow(cells, wanted.timeframe);
            // The database knows when a bar began, and only here is known when it was published.
            if ((from === undefined || bar.at >= from) && (to === undefined || bar.at < to)) page.push(bar);
          },
    }),
  };
}

/**
 * Rows as pages, oldest first. Holds one connection while they are read; ends early, without error, on abort. `plan` are settings
 * for the planner: `enable_sort = off`.
 */
export async function* pagesOf(
  place: Place,
  reading: Reading,
  signal: AbortSignal,
  plan: readonly string[] = [],
): AsyncGenerator<Page> {
  if (signal.aborted) return;
  try {
    using connection = await connectToRead(place);
    if (plan.length > 0) await connection.client.query(plan.map((setting) => `SET ${setting}`).join('; '));
    // Waiting for the server to send is the only long wait here, and cutting the line ends it.
    const leave = (): void => connection[Symbol.dispose]();
    signal.addEventListener('abort', leave, { once: true });
    try {
      yield* parsed(
        CopyOut.start(connection.client, `COPY (${reading.query}) TO STDOUT (FORMAT binary)`),
        reading,
        signal,
      );
    } finally {
      signal.removeEventListener('abort', leave);
    }
  } catch (error) {
    if (!signal.aborted) throw tapeError(error, place.replica ?? place.url);
  }
}

async function* parsed(copy: CopyOut, reading: Reading, signal: AbortSignal): AsyncGenerator<Page> {
  const cells = new Cells(reading.cells);
  const rows = reading.rows(cells);
  let page: MarketEvent[] = [];
  while (!cells.done) {
    cells.feed(await copy.next());
    while (cells.row()) {
      rows.next(page);
      if (page.length < pageSize) continue;
      yield page;
      if (signal.aborted) return;
      page = [];
    }
  }
  rows.end?.(page);
  if (page.length > 0 && !signal.aborted) yield page;
}

/** Two readings as one sequence, oldest first; at a tie the first one's events come first. */
export async function* mergePages(first: AsyncGenerator<Page>, second: AsyncGenerator<Page>): AsyncGenerator<Page> {
  try {
    let [one, two] = [await nextOf(first), await nextOf(second)];
    let [i, j] = [0, 0];
    let page: MarketEvent[] = [];
    while (one !== undefined && two !== undefined) {
      const [a, b] = [one[i], two[j]];
      if (b === undefined) [two, j] = [await nextOf(second), 0];
      else if (a === undefined) [one, i] = [await nextOf(first), 0];
      else if (b.at < a.at) j = page.push(b) && j + 1;
      else i = page.push(a) && i + 1;
      if (page.length >= pageSize) {
        yield page;
        page = [];
      }
    }
    page.push(...(one?.slice(i) ?? []), ...(two?.slice(j) ?? []));
    if (page.length > 0) yield page;
    yield* first;
    yield* second;
  } finally {
    await Promise.all([first.return(undefined), second.return(undefined)]);
  }
}

async function nextOf(pages: AsyncGenerator<Page>): Promise<Page | undefined> {
  const { value, done } = await pages.next();
  return done ? undefined : value;
}
