import { expect, test } from 'vitest';
import { conditionId, exchangeId, quoteConditionId, tapeId } from '../../../../server/exchanges/polygon/codes.ts';
import {
  conditionLetter,
  exchangeLetter,
  quoteConditionLetter,
  tapeLetter,
} from '../../../../server/tapes/import/formats/polygon-codes.ts';

const ids = (upTo: number): number[] => Array.from({ length: upTo }, (_, index) => index + 1);

test.each(['A', 'B', 'C', undefined] as const)('every id of a flat file comes back as it was, on tape %s', (tape) => {
  expect(ids(90).map((id) => exchangeId('stocks', exchangeLetter(String(id))))).toEqual(ids(90));
  expect(ids(90).map((id) => conditionId('stocks', conditionLetter(String(id), tape), tape))).toEqual(
    // On Nasdaq's tape 4, a bunched trade, is B; so is 2, an average price, on the others (the glossary's own ambiguity).
    ids(90).map((id) => (id === 4 && (tape === 'A' || tape === 'B') ? 2 : id === 2 && tape === undefined ? 4 : id)),
  );
  expect(ids(90).map((id) => quoteConditionId(quoteConditionLetter(String(id)), tape))).toEqual(ids(90));
  if (tape !== undefined) expect(tapeLetter(String(tapeId(tape)))).toBe(tape);
});

test('ids of options and currencies, which flat files keep as they are, stay; a letter of OPRA becomes its id', () => {
  expect(exchangeId('options', '312')).toBe(312);
  expect(conditionId('options', '233', undefined)).toBe(233);
  expect(exchangeId('crypto', '1')).toBe(1);
  expect(['A', 'C', 'M', 'N', 'Z'].map((letter) => exchangeId('options', letter))).toEqual([300, 302, 312, 313, 325]);
  const letters = ['A', 'I', 'S', 'a', 'f', 'g', 'v'];
  expect(letters.map((letter) => conditionId('options', letter, undefined))).toEqual([
    201, 209, 219, 227, 232, 233, 248,
  ]);
});

test('a regular sale has no condition, and what has no id is left out', () => {
  expect(['@', ' ', '', '?', '3', '00'].map((letter) => conditionId('stocks', letter, 'C'))).toEqual(
    Array(6).fill(undefined),
  );
  expect([exchangeId('stocks', 'x'), exchangeId('stocks', undefined), exchangeId('crypto', 'CBSE')]).toEqual(
    Array(3).fill(undefined),
  );
  expect([tapeId('O'), tapeId(undefined)]).toEqual([undefined, undefined]);
});

test('every forex quote names an exchange, because clients drop one whose exchange is no number', () => {
  expect([undefined, 'BANK', '48', '7'].map((code) => exchangeId('forex', code))).toEqual([48, 48, 48, 7]);
});
