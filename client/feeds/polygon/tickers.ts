import type { Market } from '../../../market/event.ts';

/** What tickers of a market begin with, where they do (sheet §4). */
const prefixOf: Readonly<Partial<Record<Market, string>>> = { options: 'O:', indices: 'I:' };
/** The same over HTTP, and in fair values and Launchpad, where pairs have one too (sheet §4). */
const longPrefixOf: Readonly<Partial<Record<Market, string>>> = { ...prefixOf, forex: 'C:', crypto: 'X:' };

/** A symbol as subscriptions name it: `BTC-USD`, `EUR/USD`, `I:SPX`, `O:SPY261218C00650000` (sheet §4). `*` is all of a channel. */
export function toParam(market: Market, symbol: string): string {
  if (symbol === '*') return symbol;
  return withPrefix(prefixOf[market], market === 'crypto' ? symbol.replace('/', '-') : symbol);
}

/** A symbol as HTTP paths name it: pairs have no separator, `X:BTCUSD` (sheet §4). */
export function toRest(market: Market, symbol: string): string {
  const pair = market === 'forex' || market === 'crypto';
  return withPrefix(longPrefixOf[market], pair ? symbol.replace(/[/-]/, '') : symbol);
}

function withPrefix(prefix: string | undefined, ticker: string): string {
  return prefix === undefined || ticker.startsWith(prefix) ? ticker : prefix + ticker;
}

/** The symbol behind a ticker in whatever spelling: `BTC-USD` and `X:BTC-USD`, `EUR/USD` and `C:EURUSD`. */
export function toSymbol(market: Market, ticker: string): string {
  const prefix = longPrefixOf[market];
  const bare = prefix !== undefined && ticker.startsWith(prefix) ? ticker.slice(prefix.length) : ticker;
  if (market === 'crypto') return bare.replace('-', '/');
  // Currencies have codes of three letters, so a pair without a separator has one place to part.
  if (market === 'forex')
    return /^[A-Z]{6}$/.test(bare) ? `${bare.slice(0, 3)}/${bare.slice(3)}` : bare.replace('-', '/');
  return bare;
}
