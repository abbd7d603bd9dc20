import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Fields, JsonReader, type Said, Unreadable } from '../../../client/reading/index.ts';

function read(text: string | Buffer): unknown {
  const reader = new JsonReader(Buffer.from(text));
  try {
    const value = reader.value();
    return reader.ended ? plain(value) : 'unreadable';
  } catch (error) {
    if (error instanceof Unreadable) return 'unreadable';
    throw error;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return 'unreadable';
  }
}

/** What JSON.parse would have made of it, but for great numbers. */
function plain(said: Said): unknown {
  if (said instanceof Fields)
    return Object.fromEntries([...said.entries()].map(([name, value]) => [name, plain(value)]));
  return Array.isArray(said) ? said.map(plain) : typeof said === 'bigint' ? Number(said) : said;
}

test('all JSON is read as JSON.parse reads it', () => {
  fc.assert(
    fc.property(fc.json({ depthSize: 'medium' }), fc.nat(4), (text, indent) => {
      const spaced = JSON.stringify(JSON.parse(text), undefined, indent);
      expect(read(spaced)).toEqual(parsed(spaced));
    }),
    { numRuns: 1000 },
  );
});

test('what JSON.parse refuses is unreadable, and nothing else is', () => {
  const piece = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"',
    '\\',
    'a',
    '1',
    '0',
    '-',
    '.',
    'e',
    ' ',
    'true',
    'null',
    '\u0000',
    '\\u12',
    'ü',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const text = pieces.join('');
      expect(read(text)).toEqual(parsed(text));
    }),
    { numRuns: 1000 },
  );
});

test('whole numbers beyond 2^53 keep their last digits', () => {
  const value = new JsonReader(Buffer.from('[9007199254740991,9007199254740993,-9223372036854775808,1e22]')).value();
  expect(value).toEqual([9007199254740991, 9007199254740993n, -9223372036854775808n, 1e22]);
});

test('letters that are no UTF-8 are unreadable rather than replaced', () => {
  expect(read(Buffer.from([0x22, 0xff, 0x22]))).toBe('unreadable');
});
