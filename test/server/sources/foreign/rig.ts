import { Client } from 'pg';
import type { MarketEvent } from '../../../../market/event.ts';
import { postgres } from '../../../../server/sources/postgres/index.ts';
import type { Selection, Source } from '../../../../server/sources/source.ts';
import { testDatabase } from '../../../services/index.ts';

/** A database of another system, and tapes over its tables. */
export interface ForeignRig extends AsyncDisposable {
  readonly url: string;
  readonly admin: Client;
  /** What the tapes opened here warned of. */
  readonly warnings: string[];
  open(options: object): Source;
  /** A tape over one table. */
  table(mapping: object): Source;
}

export async function foreignRig(): Promise<ForeignRig> {
  const database = await testDatabase('empty');
  const admin = new Client({ connectionString: database.url });
  await admin.connect();
  // A server's own zone must make no difference to what its columns mean.
  await admin.query(
    `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET timezone = %L', current_database(), 'Asia/Tokyo'); END $$`,
  );
  const warnings: string[] = [];
  const open = (options: object): Source =>
    postgres.open(postgres.options.parse({ url: database.url, ...options }), {
      directory: '.',
      seed: 1,
      warn: (message) => void warnings.push(message),
    });
  return {
    url: database.url,
    admin,
    warnings,
    open,
    table: (mapping) => open({ tables: [mapping] }),
    [Symbol.asyncDispose]: async () => {
      await admin.end();
      await database[Symbol.asyncDispose]();
    },
  };
}

export const endless = new AbortController().signal;

export async function eventsOf(tape: Source, selection: Selection = {}): Promise<MarketEvent[]> {
  const events: MarketEvent[] = [];
  for await (const page of tape.pages(selection, endless)) events.push(...page);
  return events;
}

/** Nanos of ISO text. */
export const at = (iso: string): bigint => BigInt(Date.parse(iso)) * 1_000_000n;
/** ISO text of Nanos, without the fraction. */
export const iso = (nanos: bigint): string => new Date(Number(nanos / 1_000_000n)).toISOString().replace('.000Z', 'Z');
