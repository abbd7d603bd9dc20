import type { MarketEvent } from '../../../market/event.ts';
import { pageSize, type Page } from '../source.ts';
import { Cells } from './cells.ts';
import { connect, tapeError } from './connection.ts';
import { barOfRow, eventOfRow } from './event-of-row.ts';
import { barColumns, eventColumns, rowsOf, type Table, type Wanted } from './sql.ts';

// What the stream may hold of bytes not yet parsed. Past it the socket is not read, and the server waits.
const bufferedBytes = 1 << 18;

/** One table's rows as pages, oldest first. Holds one connection while it is read; ends early, without error, on abort. */
export async function* readTable(url: string, table: Table, wanted: Wanted, signal: AbortSignal): AsyncGenerator<Page> {
  if (signal.aborted) return;
  try {
    const { to: copyTo } = await import('pg-copy-streams');
    using connection = await connect(url, 'read-only');
    const stream = connection.client.query(
      copyTo(`COPY (${rowsOf(table, wanted)}) TO STDOUT (FORMAT binary)`, { highWaterMark: bufferedBytes }),
    );
    // Cutting the line makes the stream emit an error when nobody listens any more; while it is read, the loop throws it.
    stream.on('error', () => undefined);
    // Waiting for the server to send is the only long wait here, and destroying the stream ends it.
    const leave = (): void => void stream.destroy();
    signal.addEventListener('abort', leave, { once: true });
    try {
      yield* pagesOf(stream, table, wanted, signal);
    } finally {
      signal.removeEventListener('abort', leave);
    }
  } catch (error) {
    if (!signal.aborted) throw tapeError(error, url);
  }
}

async function* pagesOf(
  chunks: AsyncIterable<Buffer>,
  table: Table,
  { timeframe }: Wanted,
  signal: AbortSignal,
): AsyncGenerator<Page> {
  const cells = new Cells(table === 'websocket_data' ? eventColumns.length : barColumns.length);
  const read = table === 'websocket_data' ? () => eventOfRow(cells) : () => barOfRow(cells, timeframe);
  let page: MarketEvent[] = [];
  for await (const chunk of chunks) {
    cells.feed(chunk);
    while (cells.row()) {
      page.push(read());
      if (page.length < pageSize) continue;
      yield page;
      if (signal.aborted) return;
      page = [];
    }
  }
  if (page.length > 0 && !signal.aborted) yield page;
}

/** Two tables' pages as one sequence, oldest first; at a tie the first table's events come first. */
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
