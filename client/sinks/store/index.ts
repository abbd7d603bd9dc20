import { join } from 'node:path';
import type { Clock } from '../../../market/clock.ts';
import type { Listen } from './happening.ts';
import { Rejects } from './rejects.ts';
import type { StoreSettings } from './settings.ts';
import { Spool } from './spool.ts';
import { DatabaseStore, type Store } from './store.ts';
import { type EmbeddedDatabase, embeddedSupply, supplyOf } from './supply.ts';

export { StoreError, type StoreHappening } from './happening.ts';
export { type SpoolSettings, storeSettings, type StoreSettings } from './settings.ts';
export type { Store, StoreCounts } from './store.ts';
export type { EmbeddedDatabase } from './supply.ts';

/** What a store gets beside its settings. */
export interface StoreSurroundings {
  readonly clock: Clock;
  readonly listen: Listen;
  /** A PGlite to store into instead of `settings.database`; it stays open. */
  readonly embedded?: EmbeddedDatabase;
}

/**
 * Opens the sink that keeps every event in PostgreSQL, once. The database need not be there yet: what is taken waits for it. Throws a `StoreError`
 * when the spool folder belongs to another client or another version, or when the package of the embedded database is absent.
 */
export async function openStore(
  settings: StoreSettings,
  { clock, listen, embedded }: StoreSurroundings,
): Promise<Store> {
  const { spool: wanted } = settings;
  const supply = embedded === undefined ? await supplyOf(settings.database) : embeddedSupply(embedded);
  const spool = wanted === 'none' ? undefined : await Spool.open(wanted, listen);
  if (spool !== undefined && spool.rows > 0) listen({ kind: 'left-over', rows: spool.rows });
  const rejects = new Rejects(
    wanted === 'none' ? 'papertape-rejects.ndjson' : join(wanted.folder, 'rejects.ndjson'),
    clock,
  );
  return new DatabaseStore({ settings, supply, spool, rejects, clock, listen });
}
