import type { Address, ExchangeKind } from './exchanges/exchange.ts';
import { exchangeKinds } from './exchanges/index.ts';

/**
 * The variables of the environment by which a client finds its exchange without a change: our own, and those that the vendors' SDKs read.
 * `exchanges`: names of those that answer; the variables of others are not set.
 */
export function clientVariables(address: Address, exchanges: readonly string[]): Readonly<Record<string, string>> {
  const { url, httpUrl, key, secret } = address;
  const own = { PAPERTAPE_URL: url, PAPERTAPE_HTTP_URL: httpUrl, PAPERTAPE_KEY: key, PAPERTAPE_SECRET: secret };
  const kinds: Readonly<Record<string, ExchangeKind>> = exchangeKinds;
  return Object.assign(own, ...exchanges.map((name) => kinds[name]?.variables?.(address) ?? {}));
}
