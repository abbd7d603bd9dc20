import type { Mark } from '../../exchange.ts';

/** Where a page ended: at the last row of a symbol's series that it held. */
export interface Bookmark extends Mark {
  readonly symbol: string;
  /** Which series: `M` and `D` bars of minutes and of days, `T` trades, `Q` quotes, `A` auctions, `N` news. */
  readonly letter: string;
}

const shape = /^([^|]*)\|([A-Z])\|(-?\d{1,19})(?:\|([1-9]\d{0,9}))?$/;

/**
 * The form of the real tokens: base64 of `SPY|M|1780504680000000000` (measured 2026-09; sheet §7 has older ones). Rows that share their
 * nanosecond are told apart by a fourth part.
 */
export function tokenOf({ symbol, letter, at, ordinal }: Bookmark): string {
  return Buffer.from(`${symbol}|${letter}|${at}${ordinal > 1 ? `|${ordinal}` : ''}`).toString('base64');
}

/** Reads a token back; `undefined` when it is none. */
export function bookmarkOf(token: string): Bookmark | undefined {
  const text = Buffer.from(token, 'base64').toString();
  const match = shape.exec(text);
  // Decoding skips what is not base64, so only what encodes to itself again was a token.
  if (match === null || Buffer.from(text).toString('base64') !== token) return undefined;
  return { symbol: match[1] ?? '', letter: match[2] ?? '', at: BigInt(match[3] ?? 0), ordinal: Number(match[4] ?? 1) };
}
