import { readdirSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import type { MarketEvent } from '../../../market/event.ts';
import { openTape, type Source, tapeSchema } from '../../../server/sources/index.ts';
import { folderOf } from '../scenario/folder.ts';

const signal = new AbortController().signal;
const header = 'ticker,conditions,exchange,id,participant_timestamp,price,size';
const rows = ['X:BTC-USD,1,1,b,1782912600000000002,2,1', 'X:BTC-USD,2,1,a,1782912600000000001,1,1'];

async function played(source: Source): Promise<MarketEvent[]> {
  const events: MarketEvent[] = [];
  for await (const page of source.pages({}, signal)) events.push(...page);
  return events;
}

test('a scenario plays a vendor’s file as it is: sorted, its rejects told, and imported once only', async () => {
  await using folder = await folderOf({ 'flat.csv.gz': gzipSync([header, 'broken', ...rows].join('\n')) });
  const told: string[] = [];
  const entry = tapeSchema.parse({ file: 'flat.csv.gz' });
  const kept = join(tmpdir(), `papertape-${userInfo().uid}`);
  const open = (): Source =>
    openTape(entry, { directory: folder.path, seed: 1, warn: (message) => told.push(message) });
  await using first = open();
  expect((await first.survey(signal)).holdings).toMatchObject([{ symbol: 'BTC/USD', market: 'crypto', events: 2 }]);
  const names = readdirSync(kept).length;
  await using second = open();
  expect(await played(second)).toMatchObject([
    { id: 'a', taker: 'buy' },
    { id: 'b', taker: 'sell' },
  ]);
  expect(readdirSync(kept)).toHaveLength(names);
  expect(told).toHaveLength(2);
  expect(told[1]).toMatch(
    /flat\.csv\.gz: 1 rows could not be read and are left out; they are listed in .*rejects\.ndjson$/,
  );
});

test('a scenario says how to read a table of bars, and a changed file is imported anew', async () => {
  const bars = (close: number): string => `Date,O,H,L,C\n2026-07-01 09:31,1,9,1,${close}\n`;
  await using folder = await folderOf({ 'b.csv': bars(2) });
  const map = { open: 'O', high: 'H', low: 'L', close: 'C' };
  const reading = { map, symbol: 'AAPL', timeframe: '1m', barLabel: 'end', timeZone: 'America/New_York' };
  const entry = tapeSchema.parse({ file: { path: 'b.csv', reading } });
  await using source = openTape(entry, { directory: folder.path, seed: 1 });
  expect(await played(source)).toMatchObject([{ kind: 'bar', start: 1782912600000000000n, close: 2 }]);
  await writeFile(folder.at('b.csv'), bars(3.25));
  expect(await played(source)).toMatchObject([{ close: 3.25 }]);
});

test('a file of which nothing can be read is an error that says why', async () => {
  await using folder = await folderOf({ 'f.csv': `${header}\nbroken\n`, 'x.csv': 'a,b\n1,2\n' });
  const survey = async (file: string): Promise<unknown> => {
    await using source = openTape(tapeSchema.parse({ file }), { directory: folder.path, seed: 1 });
    return await source.survey(signal);
  };
  await expect(survey('f.csv')).rejects.toThrow(
    /f\.csv: none of its 1 rows can be read; most often because the row has not 7 cells/,
  );
  await expect(survey('x.csv')).rejects.toThrow(/x\.csv: its format is not known/);
});
