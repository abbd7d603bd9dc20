import type { Market } from '../../../market/event.ts';

/** An option's root, expiry, right and strike, as the OCC writes them, with or without the blanks that fill the root to six. */
const occ = /^([A-Z0-9.]{1,6}) *(\d{6}[CP]\d{8})$/;

/** Symbol and market of a ticker that carries no prefix: a pair with a slash is crypto, an OCC name an option, all else a stock. */
export function listed(
  ticker: string,
  market: Market | undefined,
): { readonly symbol: string; readonly market: Market } {
  const option = occ.exec(ticker);
  const symbol = option === null ? ticker : `${option[1]}${option[2]}`;
  return { symbol, market: market ?? (option !== null ? 'options' : symbol.includes('/') ? 'crypto' : 'stocks') };
}
