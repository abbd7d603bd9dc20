import { Readable } from 'node:stream';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { cellsOf } from '../../../../server/tapes/import/cells.ts';
import { BadRow } from '../../../../server/tapes/import/format.ts';
import { checkText, linesOf } from '../../../../server/tapes/import/lines.ts';
import { RowCells } from '../../../../server/tapes/import/row-cells.ts';

/** All rows of a text, each as its cells or as what is wrong with it; empty ones are left out. */
function rowsOf(text: string, delimiter: string): unknown[] {
  const cells = new RowCells(delimiter, 20);
  const bytes = Buffer.from(text);
  cells.load(bytes);
  const rows: unknown[] = [];
  for (let at = 0; at <= bytes.length;) {
    at = cells.seek(at);
    if (cells.count === 0) continue;
    rows.push(
      attempt(() => {
        if (cells.isOdd) {
          checkText(cells.row, true);
          cells.spellOut();
        }
        return Array.from({ length: cells.count }, (_, cell) => cells.text(cell));
      }),
    );
  }
  return rows;
}

function attempt(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    if (error instanceof BadRow) return error.message;
    throw error;
  }
}

test('rows are cut into the same cells as their text is, whatever stands in them', () => {
  const cell = fc.oneof(
    fc.string({ unit: fc.constantFrom('a', '7', '"', '\r', '.', 'é', '\0', ' ', '|'), maxLength: 9 }),
    fc.string({ unit: fc.constantFrom('a', ',', '""', 'ñ'), maxLength: 5 }).map((text) => `"${text}"`),
    fc.string({ unit: 'grapheme', maxLength: 9 }).map((text) => text.replaceAll('\n', '')),
  );
  const lines = fc.array(fc.array(cell, { minLength: 1, maxLength: 6 }), { maxLength: 5 });
  fc.assert(
    fc.property(lines, fc.constantFrom(',', ';', '\t', '|'), fc.boolean(), (rows, delimiter, carries) => {
      const text = rows.map((row) => row.join(delimiter)).join(carries ? '\r\n' : '\n');
      const expected = text
        .split('\n')
        .map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line))
        .filter((line) => line !== '')
        .map((line) =>
          attempt(() => {
            checkText(line, true);
            return cellsOf(line, delimiter);
          }),
        );
      expect(rowsOf(text, delimiter)).toEqual(expected);
    }),
    { numRuns: 2000 },
  );
});

test('a number is the double that its text spells, or is left to its text', () => {
  const digits = fc.bigInt({ min: 0n, max: 10n ** 18n }).map(String);
  const spelled = fc.oneof(
    fc.tuple(digits, digits).map(([whole, rest]) => `${whole}.${rest}`),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
    fc.integer().map(String),
    digits,
    fc.string({ maxLength: 5 }).map((text) => text.replaceAll(/[,"\s\0]/g, '')),
  );
  fc.assert(
    fc.property(spelled, (text) => {
      const cells = new RowCells(',', 2);
      cells.load(Buffer.from(`x,${text}`));
      cells.seek(0);
      const value = cells.number(1);
      if (value !== undefined) expect(value).toBe(Number(text));
      if (/^\d{1,6}(\.\d{1,6})?$/.test(text)) expect(value).toBe(Number(text));
    }),
    { numRuns: 3000 },
  );
});

test('nanoseconds are those that the text spells, or are left to it', () => {
  const text = fc.oneof(
    fc.bigInt({ min: 0n, max: 2n ** 64n }).map(String),
    fc.bigInt({ min: 1_600_000_000_000_000_000n, max: 1_600_000_002_000_000_000n }).map(String),
    fc.string({ unit: fc.constantFrom('1', '9', '-', '.'), minLength: 19, maxLength: 19 }),
  );
  const times = fc.array(text, { minLength: 1, maxLength: 9 });
  fc.assert(
    fc.property(times, (texts) => {
      const cells = new RowCells(',', texts.length);
      cells.load(Buffer.from(texts.join(',')));
      cells.seek(0);
      for (const [cell, one] of texts.entries()) {
        const value = cells.nanos(cell);
        if (value !== undefined) expect(value).toBe(BigInt(one));
        if (/^16\d{17}$/.test(one)) expect(value).toBe(BigInt(one));
      }
    }),
  );
});

test('texts that share a place in memory are never taken for one another', () => {
  const text = fc.string({ unit: fc.constantFrom('A', 'B', '1', '.', ' ', '~'), maxLength: 8 });
  fc.assert(
    fc.property(fc.array(text, { minLength: 2000, maxLength: 9000, size: 'max' }), (texts) => {
      const cells = new RowCells(',', texts.length);
      cells.load(Buffer.from(texts.join(',')));
      cells.seek(0);
      expect(texts.map((_, cell) => cells.text(cell))).toEqual(texts);
    }),
    { numRuns: 20 },
  );
});

test('lines keep their numbers whether their reader counted them or not', async () => {
  const chunks = ['a\nb\nc', 'c\n\n', 'd\ne'].map((text) => Buffer.from(text));
  const numbers = async (walk: boolean): Promise<number[]> => {
    const found: number[] = [];
    for await (const lines of linesOf(Readable.from(chunks), 'x')) {
      if (walk) lines.count = lines.texts.length;
      found.push(lines.first);
    }
    return found;
  };
  expect(await numbers(false)).toEqual([1, 3, 5, 6]);
  expect(await numbers(true)).toEqual([1, 3, 5, 6]);
});
