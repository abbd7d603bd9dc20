import type { Market, TapeLetter } from '../../../market/event.ts';

// Ids of exchanges and conditions, as the letters of the SIPs and of OPRA that tapes have. An id without a letter stays a number, of two
// digits at least, since single digits are letters too: `6` is a closing print.

/**
 * Stock exchanges by id: field `participant_id` of /v3/reference/exchanges?asset_class=stocks, as captured from the live service on 3
 * September 2026 (jerbersoft/massivedotnet). Over the counter (62) has none.
 */
const stockExchanges = ' ABCDEIJKMNPTSLVWXYZHUGF';
/**
 * Stock trade conditions by id: the columns "SIP mapping" of the vendor's glossary "Conditions and Indicators", as QuantConnect's Lean keeps
 * them. 3 is of the CTS alone; 2 and 4 differ by tape.
 */
const saleConditions: Readonly<Record<number, string>> = {
  0: '@', 1: 'A', 3: 'E', 5: 'G', 7: 'C', 8: '6', 9: 'X', 10: '4', 11: 'D', 12: 'T', 13: 'U', 14: 'F', 15: 'M', 16: 'Q', 20: 'N', 21: 'H',
  22: 'P', 23: 'K', 25: 'O', 27: '1', 28: '5', 29: 'R', 30: 'L', 33: 'Z', 34: 'S', 36: 'Y', 37: 'I', 38: '9', 52: 'V', 53: '7', 59: '8',
}; // prettier-ignore
const [averagePrice, bunched] = [2, 4];
/** Stock quote conditions by id: names of the same glossary, letters of the CQS (a slow side) and the UTP (a manual one). */
const quoteConditions: Readonly<Record<number, string>> = {
  1: 'R', 2: 'Y', 3: 'A', 4: 'B', 5: 'H', 6: 'E', 7: 'F', 8: 'U', 9: 'W', 10: 'A', 11: 'B', 12: 'H', 13: 'O', 14: 'C', 15: 'L', 16: 'T',
  17: 'F', 18: 'G', 19: 'L', 20: 'N', 21: 'D', 22: 'X', 23: 'I',
}; // prettier-ignore
/** Option exchanges: OPRA's participants from A = 300 on (302 Cboe, 313 NYSE Arca, 325 Cboe BZX). */
const firstOptionExchange = 300;
/** Option trade conditions: OPRA's message types, A = 201 (cancelled) to Z = 226, a = 227 (single leg auction) to v = 248 (same glossary). */
const optionConditions = { upper: 201, lower: 227, last: 248 };

export function exchangeOf(market: Market, id: number | undefined): string | undefined {
  if (id === undefined) return undefined;
  if (market === 'stocks') return id > 0 && id < stockExchanges.length ? stockExchanges[id] : withoutLetter(id);
  if (market === 'options' && id >= firstOptionExchange && id < firstOptionExchange + 26)
    return letter('A', id - firstOptionExchange);
  return String(id);
}

export function tradeConditionOf(market: Market, id: number, tape: TapeLetter | undefined): string {
  if (market === 'options') return optionCondition(id);
  if (market !== 'stocks') return String(id);
  const cts = tape === 'A' || tape === 'B';
  if (id === averagePrice) return cts ? 'B' : 'W';
  if (id === bunched && !cts) return 'B';
  return saleConditions[id] ?? withoutLetter(id);
}

function optionCondition(id: number): string {
  const { upper, lower, last } = optionConditions;
  if (id < upper || id > last) return String(id);
  return id < lower ? letter('A', id - upper) : letter('a', id - lower);
}

export function quoteConditionOf(market: Market, id: number): string {
  return (market === 'stocks' ? quoteConditions[id] : undefined) ?? withoutLetter(id);
}

/** Tapes A, B and C are 1, 2 and 3 (sheet §5). */
export function tapeOf(id: number | undefined): TapeLetter | undefined {
  return id === 1 ? 'A' : id === 2 ? 'B' : id === 3 ? 'C' : undefined;
}

/** Who took liquidity: 1 is the sell side, 2 the buy side (sheet §5, crypto). */
export function takerOf(conditions: readonly number[]): 'buy' | 'sell' | undefined {
  return conditions.includes(2) ? 'buy' : conditions.includes(1) ? 'sell' : undefined;
}

const letter = (first: string, index: number): string => String.fromCharCode(first.charCodeAt(0) + index);
const withoutLetter = (id: number): string => String(id).padStart(2, '0');
