/** A row as a driver gives it. */
export type Row = Record<string, unknown>;

interface Connection {
  query(sql: string): Promise<{ rows: Row[] }>;
}
interface PooledConnection extends Connection {
  release(): void;
}
/** A `pg.Pool`, as far as migrations need it. */
interface Pool {
  connect(): Promise<PooledConnection>;
}
/** A `PGlite`, as far as migrations need it. */
interface Embedded {
  transaction<T>(work: (inner: Connection) => Promise<T>): Promise<T>;
}
type Driver = Pool | Embedded;

/** A database: its connection string, a `pg.Pool`, a `PGlite`, or a drizzle instance over one of these. */
export type Database = string | Driver | { readonly $client: Driver };

/** One conversation with a database, ended by disposing it. */
export interface Session extends AsyncDisposable {
  /** How errors and reports call the database; never holds a password. */
  readonly database: string;
  /** Runs one statement outside any transaction. */
  run(sql: string): Promise<Row[]>;
  /** Runs the work in one transaction, undone when it throws. */
  transaction<T>(work: (run: Session['run']) => Promise<T>): Promise<T>;
}

/** Opens a session. A connection string gets a connection of its own, closed at the end; a driver stays open. */
export async function openSession(target: Database): Promise<Session> {
  if (typeof target === 'string') return await ownSession(target);
  const driver = '$client' in target ? target.$client : target;
  if ('transaction' in driver) return embeddedSession(driver);
  const client = await driver.connect();
  return session('the database of the pool given', client, async () => client.release());
}

async function ownSession(url: string): Promise<Session> {
  // Checked before pg sees it, because an invalid URL's own error carries the whole text, password included.
  if (!URL.canParse(url))
    throw new Error('the connection string is no URL; expected postgres://user:password@host:5432/database');
  const { default: pg } = await import('pg');
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: 5_000,
    application_name: 'papertape',
  });
  // A connection lost between two statements shows in the next statement; without a listener it would end the process.
  client.on('error', () => undefined);
  await client.connect();
  return session(databaseName(url), client, async () => await client.end());
}

function session(database: string, connection: Connection, close: () => Promise<void>): Session {
  const run = async (sql: string): Promise<Row[]> => (await connection.query(sql)).rows;
  return {
    database,
    run,
    async transaction(work) {
      await run('BEGIN');
      try {
        const result = await work(run);
        await run('COMMIT');
        return result;
      } catch (error) {
        // The first error is the one to tell; a rollback on a lost connection can only repeat it.
        await run('ROLLBACK').catch(() => undefined);
        throw error;
      }
    },
    [Symbol.asyncDispose]: close,
  };
}

function embeddedSession(driver: Embedded): Session {
  const transaction: Session['transaction'] = async (work) =>
    await driver.transaction(async (inner) => await work(async (sql) => (await inner.query(sql)).rows));
  return {
    database: 'the embedded database',
    run: async (sql) => await transaction(async (run) => await run(sql)),
    transaction,
    [Symbol.asyncDispose]: async () => undefined,
  };
}

/** A connection string as errors may show it: user, host, port and database, no password. */
export function databaseName(url: string): string {
  if (!URL.canParse(url)) return 'the database';
  const { username, hostname, port, pathname, searchParams } = new URL(url);
  const host = searchParams.get('host') ?? decodeURIComponent(hostname);
  return `database "${decodeURIComponent(pathname.slice(1)) || username}" at ${username ? `${username}@` : ''}${host || 'localhost'}${port ? `:${port}` : ''}`;
}

/** What a driver's error says, in one line. A refused connection hides it in its parts. */
export function reason(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(reason).join('; ');
  return error instanceof Error ? error.message : String(error);
}

/** SQLSTATE or system code of a driver's error: 42P01, ECONNREFUSED. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
