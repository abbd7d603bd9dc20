import type { Market, TapeLetter } from '../../../market/event.ts';

/** Nothing in a table of ids that begin at 0. */
const none = 0xffff;
const letters = 128;

/**
 * Polygon's ids of the stock exchanges by SIP letter (Polygon reference, /v3/reference/exchanges?asset_class=stocks, field participant_id).
 * FINRA's facilities share id 4 and are told apart by their own field.
 */
const stockExchanges = table({
  A: 1, B: 2, C: 3, D: 4, E: 5, I: 6, J: 7, K: 8, M: 9, N: 10, P: 11, Q: 12, T: 12, S: 13, L: 14, V: 15, W: 16, X: 17, Y: 18, Z: 19,
  H: 20, U: 21,
}); // prettier-ignore

/** Of the stock trade conditions by SIP letter (Polygon glossary "Conditions and Indicators", column SIP mapping). `B` differs by tape. */
const saleConditions = table({
  A: 1, W: 2, E: 3, B: 4, G: 5, C: 7, 6: 8, X: 9, 4: 10, D: 11, T: 12, U: 13, F: 14, M: 15, Q: 16, N: 20, H: 21, P: 22, K: 23, O: 25,
  1: 27, 5: 28, R: 29, L: 30, Z: 33, S: 34, Y: 36, I: 37, 9: 38, V: 52, 7: 53, 8: 59,
}); // prettier-ignore
const averagePrice = 2;

/**
 * Of the stock quote conditions: names and ids are those of the same glossary, letters those of the two SIPs, which use some of them
 * differently (a slow side on tapes A and B, a manual one on C).
 */
const quoteConditions = { R: 1, Y: 2, O: 13, C: 14, N: 20, I: 23 };
const quoteConditionsAB = table({
  ...quoteConditions,
  A: 3,
  B: 4,
  H: 5,
  E: 6,
  F: 7,
  U: 8,
  W: 9,
  T: 16,
  G: 18,
  L: 19,
  D: 21,
});
const quoteConditionsCO = table({ ...quoteConditions, A: 10, B: 11, H: 12, L: 15, F: 17, X: 22 });

/** Ids of option exchanges count the OPRA participant letters from A = 300 (sheet §5: 302 and 313 are Cboe and NYSE Arca). */
const optionExchange = 300;
/** Ids of option trade conditions count the OPRA message types: A = 201 to Z = 226, a = 227 to v = 248 (same glossary, asset class options). */
const optionConditions = { upper: 201, lower: 227 };
/** The one source of forex quotes, "Currency Banks 1" (sheet §5). */
const forexExchange = 48;
/** Where pairs trade that a tape names no exchange of: every message of their clusters has one (sheet §5). Coins trade on Coinbase. */
const usualExchange: Readonly<Partial<Record<Market, number>>> = { forex: forexExchange, crypto: 1 };

/** The tape a stock is listed on: 1 = A (NYSE), 2 = B (NYSE Arca and American), 3 = C (Nasdaq). Over the counter has none. */
export function tapeId(tape: TapeLetter | undefined): number | undefined {
  switch (tape) {
    case 'A':
      return 1;
    case 'B':
      return 2;
    case 'C':
      return 3;
    case 'O':
    case undefined:
      return undefined;
  }
}

/** Polygon's id of an exchange that a tape spells as a SIP letter, or already as an id. `undefined` when Polygon has none for it. */
export function exchangeId(market: Market, code: string | undefined): number | undefined {
  if (code === undefined) return usualExchange[market];
  const id = asId(code, market === 'stocks' ? 2 : 1);
  if (id !== undefined) return id;
  if (market === 'stocks') return look(stockExchanges, code);
  if (market === 'forex') return forexExchange;
  return market === 'options' && /^[A-Z]$/.test(code) ? optionExchange + code.charCodeAt(0) - 65 : undefined;
}

/**
 * Polygon's id of a trade condition. `undefined` when there is none, and for a regular sale (`@`, or a blank), which Polygon spells by
 * saying nothing (sheet §5: `c` is absent when a trade has no conditions).
 */
export function conditionId(market: Market, code: string, tape: TapeLetter | undefined): number | undefined {
  const id = asId(code, market === 'stocks' ? 2 : 1);
  if (id !== undefined) return id === 0 ? undefined : id;
  if (market === 'stocks') return code === 'B' && speaksCts(tape) ? averagePrice : look(saleConditions, code);
  if (market !== 'options') return undefined;
  if (/^[A-Z]$/.test(code)) return optionConditions.upper + code.charCodeAt(0) - 65;
  return /^[a-v]$/.test(code) ? optionConditions.lower + code.charCodeAt(0) - 97 : undefined;
}

/** Polygon's id of a stock quote's condition; `undefined` when there is none. */
export function quoteConditionId(code: string, tape: TapeLetter | undefined): number | undefined {
  return asId(code, 2) ?? look(speaksCts(tape) ? quoteConditionsAB : quoteConditionsCO, code);
}

/** An id that a tape holds as it is: of stocks with two digits at least, because a single digit is a SIP's letter (`7`). */
function asId(code: string, digits: number): number | undefined {
  const { length } = code;
  if (length < digits || length > 5) return undefined;
  let id = 0;
  for (let i = 0; i < length; i++) {
    const digit = code.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return undefined;
    id = id * 10 + digit;
  }
  return id;
}

function speaksCts(tape: TapeLetter | undefined): boolean {
  return tape === 'A' || tape === 'B';
}

/** The SIP letter behind an id of a stock exchange, the OPRA letter of an option exchange, or the id itself; the way back of `exchangeId`. */
export function exchangeCode(market: Market, id: number): string {
  if (market === 'stocks') return stockLetters.get(id) ?? idAsCode(id);
  const letter = id - optionExchange;
  return market === 'options' && letter >= 0 && letter < 26 ? String.fromCharCode(65 + letter) : String(id);
}

/** The way back of `conditionId`. */
export function conditionCode(market: Market, id: number, tape: TapeLetter | undefined): string {
  if (market === 'stocks') {
    return id === averagePrice && speaksCts(tape) ? 'B' : (saleLetters.get(id) ?? idAsCode(id));
  }
  const { upper, lower } = optionConditions;
  if (market !== 'options' || id < upper || id >= lower + 22) return String(id);
  return String.fromCharCode(id < lower ? 65 + id - upper : 97 + id - lower);
}

/** The way back of `quoteConditionId`. */
export function quoteConditionCode(id: number, tape: TapeLetter | undefined): string {
  return (speaksCts(tape) ? quoteLettersAB : quoteLettersCO).get(id) ?? idAsCode(id);
}

/** The way back of `tapeId`. */
export function tapeLetter(id: number | undefined): TapeLetter | undefined {
  return id === 1 ? 'A' : id === 2 ? 'B' : id === 3 ? 'C' : undefined;
}

/** An id nobody has a letter for, with two digits at least, so that no number is taken for a letter. */
const idAsCode = (id: number): string => String(id).padStart(2, '0');

function lettersOf(ids: Uint16Array): ReadonlyMap<number, string> {
  // Of two letters for one id the later counts: Nasdaq is T rather than Q.
  return new Map([...ids].flatMap((id, letter) => (id === none ? [] : [[id, String.fromCharCode(letter)]])));
}

function look(ids: Uint16Array, code: string): number | undefined {
  const id = code.length === 1 ? ids[code.charCodeAt(0)] : undefined;
  return id === none ? undefined : id;
}

function table(ids: Readonly<Record<string, number>>): Uint16Array {
  const byLetter = new Uint16Array(letters).fill(none);
  for (const [letter, id] of Object.entries(ids)) byLetter[letter.charCodeAt(0)] = id;
  return byLetter;
}

const stockLetters = lettersOf(stockExchanges);
const saleLetters = lettersOf(saleConditions);
const quoteLettersAB = lettersOf(quoteConditionsAB);
const quoteLettersCO = lettersOf(quoteConditionsCO);
