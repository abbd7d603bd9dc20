import { afterAll, beforeAll, expect, test } from 'vitest';
import { bind } from '../../../../server/sources/postgres/foreign/bound-table.ts';
import { mappingSchema } from '../../../../server/sources/postgres/foreign/mapping.ts';
import { rowsOf } from '../../../../server/sources/postgres/foreign/query.ts';
import { relationOf } from '../../../../server/sources/postgres/foreign/relation.ts';
import type { Selection } from '../../../../server/sources/source.ts';
import { at, eventsOf, foreignRig, type ForeignRig } from './rig.ts';

let rig: ForeignRig;
beforeAll(async () => {
  rig = await foreignRig();
  // Recorded symbol by symbol, so that rows of one time lie far apart and a planner left alone would sort.
  await rig.admin.query(`
    CREATE TABLE by_time (symbol varchar(10), datetime timestamp, open float, high float, low float, close float, volume integer);
    INSERT INTO by_time SELECT 'S' || s, '2025-06-02'::timestamp + n * interval '1 min', 1 + s, 1 + s, 1 + s, 1 + s, n
    FROM generate_series(0, 7) AS s, generate_series(0, 4999) AS n;
    CREATE TABLE by_symbol AS TABLE by_time;
    CREATE TABLE unindexed AS TABLE by_time;
    CREATE INDEX ON by_time (datetime);
    CREATE UNIQUE INDEX ON by_symbol (symbol, datetime);
    ANALYZE`);
});
afterAll(async () => await rig[Symbol.asyncDispose]());

const mapping = (table: string) => ({ table, columns: { at: 'datetime' }, timeZone: 'America/New_York' });

/** Kinds of nodes in the plan of what is read, as the tape's connection plans it. */
async function plan(table: string, selection: Selection): Promise<string[]> {
  const bound = bind(mappingSchema.parse(mapping(table)), await relationOf(rig.admin, table));
  await rig.admin.query('SET enable_sort = off');
  const { rows } = await rig.admin.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${rowsOf(bound, selection)}`);
  await rig.admin.query('RESET enable_sort');
  return rows.map((row) => row['QUERY PLAN'].replace(/^\s*(?:->)?\s*/, '').split(/ {2}\(| using | on /)[0] ?? '');
}
const scans = (nodes: readonly string[]): string[] =>
  nodes.filter((node) => /^(?:Sort|Seq Scan|Bitmap .*)$/.test(node));
const half = { from: at('2025-06-03T00:00:00Z'), to: at('2025-06-04T00:00:00Z') };

test('an index of times gives the rows in order, with and without a range', async () => {
  for (const selection of [{}, half, { ...half, symbols: ['S1', 'S2'] }]) {
    const nodes = await plan('by_time', selection);
    expect(scans(nodes)).toEqual([]);
    expect(nodes).toContain('Index Scan');
  }
});

test('an index of symbols and times gives the rows in order, one branch a symbol', async () => {
  for (const selection of [{ symbols: ['S1'] }, { ...half, symbols: ['S1', 'S5', 'S7'] }]) {
    const nodes = await plan('by_symbol', selection);
    expect(scans(nodes)).toEqual([]);
    expect(nodes.filter((node) => node === 'Index Scan')).toHaveLength(selection.symbols.length);
  }
});

test('an index that knows no order is not taken for one', async () => {
  await rig.admin.query('CREATE TABLE summed AS TABLE unindexed; CREATE INDEX ON summed USING brin (datetime)');
  const { index } = bind(mappingSchema.parse(mapping('summed')), await relationOf(rig.admin, 'summed'));
  expect(index).toEqual({ byTime: false, bySymbol: false });
});

test('every index gives the same events in the same order, and so does none', async () => {
  const read = async (table: string, selection: Selection) => await eventsOf(rig.table(mapping(table)), selection);
  for (const selection of [{}, half, { ...half, symbols: ['S6', 'S2', 'gone'] }]) {
    const expected = await read('unindexed', selection);
    expect(expected.length).toBeGreaterThan(2000);
    expect(await read('by_time', selection)).toEqual(expected);
    expect(await read('by_symbol', selection)).toEqual(expected);
  }
});
