import type { Market } from '../../../market/event.ts';

/** What stands before a ticker wherever markets are not kept apart by path: in REST, fair market values and Launchpad (sheet §4). */
const prefixes: Readonly<Record<Market, string>> = {
  stocks: '',
  options: 'O:',
  crypto: 'X:',
  forex: 'C:',
  indices: 'I:',
  futures: '',
  perps: '',
};

/** A symbol no tape has: what becomes of a ticker spelt in a way the cluster does not know, so that it is silent there as well. */
const unlisted = (ticker: string): string => `${ticker} (not of this cluster)`;

/**
 * The neutral symbol behind a ticker of a subscription (sheet §4): `AAPL`, `O:SPY261218C00650000`, `I:SPX`, `BTC-USD`, `EUR/USD` and `EUR-USD`.
 * A prefix that belongs to the cluster may stand before a pair. Case is kept.
 */
export function neutralSymbol(market: Market, ticker: string): string {
  const prefix = prefixes[market];
  const bare = ticker.startsWith(prefix) ? ticker.slice(prefix.length) : undefined;
  switch (market) {
    case 'options':
    case 'indices':
      return bare ?? unlisted(ticker);
    case 'crypto':
      // With a slash it is no ticker of this cluster; `BTC/USD` is how everybody else spells it.
      return (bare ?? ticker).includes('/') ? unlisted(ticker) : (bare ?? ticker).replace('-', '/');
    case 'forex':
      return (bare ?? ticker).replace('-', '/');
    case 'stocks':
    case 'futures':
    case 'perps':
      return ticker;
  }
}

/** How the data of a cluster spells a symbol (sheet §4): `O:SPY261218C00650000`, `I:SPX`, `EUR/USD`, `BTC-USD`. */
export function wireTicker(market: Market, symbol: string): string {
  switch (market) {
    case 'options':
    case 'indices':
      return prefixes[market] + symbol;
    case 'crypto':
      return symbol.replace('/', '-');
    case 'stocks':
    case 'forex':
    case 'futures':
    case 'perps':
      return symbol;
  }
}

/** How fair market values and Launchpad spell it (sheet §4): `X:BTC-USD`, but `C:EURUSD`. */
export function prefixedTicker(market: Market, symbol: string): string {
  if (market === 'forex') return prefixes.forex + symbol.replace('/', '');
  return market === 'crypto' ? prefixes.crypto + wireTicker(market, symbol) : wireTicker(market, symbol);
}

/** How REST spells it (sheet §4): `X:BTCUSD`, `C:EURUSD`, `O:SPY261218C00650000`, `I:SPX`, `AAPL`. */
export function restTicker(market: Market, symbol: string): string {
  return prefixes[market] + symbol.replace('/', '');
}

/** The symbol behind a ticker as fair market values and Launchpad spell it, the way back of `prefixedTicker`. */
export function unprefixedSymbol(market: Market, ticker: string): string {
  const symbol = neutralSymbol(market, ticker);
  return market === 'forex' && /^[A-Z]{6}$/.test(symbol) ? `${symbol.slice(0, 3)}/${symbol.slice(3)}` : symbol;
}
