import type { ByteWriter } from '../exchange.ts';

const zero = 0x30;
const largest = '9223372036854775807';

/** Is it a whole number from 0 to 2^63 - 1, spelled without leading zeros? Alpaca's trade ids are (sheet §5). */
function isInt64(id: string): boolean {
  const { length } = id;
  if (length === 0 || length > 19) return false;
  for (let i = 0; i < length; i++) {
    const digit = id.charCodeAt(i) - zero;
    if (digit < 0 || digit > 9) return false;
  }
  if (length > 1 && id.charCodeAt(0) === zero) return false;
  return length < 19 || id <= largest;
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
  if (isInt64(id)) out.ascii(id);
  else out.number(hashed(id));
}

/** A trade id as a number for MessagePack: a plain number up to 2^53, a bigint above. */
export function numericTradeId(id: string): number | bigint {
  if (!isInt64(id)) return hashed(id);
  if (id.length > 15) return BigInt(id);
  let value = 0;
  for (let i = 0; i < id.length; i++) value = value * 10 + id.charCodeAt(i) - zero;
  return value;
}
