import type { TapeLetter } from '../../../../market/event.ts';

/**
 * Polygon's exchange ids for US stocks and the letter the SIPs give each (Polygon reference, /v3/reference/exchanges?asset_class=stocks, field
 * participant_id). Trades reported to FINRA carry id 4 and their facility beside it.
 */
const exchanges = byId({
  1: 'A', 2: 'B', 3: 'C', 4: 'D', 5: 'E', 6: 'I', 7: 'J', 8: 'K', 9: 'M', 10: 'N', 11: 'P',
  12: 'T', 13: 'S', 14: 'L', 15: 'V', 16: 'W', 17: 'X', 18: 'Y', 19: 'Z', 20: 'H', 21: 'U',
}); // prettier-ignore

/** Polygon's trade condition ids and the SIPs' letters (Polygon glossary "Conditions and Indicators", column SIP mapping). */
const conditions = byId({
  0: '@', 1: 'A', 3: 'E', 4: 'B', 5: 'G', 7: 'C', 8: '6', 9: 'X', 10: '4', 11: 'D', 12: 'T', 13: 'U', 14: 'F', 15: 'M', 16: 'Q',
  20: 'N', 21: 'H', 22: 'P', 23: 'K', 25: 'O', 27: '1', 28: '5', 29: 'R', 30: 'L', 33: 'Z', 34: 'S', 36: 'Y', 37: 'I', 38: '9',
  52: 'V', 53: '7', 59: '8',
}); // prettier-ignore

const tapes = byId<TapeLetter>({ 1: 'A', 2: 'B', 3: 'C' });

/** The SIP letter of an exchange; an id without one stays as it is. */
export const exchangeLetter = (id: string): string => exchanges.get(id) ?? asCode(id);

/** The tape a stock is listed on: 1 = A (NYSE), 2 = B (NYSE Arca and American), 3 = C (Nasdaq). `undefined` for another number. */
export const tapeLetter = (id: string): TapeLetter | undefined => tapes.get(id);

/** The SIP letter of a sale condition; 2, an average price trade, is W on Nasdaq's tape and B on the others. */
export function conditionLetter(id: string, tape: TapeLetter | undefined): string {
  return id === '2' ? (tape === 'C' ? 'W' : 'B') : (conditions.get(id) ?? asCode(id));
}

/** The SIP letter of a quote condition: 1 is a regular, two-sided, open quote; the others' letters differ by tape and stay numbers. */
export const quoteConditionLetter = (id: string): string => (id === '1' ? 'R' : asCode(id));

/** An id nobody has a letter for, with two digits at least, so that no number is taken for a letter: `7` is a SIP's code too. */
function asCode(id: string): string {
  return id.padStart(2, '0');
}

/** Ids are looked up as the texts they are in a file, once or twice a row. */
function byId<Letter extends string>(letters: Readonly<Record<number, Letter>>): ReadonlyMap<string, Letter> {
  return new Map(Object.entries(letters));
}
