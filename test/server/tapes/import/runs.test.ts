import * as fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { mergeRuns } from '../../../../server/tapes/import/merge-runs.ts';
import { RunWriter } from '../../../../server/tapes/import/runs.ts';
import { lineOfEvent } from '../../../../server/sources/file/index.ts';
import { trade } from '../../../helpers/events.ts';
import { folderOf } from '../../scenario/folder.ts';

test('runs of any size merge into all events by time, those of one time in the order in which they came', async () => {
  await using folder = await folderOf({});
  const times = fc.array(
    fc.oneof(fc.bigInt({ min: -3n, max: 3n }), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
    { maxLength: 60 },
  );
  await fc.assert(
    fc.asyncProperty(times, fc.integer({ min: 1, max: 4000 }), async (ats, limit) => {
      const events = ats.map((at, index) => trade(at, { id: `${index} é` }));
      const writer = new RunWriter(limit);
      const runs: string[] = [];
      const write = async (): Promise<void> => {
        const path = folder.at(`${runs.length}.run`);
        runs.push(path);
        await writer.write(path);
      };
      for (const event of events) {
        writer.add(event);
        if (writer.full) await write();
      }
      if (!writer.empty) await write();
      let text = '';
      for await (const { bytes } of mergeRuns(runs, 'lines')) text += bytes.toString();
      // Array.prototype.sort is stable.
      const sorted = events.toSorted((one, other) => Number(one.at > other.at) - Number(one.at < other.at));
      expect(text).toBe(sorted.map((event) => `${lineOfEvent(event)}\n`).join(''));
    }),
    { numRuns: 60 },
  );
});

test('formats never import one another', () => {
  const folder = 'server/tapes/import/formats';
  const names = readdirSync(folder).filter((name) => name !== 'index.ts');
  const found = names.flatMap((name) =>
    [...readFileSync(join(folder, name), 'utf8').matchAll(/from '\.\/([^']+)'/g)].map(
      ([, other = '']) => `${name} ${other}`,
    ),
  );
  expect(found).toEqual(['polygon.ts polygon-codes.ts']);
});
