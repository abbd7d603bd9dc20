import type { Environment } from '../interpolate.ts';

/** Where the recycler's tables are, and which variable says so. */
export interface RecyclerDatabase {
  readonly url: string;
  readonly variable: string | undefined;
}

/**
 * The database of the old system: its own DB_HOST, DB_PORT, DB_NAME, DB_USER and DB_PASSWORD, else DATABASE_URL, else
 * `trading_system` on this machine, as it had it.
 */
export function recyclerDatabase(environment: Environment): RecyclerDatabase {
  const said = (name: string): string | undefined => environment[name]?.trim() || undefined;
  const variable = ['DB_HOST', 'DB_NAME', 'DB_USER'].find((name) => said(name) !== undefined);
  const whole = said('DATABASE_URL');
  if (variable === undefined && whole !== undefined) return { url: whole, variable: 'DATABASE_URL' };
  const [user, password] = [said('DB_USER') ?? '', environment['DB_PASSWORD'] ?? ''].map(encodeURIComponent);
  const login = user === '' ? '' : `${user}${password === '' ? '' : `:${password}`}@`;
  const place = `${said('DB_HOST') ?? 'localhost'}:${said('DB_PORT') ?? '5432'}`;
  return { url: `postgres://${login}${place}/${encodeURIComponent(said('DB_NAME') ?? 'trading_system')}`, variable };
}
