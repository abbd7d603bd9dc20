import type { Command } from 'commander';
import { Complaint, type ExitCode, exitCodes, type Shell } from '../shell.ts';

const shape = 'postgres://user:password@host:5432/database';
const isDatabase = (url: string): boolean => URL.canParse(url) && /^postgres(?:ql)?:$/.test(new URL(url).protocol);

/** Adds `db migrate`: brings a database to the shape this version reads and writes. */
export function addDatabase(program: Command, shell: Shell, ended: (code: ExitCode) => void): void {
  const db = program.command('db').description('look after the PostgreSQL database');
  db.command('migrate')
    .description('create or update the tables; safe to run again, and twice at once')
    .option('--url <url>', `${shape} (DATABASE_URL)`)
    .addHelpText(
      'after',
      `
Ends with 0 when the database is up to date, with 1 when it cannot be reached or changed, with 2 without a usable URL.

Examples:
  papertape db migrate --url postgres://papertape:secret@localhost:5432/papertape
  DATABASE_URL=postgres://localhost/papertape papertape db migrate`,
    )
    .action(async (options: { readonly url?: string }) => {
      const url = options.url ?? shell.environment['DATABASE_URL'];
      if (url === undefined || url === '') {
        throw new Complaint('no database named; give --url, or set DATABASE_URL');
      }
      if (!isDatabase(url)) {
        const named = options.url === undefined ? 'DATABASE_URL' : '--url';
        // Whatever it is, it may hold a password.
        throw new Complaint(`${named}: (hidden) – no URL of a database; use ${shape}`);
      }
      const { migrate, MigrationError } = await import('../../migrations/migrate.ts');
      const report = await migrate(url).catch((error: unknown) => {
        if (!(error instanceof MigrationError)) throw error;
        throw new Complaint(error.message, exitCodes.failed, { cause: error });
      });
      const { database, applied, before, storage } = report;
      const news =
        applied.length === 0 ? `up to date (${before} migrations)` : `${applied.length} applied: ${applied.join(', ')}`;
      shell.out.write(`${database}: ${news}; storage: ${storage}\n`);
      ended(exitCodes.ok);
    });
}
