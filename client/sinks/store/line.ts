import type { Client } from 'pg';
import { copyHeader, copyTrailer } from '../../../migrations/copy-writer.ts';
import type { Row } from '../../../migrations/session.ts';

/** A conversation with a database that takes rows. */
export interface Line {
  /** Runs one statement; `count` is of rows written or found. */
  run(sql: string): Promise<{ readonly rows: readonly Row[]; readonly count: number }>;
  /** Runs a COPY whose text ends in FROM. */
  copy(sql: string, rows: Uint8Array): Promise<void>;
  /** Runs the work in a transaction, undone when it throws. */
  transaction<T>(work: (line: Line) => Promise<T>): Promise<T>;
}

/** A line of the store's own. */
export interface OpenLine extends Line, AsyncDisposable {
  /** Ends it at once, whatever it is doing. */
  cut(): void;
}

/** A `PGlite`, as far as a store needs it. */
export interface Embedded {
  query(sql: string, values?: unknown[], options?: { blob?: Blob }): Promise<EmbeddedResult>;
  transaction<T>(work: (inner: Pick<Embedded, 'query'>) => Promise<T>): Promise<T>;
}
interface EmbeddedResult {
  readonly rows: readonly unknown[];
  readonly affectedRows?: number;
}

/** Milliseconds to connect. */
const connectPatience = 10_000;

/** A connection to a PostgreSQL server. */
export async function serverLine(url: string): Promise<OpenLine> {
  // Checked before pg sees it, because an invalid URL's own error carries the whole text, password included.
  if (!URL.canParse(url)) throw new Error('the connection string is no URL');
  const [{ Socket }, { default: pg }] = await Promise.all([import('node:net'), import('pg')]);
  const socket = new Socket();
  const client = new pg.Client({
    connectionString: url,
    stream: () => socket,
    connectionTimeoutMillis: connectPatience,
    keepAlive: true,
    application_name: 'papertape store',
  });
  // A lost line fails the query that is running, which tells it; without a listener it would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    socket.destroy();
    throw error;
  }
  return {
    ...lineOver(client),
    cut: () => void socket.destroy(),
    [Symbol.asyncDispose]: async () => await client.end(),
  };
}

function lineOver(client: Client): Line {
  const run: Line['run'] = async (sql) => {
    const { rows, rowCount } = await client.query<Row>(sql);
    return { rows, count: rowCount ?? 0 };
  };
  const line: Line = {
    run,
    copy: async (sql, rows) => {
      const [{ pipeline }, { from: copyFrom }] = await Promise.all([
        import('node:stream/promises'),
        import('pg-copy-streams'),
      ]);
      const copy = client.query(copyFrom(`${sql} STDIN (FORMAT binary)`));
      await pipeline([copyHeader, rows, copyTrailer], copy);
    },
    transaction: async (work) => {
      await run('BEGIN');
      try {
        const result = await work(line);
        await run('COMMIT');
        return result;
      } catch (error) {
        // The first error is the one to tell; a rollback on a lost connection can only repeat it.
        await run('ROLLBACK').catch(() => undefined);
        throw error;
      }
    },
  };
  return line;
}

/** The same over a PGlite, which stays open: who made it closes it. */
export function embeddedLine(database: Embedded): OpenLine {
  const over = (inner: Pick<Embedded, 'query'>, transaction: Line['transaction']): Line => ({
    run: async (sql) => {
      const { rows, affectedRows } = await inner.query(sql);
      return { rows: rows.filter(isRow), count: affectedRows ?? 0 };
    },
    copy: async (sql, rows) => {
      const blob = new Blob([copyHeader, rows, copyTrailer]);
      await inner.query(`${sql} '/dev/blob' (FORMAT binary)`, [], { blob });
    },
    transaction,
  });
  const transaction: Line['transaction'] = async (work) =>
    await database.transaction(async (inner) => {
      const line: Line = over(inner, async (more) => await more(line));
      return await work(line);
    });
  return { ...over(database, transaction), cut: () => undefined, [Symbol.asyncDispose]: async () => undefined };
}

const isRow = (row: unknown): row is Row => typeof row === 'object' && row !== null;
