import { Client } from 'pg';
import { migrate } from '../../migrations/migrate.ts';
import type { Running } from './running.ts';

/** Name of the migrated database that every test database is copied from. It changes with the run, not with the file. */
export const templateOf = (url: string): string => new URL(url).searchParams.get('template') ?? 'template0';

/** Migrates one database, once a run, and hands out its name inside the URL. */
export async function prepareTemplate(running: Running): Promise<Running> {
  const template = `papertape_template_${process.pid}`;
  try {
    await asAdmin(running.url, async (client) => {
      await client.query(`DROP DATABASE IF EXISTS ${template}`);
      await client.query(`CREATE DATABASE ${template} TEMPLATE template0`);
    });
    await migrate(inDatabase(running.url, template));
    // A database cannot be copied while anybody is in it, and autovacuum would be.
    await asAdmin(
      running.url,
      async (client) => void (await client.query(`ALTER DATABASE ${template} ALLOW_CONNECTIONS false`)),
    );
  } catch (error) {
    await running.stop();
    throw error;
  }
  const url = new URL(running.url);
  url.searchParams.set('template', template);
  return {
    url: url.href,
    stop: async () => {
      await asAdmin(
        running.url,
        async (client) => void (await client.query(`DROP DATABASE IF EXISTS ${template} WITH (FORCE)`)),
      );
      await running.stop();
    },
  };
}

/** The same server, another database. */
export function inDatabase(url: string, database: string): string {
  const moved = new URL(url);
  moved.pathname = `/${database}`;
  moved.searchParams.delete('template');
  return moved.href;
}

export async function asAdmin(url: string, work: (client: Client) => Promise<void>): Promise<void> {
  const bare = new URL(url);
  bare.searchParams.delete('template');
  const client = new Client({ connectionString: bare.href });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
