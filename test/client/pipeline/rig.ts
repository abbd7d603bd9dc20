import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { expect, vi } from 'vitest';
import {
  type Pipeline,
  type PipelineHappening,
  type PipelineInput,
  type PipelineSurroundings,
  startPipeline,
} from '../../../client/index.ts';
import type { MarketEvent, Nanos, Quote, Trade } from '../../../market/event.ts';
import { day, milli } from '../../../market/nanos.ts';
import { SystemClock } from '../../../market/clock.ts';
import type { Papertape, ScenarioInput } from '../../../server/index.ts';
import { opening, quote, trade } from '../../helpers/events.ts';
import { serve } from '../../helpers/serve.ts';

/** A year before other tapes, so that no clock takes it for the future. */
export const start: Nanos = opening - 365n * day;
export const symbols = ['AAPL', 'MSFT'] as const;

/** So many seconds of a lively market: each tenth of a second a trade and two quotes of a symbol, equal ones now and then. */
export function lively(seconds: number, from: Nanos = start): MarketEvent[] {
  return Array.from({ length: seconds * 10 }, (_, index): MarketEvent[] => {
    const at = from + BigInt(index) * 100n * milli;
    const symbol = symbols[index % 2 === 0 ? 0 : 1];
    const price = Math.round((230 + Math.sin(index / 70) * 3) * 100) / 100;
    const said = { symbol, bidPrice: price - 0.01, askPrice: price + 0.01 };
    return [
      quote(at, { ...said, sequence: index * 3 }),
      // Vendors that tell no ids of quotes may say the very same twice.
      quote(at, { ...said, bidSize: index % 5 === 0 ? 200 : 100 + (index % 7) * 100, sequence: index * 3 + 1 }),
      trade(at + 2n * milli, {
        symbol,
        id: String(index + 1),
        price,
        size: 1 + (index % 300),
        sequence: index * 3 + 2,
      }),
    ];
  }).flat();
}

/** An exchange that plays the tape so much faster than it happened, once it is told to. */
export async function playing(
  tape: readonly MarketEvent[],
  speed: number | 'max',
  rest: Partial<ScenarioInput> = {},
): Promise<Papertape> {
  return await serve(tape, { speed, startOn: 'command', frameWindow: '0s' }, rest, new SystemClock());
}

export type FeedInput = PipelineInput['feeds'][number];

/** A feed at that exchange, in a hurry: the tape is. */
export function hurried(papertape: Papertape, given: Partial<FeedInput> & Pick<FeedInput, 'want'>): FeedInput {
  const soon = { base: '20ms', floor: '10ms', cap: '200ms' };
  return {
    feed: { vendor: 'alpaca', streamUrl: papertape.url },
    keys: [{ id: given.name ?? 'key', secret: 'secret' }],
    connection: {
      backoff: soon,
      keys: { apart: '1ms', refused: soon, crowded: soon },
      staleness: { every: '50ms', least: '700ms', unknown: '2s', times: 2, reconnectsApart: '500ms' },
    },
    gaps: { patience: '500ms' },
    backfill: { perMinute: 60_000, backoff: soon, again: '0s' },
    ...given,
  };
}

/** Lets the tape play once all of them are subscribed. */
export async function playsFor(papertape: Papertape, { pipeline: { collectors } }: Rig): Promise<void> {
  const live = (): void => expect(collectors.every(({ connection }) => connection.phase === 'live')).toBe(true);
  await vi.waitFor(live, { timeout: 20_000 });
  papertape.run.play();
}

export interface Rig extends AsyncDisposable {
  readonly pipeline: Pipeline;
  readonly happenings: PipelineHappening[];
  /** What befell feeds, by kind. */
  readonly kinds: () => string[];
}

/** A pipeline that stores there and spools into that folder, on a free port. */
export async function collect(
  feeds: FeedInput[],
  store: PipelineInput['store'],
  given: Partial<PipelineInput> = {},
  surroundings: PipelineSurroundings = {},
): Promise<Rig> {
  const happenings: PipelineHappening[] = [];
  const listen = (happening: PipelineHappening): void => void happenings.push(happening);
  const pipeline = await startPipeline({ feeds, store, service: false, ...given }, { listen, ...surroundings });
  return {
    pipeline,
    happenings,
    kinds: () => happenings.flatMap(({ happening }) => ('kind' in happening ? [happening.kind] : [])),
    [Symbol.asyncDispose]: async () => await pipeline[Symbol.asyncDispose](),
  };
}

/** A store in a hurry, whose spool is in that folder. */
export const storeIn = (database: string, folder: string) => ({
  database,
  migrate: false,
  maxDelay: '20ms',
  retry: { first: '20ms', most: '100ms' },
  spool: { folder, sync: 'never' as const },
});

export function temporaryFolder(): Disposable & { readonly folder: string } {
  const folder = mkdtempSync(join(tmpdir(), 'papertape-pipeline-'));
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Trades and quotes as lines that can be compared, in time order. */
export const lines = (tape: readonly MarketEvent[], kind: 'trade' | 'quote'): string[] =>
  tape.flatMap((event) => (event.kind === kind ? [lineOf(event)] : [])).toSorted();

const lineOf = (event: Trade | Quote): string =>
  event.kind === 'trade'
    ? `${event.at} ${event.symbol} ${event.id} ${event.price} ${event.size}`
    : `${event.at} ${event.symbol} ${event.bidPrice} ${event.bidSize} ${event.askPrice} ${event.askSize}`;

/** Asks the database. */
export async function ask(database: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: database });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** What is stored of a source, as the same lines. */
export async function stored(database: string, dataSource: string, kind: 'trade' | 'quote'): Promise<string[]> {
  const said =
    kind === 'trade'
      ? "event_id || ' ' || price || ' ' || size"
      : "bid_price || ' ' || bid_size || ' ' || ask_price || ' ' || ask_size";
  const at = "(extract(epoch FROM timestamp) * 1000000000 + nanos)::bigint || ' ' || symbol";
  const rows = await ask(
    database,
    `SELECT ${at} || ' ' || ${said} AS line FROM websocket_data WHERE data_source = '${dataSource}' AND channel = '${kind}'`,
  );
  return rows.map(({ line }) => String(line)).toSorted();
}

/** What is stored of a source beside what should be, once there are as many rows or too much time has gone by. */
export async function amiss(
  database: string,
  dataSource: string,
  kind: 'trade' | 'quote',
  expected: readonly string[],
): Promise<{ readonly missing: readonly unknown[]; readonly tooMany: readonly unknown[] }> {
  const enough = async (): Promise<void> =>
    expect((await stored(database, dataSource, kind)).length).toBeGreaterThanOrEqual(expected.length);
  await vi.waitFor(enough, { timeout: 20_000, interval: 100 }).catch(() => undefined);
  return difference(await stored(database, dataSource, kind), expected);
}

export const nothing = { missing: [], tooMany: [] };

/** The first few that differ. */
function difference(rows: readonly string[], expected: readonly string[]) {
  const counts = new Map<string, number>();
  for (const line of expected) counts.set(line, (counts.get(line) ?? 0) + 1);
  for (const line of rows) counts.set(line, (counts.get(line) ?? 0) - 1);
  const all = [...counts];
  return {
    missing: all.filter(([, count]) => count > 0).slice(0, 5),
    tooMany: all.filter(([, count]) => count < 0).slice(0, 5),
  };
}
