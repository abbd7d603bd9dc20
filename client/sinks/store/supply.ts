import { type MigrationReport, migrate } from '../../../migrations/migrate.ts';
import { type Database, databaseName, openSession, type Session } from '../../../migrations/session.ts';
import { StoreError } from './happening.ts';
import { type Embedded, embeddedLine, type OpenLine, serverLine } from './line.ts';

/** Where lines to a database come from. */
export interface Supply extends AsyncDisposable {
  /** The database without its password. */
  readonly name: string;
  line(): Promise<OpenLine>;
  /** A conversation beside the line, for questions. */
  session(): Promise<Session>;
  migrate(): Promise<MigrationReport>;
}

/** A `PGlite`, as migrations and a store need it. */
export type EmbeddedDatabase = Embedded & Exclude<Database, string>;

/**
 * Of a database as settings name it: the URL of a server, or the folder of an embedded one, which is opened when first asked for. Throws a
 * `StoreError` with the way out when the package of the embedded one is absent.
 */
export async function supplyOf(database: string): Promise<Supply> {
  if (!database.includes('://')) return folderSupply(database, await embeddedEngine());
  return {
    name: databaseName(database),
    line: async () => await serverLine(database),
    session: async () => await openSession(database),
    migrate: async () => await migrate(database),
    [Symbol.asyncDispose]: async () => undefined,
  };
}

/** Of a PGlite that somebody else opened and will close. */
export function embeddedSupply(database: EmbeddedDatabase): Supply {
  return {
    name: 'the embedded database',
    line: async () => embeddedLine(database),
    session: async () => await openSession(database),
    migrate: async () => await migrate(database),
    [Symbol.asyncDispose]: async () => undefined,
  };
}

type Engine = (folder: string) => Promise<EmbeddedDatabase & { close(): Promise<void> }>;

function folderSupply(folder: string, engine: Engine): Supply {
  let opened: ReturnType<Engine> | undefined;
  const open = async (): Promise<EmbeddedDatabase> => await (opened ??= engine(folder));
  const inner = async (): Promise<Supply> => embeddedSupply(await open());
  return {
    name: `the embedded database in ${folder}`,
    line: async () => await (await inner()).line(),
    session: async () => await (await inner()).session(),
    migrate: async () => await (await inner()).migrate(),
    [Symbol.asyncDispose]: async () => await (await opened)?.close(),
  };
}

/** Loaded here and not before: its WebAssembly is large, and whoever has a server does without. */
async function embeddedEngine(): Promise<Engine> {
  const { PGlite } = await import('@electric-sql/pglite').catch((cause: unknown) => {
    throw new StoreError(
      'store.database is a folder, and keeping a database in one needs the optional package @electric-sql/pglite. Install it ' +
        '(npm install @electric-sql/pglite), name a server (postgres://…), or store nothing (store: false)',
      { cause },
    );
  });
  return async (folder) => await PGlite.create(folder);
}
