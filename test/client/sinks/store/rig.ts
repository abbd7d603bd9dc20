import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { expect, onTestFinished } from 'vitest';
import type { z } from 'zod';
import type { Batch } from '../../../../client/batch.ts';
import {
  openStore,
  type Store,
  type StoreHappening,
  storeSettings,
  type StoreSurroundings,
} from '../../../../client/sinks/store/index.ts';
import { SystemClock } from '../../../../market/clock.ts';
import type { MarketEvent, Nanos } from '../../../../market/event.ts';
import { opening } from '../../../helpers/events.ts';

/** A folder that is gone when the test is over. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'papertape-store-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A store whose happenings are noted, that tries again at once. */
export interface Rig {
  readonly store: Store;
  readonly happenings: StoreHappening[];
  readonly kinds: () => readonly string[];
}

export async function openRig(
  given: z.input<typeof storeSettings>,
  surroundings: Partial<StoreSurroundings> = {},
): Promise<Rig> {
  const happenings: StoreHappening[] = [];
  const settings = storeSettings.parse({
    spool: { folder: temporaryFolder(), sync: 'never' },
    retry: { first: '5ms', most: '50ms' },
    maxDelay: '5ms',
    ...given,
  });
  const store = await openStore(settings, {
    clock: new SystemClock(),
    listen: (happening) => happenings.push(happening),
    ...surroundings,
  });
  return { store, happenings, kinds: () => happenings.map(({ kind }) => kind) };
}

export const heard = (events: readonly MarketEvent[], given: Partial<Batch> = {}): Batch => ({
  events,
  dataSource: 'alpaca',
  origin: 'stream',
  heardAt: opening,
  ...given,
});

/** The next happening of a kind, also when it is already noted. */
export async function happens(rig: Rig, kind: StoreHappening['kind'], times = 1): Promise<void> {
  await expect.poll(() => rig.kinds().filter((one) => one === kind).length, { timeout: 20_000 }).toBe(times);
}

interface Look {
  readonly rows: (sql: string) => Promise<Record<string, unknown>[]>;
}

/** A connection that only looks. */
export async function lookInto(url: string): Promise<Look> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  onTestFinished(async () => await client.end().catch(() => undefined));
  return { rows: async (sql) => (await client.query<Record<string, unknown>>(sql)).rows };
}

export const at = (nanos: number): Nanos => opening + BigInt(nanos);
