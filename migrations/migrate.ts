import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readMigrationFiles, type MigrationMeta } from 'drizzle-orm/migrator';
import { z } from 'zod';
import { codeOf, databaseName, openSession, reason, type Database, type Session } from './session.ts';

/** How a database keeps rows: natively partitioned, or as hypertables of one of TimescaleDB's two editions. */
export type Storage = 'partitions' | 'timescaledb-apache' | 'timescaledb-community';

/** What a migration did. */
export interface MigrationReport {
  /** The database without its password. */
  readonly database: string;
  /** The SQL files applied now, oldest first; empty when the database was up to date. */
  readonly applied: readonly string[];
  /** How many had been applied before. */
  readonly before: number;
  readonly storage: Storage;
}

/** A database that could not be brought up to date. Nothing of the failed run remains. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}

// Any constant will do, as long as every Papertape uses the same.
const lock = 7_203_771_001;
const journalShape = z.object({ entries: z.array(z.object({ tag: z.string() })) });
const journal = 'drizzle.__drizzle_migrations';

/**
 * Brings a database up to date, all or nothing. Two runs at once are safe: the second waits and finds nothing to do.
 * Throws a `MigrationError` that names the database and the SQL file.
 */
export async function migrate(target: Database): Promise<MigrationReport> {
  const folder = migrationsFolder();
  const files = readMigrationFiles({ migrationsFolder: folder });
  const names = fileNames(folder);
  await using session = await openSession(target).catch((cause: unknown) => {
    throw new MigrationError(
      `Cannot reach ${nameOf(target)}: ${reason(cause)}. Start it, or correct the connection string.`,
      { cause },
    );
  });
  const database = session.database;
  return await session.transaction(async (run) => {
    await run(`SELECT pg_advisory_xact_lock(${lock})`);
    const known = await alreadyApplied(run, database);
    const latest = known.at(-1) ?? -1;
    if (latest > Math.max(...files.map((file) => file.folderMillis))) {
      throw new MigrationError(
        `${database} was migrated by a newer Papertape than this one. Update Papertape, or use another database.`,
      );
    }
    const applied: string[] = [];
    for (const [position, file] of files.entries()) {
      if (file.folderMillis <= latest) continue;
      const name = names[position] ?? `migration ${position}`;
      await apply(run, file, database, name);
      applied.push(name);
    }
    return { database, applied, before: known.length, storage: await storageOf(run) };
  });
}

async function alreadyApplied(run: Session['run'], database: string): Promise<number[]> {
  try {
    // Asked first, because a reader without the right to create may still check that all is up to date.
    if ((await run(`SELECT to_regclass('${journal}') AS found`))[0]?.['found'] === null) {
      await run('CREATE SCHEMA IF NOT EXISTS drizzle');
      await run(`CREATE TABLE ${journal} (id serial PRIMARY KEY, hash text NOT NULL, created_at bigint)`);
    }
    const rows = await run(`SELECT created_at FROM ${journal} ORDER BY created_at`);
    return rows.map((row) => Number(row['created_at']));
  } catch (cause) {
    throw new MigrationError(
      `Cannot keep the journal of migrations (${journal}) in ${database}: ${reason(cause)}. Migrate as a user who may create schemas and tables there.`,
      { cause },
    );
  }
}

async function apply(run: Session['run'], file: MigrationMeta, database: string, name: string): Promise<void> {
  for (const [position, statement] of file.sql.entries()) {
    try {
      await run(statement);
    } catch (cause) {
      const taken = codeOf(cause) === '42P07';
      throw new MigrationError(
        `migrations/${name}, statement ${position + 1} of ${file.sql.length}, failed in ${database}: ${reason(cause)}. ` +
          'Nothing was changed. ' +
          (taken
            ? 'A table of that name exists and is not ours: rename it, or give Papertape a database of its own (CREATE DATABASE papertape).'
            : 'Correct the cause and run it again, or give Papertape a database of its own (CREATE DATABASE papertape).'),
        { cause },
      );
    }
  }
  await run(`INSERT INTO ${journal} (hash, created_at) VALUES ('${file.hash}', ${file.folderMillis})`);
}

async function storageOf(run: Session['run']): Promise<Storage> {
  const [row] = await run(
    "SELECT relkind::text AS kind, current_setting('timescaledb.license', true) AS licence FROM pg_class WHERE oid = 'market_data'::regclass",
  );
  if (row?.['kind'] === 'p') return 'partitions';
  return row?.['licence'] === 'timescale' ? 'timescaledb-community' : 'timescaledb-apache';
}

/** The SQL lies beside this file in the repository, and at the package's root when this file is compiled into dist/. */
function migrationsFolder(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const places = [here, join(here, '../../migrations')];
  const folder = places.find((place) => existsSync(join(place, 'meta/_journal.json')));
  if (folder === undefined) {
    throw new MigrationError(`No meta/_journal.json in ${places.join(' or ')}. Install Papertape again.`);
  }
  return folder;
}

function fileNames(folder: string): string[] {
  const { entries } = journalShape.parse(JSON.parse(readFileSync(join(folder, 'meta/_journal.json'), 'utf8')));
  return entries.map(({ tag }) => `${tag}.sql`);
}

function nameOf(target: Database): string {
  return typeof target === 'string' ? databaseName(target) : 'the database';
}
