import type { TapeLetter, Trade } from './event.ts';

/**
 * What a trade may do to a bar, one bit each. Strict rules have fewer bits, so the strictest of several is what they have in common.
 * Minute bars read the low four bits, daily bars the same four shifted by `dailyShift`.
 */
export const first = 1;
/** May replace the close; together with `first` it is the open/close rule "yes". */
export const replaces = 2;
export const range = 4;
export const volume = 8;
export const dailyShift = 4;

const regular = first | replaces | range | volume;
/** Late or priced elsewhere: prices the bar only when nothing else has. */
const onlyFirst = first | range | volume;
const volumeOnly = volume;
const nothing = 0;
/** Corrected Consolidated Close: the shares were counted before. */
const priceOnly = first | replaces | range;

const both = (rule: number): number => rule | (rule << dailyShift);

/**
 * Sale conditions that are not regular, by SIP letter, where both plans agree. Source: the consolidated columns of Polygon's "Conditions and
 * Indicators" glossary, completed from what the CTS and UTP specifications are known to say. Alpaca builds from the same two specifications
 * (sheet §5.2); its own table was not at hand.
 */
const common: Readonly<Record<string, number>> = {
  C: both(volumeOnly), // cash sale
  N: both(volumeOnly), // next day
  R: both(volumeOnly), // seller: the older glossary lets it set high and low, the newer one does not; the stricter is taken
  H: both(volumeOnly), // price variation
  I: both(volumeOnly), // odd lot
  U: both(volumeOnly), // extended hours, sold out of sequence
  V: both(volumeOnly), // contingent trade
  W: both(volumeOnly), // average price on tape C
  7: both(volumeOnly), // qualified contingent trade
  4: both(onlyFirst), // derivatively priced
  G: both(onlyFirst), // bunched, sold
  P: both(onlyFirst), // prior reference price
  Z: both(onlyFirst), // sold out of sequence
  2: both(regular), // stopped, sold last
  3: both(onlyFirst), // stopped, sold out of sequence
  M: both(nothing), // official close of one market centre: a mark, not a trade
  Q: both(nothing), // official open of one market centre
  9: both(priceOnly), // corrected consolidated close
  // Form T prices the minute bars before the open and after the close, which nothing else would, but no daily bar
  // (Massive knowledge base, "Does a Form T trade update a pre-market minute bar's high, low, open and close?").
  T: regular | (volumeOnly << dailyShift),
};
/** On tapes A and B (CTS) `B` is an average price trade; on C and O (UTP) a bunched trade, which is regular. */
const tapeAB: Readonly<Record<string, number>> = { ...common, B: both(volumeOnly) };

const letters = 128;
/** What counts fully: a trade without conditions, or a quote where bars are made of quotes. */
export const unruled = both(regular);
/** What has a price and no volume: the value of an index. */
export const unmeasured = both(priceOnly);
const rulesAB = table(tapeAB);
const rulesCO = table(common);

/** What this trade may do to a minute bar and to a daily bar. A condition nobody knows counts as regular, as does none. */
export function effectOf(trade: Pick<Trade, 'market' | 'conditions' | 'tape'>): number {
  const { conditions } = trade;
  // Only the stock SIPs speak these letters; elsewhere every trade counts fully.
  if (conditions.length === 0 || trade.market !== 'stocks') return unruled;
  const rules = speaksCts(trade.tape) ? rulesAB : rulesCO;
  let effect = unruled;
  for (const condition of conditions) {
    if (condition.length === 1) effect &= rules[condition.charCodeAt(0)] ?? unruled;
  }
  return effect;
}

/** May this trade become the last price of what it trades? An odd lot, for one, may not. */
export function movesPrice(trade: Trade): boolean {
  return (effectOf(trade) & replaces) !== 0;
}

function speaksCts(tape: TapeLetter | undefined): boolean {
  return tape === 'A' || tape === 'B';
}

function table(rules: Readonly<Record<string, number>>): Uint8Array {
  const byCode = new Uint8Array(letters).fill(unruled);
  for (const [letter, rule] of Object.entries(rules)) byCode[letter.charCodeAt(0)] = rule;
  return byCode;
}
