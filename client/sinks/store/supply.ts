import { type MigrationReport, migrate } from '../../../migrations/migrate.ts';
import { type Database, databaseName, openSession, type Session } from '../../../migrations/session.ts';
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

/** Of a database as settings name it: the URL of a server, or the folder of an embedded one, which is opened when first asked for. */
export function supplyOf(database: string): Supply {
  if (!database.includes('://')) return folderSupply(database);
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

function folderSupply(folder: string): Supply {
  let opened: Promise<EmbeddedDatabase & { close(): Promise<void> }> | undefined;
  const open = async (): Promise<EmbeddedDatabase> => await (opened ??= openFolder(folder));
  const inner = async (): Promise<Supply> => embeddedSupply(await open());
  return {
    name: `the embedded database in ${folder}`,
    line: async () => await (await inner()).line(),
    session: async () => await (await inner()).session(),
    migrate: async () => await (await inner()).migrate(),
    [Symbol.asyncDispose]: async () => await (await opened)?.close(),
  };
}

async function openFolder(folder: string): Promise<EmbeddedDatabase & { close(): Promise<void> }> {
  // Loaded here and not before: its WebAssembly is large, and whoever has a server does without.
  const { PGlite } = await import('@electric-sql/pglite');
  return await PGlite.create(folder);
}
