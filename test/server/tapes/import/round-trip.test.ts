import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { gzipSync } from 'node:zlib';
import type { MarketEvent, Nanos } from '../../../../market/event.ts';
import { imported } from '../../../helpers/import.ts';
import { type Spelling, spellings } from './spellings.ts';

/** Sorts as a tape does: by time, equal times as they came. */
const byTime = (one: MarketEvent, other: MarketEvent): number => Number(one.at > other.at) - Number(one.at < other.at);

const tickers = fc.constantFrom('AAPL', 'NA', 'NULL', 'nan', 'BRK.B', 'TRUE');
const base: Nanos = 1_782_912_600_000_000_000n;

/** Rows of one format, in any order of time, with equal times among them. */
function rowsOf(spelling: Spelling): fc.Arbitrary<readonly MarketEvent[]> {
  const step = fc.oneof(fc.nat(3), fc.nat(500_000)).map((ticks) => base + BigInt(ticks) * spelling.grain);
  return fc.array(
    fc.tuple(tickers, step).chain(([symbol, at]) => spelling.event(symbol, at)),
    { minLength: 1, maxLength: 25 },
  );
}
/** Breaks a row so that no reader can take it for one, or puts one there that never was a row. */
const broken = (spelling: Spelling): fc.Arbitrary<string> => fc.constantFrom(...spelling.broken);

test.each(Object.entries(spellings))(
  'a tape written as %s and imported again plays the same events',
  async (_, spelling) => {
    await fc.assert(
      fc.asyncProperty(rowsOf(spelling), fc.boolean(), async (events, packed) => {
        const text = [...spelling.head, ...events.map((event) => spelling.row(event))].join('\n');
        const { events: played, result } = await imported(
          { [spelling.file]: packed ? gzipSync(text) : text },
          spelling.reading,
        );
        expect(result).toMatchObject({ events: events.length, rejected: 0, inputs: [{ format: spelling.format }] });
        expect(played).toStrictEqual(events.toSorted(byTime));
      }),
      { numRuns: 25 },
    );
  },
);

test.each(Object.entries(spellings))(
  'rows of %s that are broken are counted one by one and harm no other',
  async (_, spelling) => {
    await fc.assert(
      fc.asyncProperty(
        rowsOf(spelling),
        fc.array(fc.tuple(fc.nat(25), broken(spelling)), { maxLength: 6 }),
        async (events, bad) => {
          const rows = events.map((event) => ({ text: spelling.row(event), bad: false }));
          for (const [at, text] of bad) rows.splice(Math.min(at, rows.length), 0, { text, bad: true });
          const text = [...spelling.head, ...rows.map((row) => row.text)].join('\r\n');
          const { events: played, rejects, result } = await imported({ [spelling.file]: text }, spelling.reading);
          expect(played).toStrictEqual(events.toSorted(byTime));
          const lines = rows.flatMap((row, index) => (row.bad ? [index + 1 + spelling.head.length] : []));
          expect(rejects.map(({ line }) => line)).toEqual(lines);
          expect(result.rejected).toBe(bad.length);
        },
      ),
      { numRuns: 25 },
    );
  },
);
