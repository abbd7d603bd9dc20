import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseExactly } from '../../../server/wire/exact-json.ts';

test('whole numbers that no double holds keep their digits, wherever they stand', () => {
  expect(parseExactly('{"i":9223372036854775807,"l":[-9007199254740993,1],"t":1782916200000000001}')).toEqual({
    i: 9_223_372_036_854_775_807n,
    l: [-9_007_199_254_740_993n, 1],
    t: 1_782_916_200_000_000_001n,
  });
});

test('digits in texts, fractions and exponents stay what they are', () => {
  const text =
    '{"a":"12345678901234567890","b":0.12345678901234567,"c":"\\"98765432109876543210","d":12345678901234567.5}';
  expect(parseExactly(text)).toEqual(JSON.parse(text));
});

test('any other JSON reads as usual', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      fc.pre(!/\d{16}/.test(text));
      expect(parseExactly(text)).toEqual(JSON.parse(text));
    }),
  );
});
