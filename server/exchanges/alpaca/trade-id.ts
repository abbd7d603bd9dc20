import type { ByteWriter } from '../exchange.ts';

const zero = 0x30;
const largest = '9223372036854775807';

/** Could this text of digits be an int64, spelled without leading zeros? Alpaca's trade ids are (sheet §5). */
function fitsInt64(id: string): boolean {
  const { length } = id;
  return length > 0 && length < 20 && (length < 19 || id <= largest) && (length === 1 || id.charCodeAt(0) !== zero);
}

/**
 * The number an id of another vendor's spelling gets on the wire: 53 bits of two multiplicative hashes, never 0. The same text
 * always gives the same number, so a correction or a cancel still names its trade.
 */
function hashed(id: string): number {
  let high = 0x811c9dc5;
  let low = 0x9e3779b9;
  for (let i = 0; i < id.length; i++) {
    const code = id.charCodeAt(i);
    high = Math.imul(high ^ code, 0x01000193);
    low = Math.imul(low ^ code, 0x85ebca6b);
    low ^= low >>> 15;
  }
  return (high >>> 11) * 2 ** 32 + (low >>> 0) || 1;
}

/** Spells a trade id as decimal digits. */
export function jsonTradeId(id: string, out: ByteWriter): void {
  if (!fitsInt64(id) || !out.digits(id)) out.number(hashed(id));
}

/** A trade id as a number for MessagePack: a plain number up to 2^53, a bigint above. */
export function numericTradeId(id: string): number | bigint {
  if (!fitsInt64(id)) return hashed(id);
  if (id.length > 15) return /^\d+$/.test(id) ? BigInt(id) : hashed(id);
  let value = 0;
  for (let i = 0; i < id.length; i++) {
    const digit = id.charCodeAt(i) - zero;
    if (digit < 0 || digit > 9) return hashed(id);
    value = value * 10 + digit;
  }
  return value;
}
