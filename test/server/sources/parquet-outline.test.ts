import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { openTape, type Source } from '../../../server/sources/index.ts';
import { openDuckDb } from '../../../server/sources/file/duckdb.ts';
import type { Outline } from '../../../server/sources/source.ts';

const directory = mkdtempSync(join(tmpdir(), 'papertape-outline-'));
afterAll(() => rmSync(directory, { recursive: true }));
const { signal } = new AbortController();

/** Writes rows of index levels as another program would: without a sidecar. */
async function parquet(name: string, rows: readonly string[]): Promise<Source> {
  const path = join(directory, name);
  using database = await openDuckDb(path);
  await database.connection.run(
    `COPY (SELECT * FROM (VALUES ${rows.join(', ')}) AS t("at", kind, market, symbol, "value")) TO '${path}' (FORMAT parquet)`,
  );
  return openTape({ file: name }, { directory, seed: 0 });
}

test('the outline of a Parquet tape without a sidecar is its survey without the counts', async () => {
  const row = fc.record({
    kind: fc.constantFrom('value', 'fair-value'),
    market: fc.constantFrom('stocks', 'indices'),
    symbol: fc.constantFrom('NA', 'NULL', "O'X"),
    gap: fc.nat(3),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 30 }), fc.boolean(), async (rows, narrowed) => {
      let at = 1_782_912_600_000_000_000n;
      const values = rows.map(({ kind, market, symbol, gap }) => {
        at += BigInt(gap);
        return `(${at}::BIGINT, '${kind}', '${market}', '${symbol.replaceAll("'", "''")}', 1.5::DOUBLE)`;
      });
      await using whole = await parquet('outlined.parquet', values);
      const entry = { path: 'outlined.parquet', symbols: ['NA', "O'X"] };
      await using tape = narrowed ? openTape({ file: entry }, { directory, seed: 0 }) : whole;
      const groups = new Map<string, Outline>();
      for await (const page of tape.pages({}, signal)) {
        for (const { symbol, market, kind, at: instant } of page) {
          const key = `${symbol} ${market} ${kind}`;
          const from = groups.get(key)?.from ?? instant;
          groups.set(key, { symbol, market, channel: kind, from, to: instant });
        }
      }
      const told = (await tape.outline?.(signal)) ?? [];
      expect(new Set(told)).toEqual(new Set(groups.values()));
      expect(told).toHaveLength(groups.size);
    }),
    { numRuns: 25 },
  );
});

test('a Parquet file with a row that is no event is refused before it plays, by its row', async () => {
  await using tape = await parquet('strange.parquet', [
    `(1::BIGINT, 'value', 'indices', 'SPX', 1.0::DOUBLE)`,
    `(2::BIGINT, 'rumour', 'indices', 'SPX', 1.0::DOUBLE)`,
  ]);
  await expect(tape.outline?.(signal)).rejects.toThrow(/strange\.parquet: rumour of SPX at 2: kind: rumour/);
});

test('looking at a Parquet tape that nobody waits for any more ends with the reason', async () => {
  await using tape = await parquet('left.parquet', [`(1::BIGINT, 'value', 'indices', 'SPX', 1.0::DOUBLE)`]);
  await expect(tape.outline?.(AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
});
