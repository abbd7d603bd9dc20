import { Socket } from 'node:net';
import type { Client } from 'pg';
import { codeOf, databaseName, reason } from '../../../migrations/session.ts';
import { TapeError } from '../source.ts';

/** A connection of our own, ended by disposing it. */
export interface Connection extends Disposable {
  readonly client: Client;
}

/** Where a tape lies. */
export interface Place {
  readonly url: string;
  /** Read instead of `url` while it answers. */
  readonly replica?: string | undefined;
  /** Hears that the replica did not answer. */
  readonly warn?: ((message: string) => void) | undefined;
}

const patience = 10_000;

/** A connection that cannot write: to the replica when there is one that answers, else to the database itself. */
export async function connectToRead({ url, replica, warn }: Place): Promise<Connection> {
  if (replica === undefined) return await connect(url, 'read-only');
  try {
    return await connect(replica, 'read-only');
  } catch (error) {
    warn?.(`the replica does not answer, so ${databaseName(url)} itself is read: ${reason(error)}`);
    return await connect(url, 'read-only');
  }
}

/** Asks the database something, on a connection of its own that an abort cuts. Throws a `TapeError`, or the signal's reason. */
export async function ask<Answer>(
  place: Place,
  signal: AbortSignal,
  question: (client: Client) => Promise<Answer>,
): Promise<Answer> {
  signal.throwIfAborted();
  try {
    using connection = await connectToRead(place);
    const leave = (): void => connection[Symbol.dispose]();
    signal.addEventListener('abort', leave, { once: true });
    try {
      return await question(connection.client);
    } finally {
      signal.removeEventListener('abort', leave);
    }
  } catch (error) {
    signal.throwIfAborted();
    throw tapeError(error, place.replica ?? place.url);
  }
}

/**
 * Connects. Disposing cuts the line at once, even in the middle of a COPY, so that the server stops sending. `pg` is
 * loaded here and not before: a server without a PostgreSQL tape starts faster without it.
 */
export async function connect(url: string, access: 'read-only' | 'read-write'): Promise<Connection> {
  // Checked before pg sees it, because an invalid URL's own error carries the whole text, password included.
  if (!URL.canParse(url)) {
    throw new TapeError('The url of a postgres tape is no URL; expected postgres://user:password@host:5432/database');
  }
  const { Client: PgClient } = await import('pg');
  const socket = new Socket();
  const client = new PgClient({
    connectionString: url,
    stream: () => socket,
    connectionTimeoutMillis: patience,
    application_name: 'papertape tape',
  });
  // A lost line also fails the query that is running, which tells it; without a listener it would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    // A paused deck holds its COPY open for as long as it likes. JIT only delays the first row.
    await client.query(
      `SET statement_timeout = 0; SET timezone = 'UTC'; SET jit = off; SET default_transaction_read_only = ${access === 'read-only' ? 'on' : 'off'}`,
    );
  } catch (error) {
    socket.destroy();
    throw tapeError(error, url);
  }
  return { client, [Symbol.dispose]: () => void socket.destroy() };
}

const wayOut: Record<string, string> = {
  '42P01': 'Create the tables with `papertape db migrate`.',
  '42703': 'The table is not as Papertape makes it: run `papertape db migrate` on a database of its own.',
  '42804': 'The table is not as Papertape makes it: run `papertape db migrate` on a database of its own.',
  '42846': 'The table is not as Papertape makes it: run `papertape db migrate` on a database of its own.',
  '3D000': 'Create it with `createdb`, then run `papertape db migrate`.',
  '28P01': "Correct the user or the password in the tape's url.",
  '28000': "Correct the user or the password in the tape's url.",
  '42501': 'Grant the user SELECT on the table.',
  '22003': 'Does a column count its time in another unit? Correct `epoch` of its table.',
  ECONNREFUSED: 'Is PostgreSQL running there? Start it, or correct the url.',
  ENOENT: 'Is PostgreSQL running there? Start it, or correct the url.',
  ENOTFOUND: 'Correct the host in the url.',
};

/** What went wrong, where, and the way out; never the password. */
export function tapeError(error: unknown, url: string): TapeError {
  if (error instanceof TapeError) return error;
  const nested: unknown = error instanceof AggregateError ? error.errors[0] : error;
  const way = wayOut[codeOf(nested) ?? ''];
  return new TapeError(`postgres ${databaseName(url)}: ${reason(error)}.${way === undefined ? '' : ` ${way}`}`, {
    cause: error,
  });
}
