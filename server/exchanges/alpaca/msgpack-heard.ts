import { second } from '../../../market/nanos.ts';
import { Packed } from '../exchange.ts';
import { MalformedMsgpack, type MsgpackRules, walkMsgpack } from './msgpack-walk.ts';

/** Eight deep: a frame, its messages, the sides of a book, their levels, and as much again. */
const rules: MsgpackRules = {
  deepest: 8,
  map: (entries) => Object.fromEntries(entries.map(([name, value]) => [nameOf(name), value])),
  other: (head, bytes, from, to) => {
    switch (head) {
      case 0xc4:
      case 0xc5:
      case 0xc6:
        return new Packed('bytes', to - from);
      case 0xca:
        return new Packed('float32', bytes.readFloatBE(from));
      case 0xcb:
        return new Packed('float64', bytes.readDoubleBE(from));
      case 0xcc:
      case 0xcd:
      case 0xce:
        return bytes.readUIntBE(from, to - from);
      case 0xcf:
        return small(bytes.readBigUInt64BE(from));
      case 0xd0:
      case 0xd1:
      case 0xd2:
        return bytes.readIntBE(from, to - from);
      case 0xd3:
        return small(bytes.readBigInt64BE(from));
      default:
        return extension(bytes.readInt8(from), bytes, from + 1, to - from - 1);
    }
  },
};

/** Reads one MessagePack value with everything it tells of itself: floats, times and whole numbers apart. Throws `MalformedMsgpack`. */
export const readPacked = (bytes: Buffer): unknown => walkMsgpack(bytes, rules);

function nameOf(name: unknown): string {
  if (typeof name === 'object' && name !== null) throw new MalformedMsgpack('a list or a map in the place of a name');
  return String(name);
}

/** Extension -1 is a time in one of its three lengths; any other is bytes. */
function extension(type: number, bytes: Buffer, from: number, length: number): Packed {
  if (type !== -1) return new Packed('bytes', length);
  if (length === 4) return new Packed('time', BigInt(bytes.readUInt32BE(from)) * second);
  if (length === 8) {
    const both = bytes.readBigUInt64BE(from);
    return new Packed('time', (both & 0x3ffffffffn) * second + (both >> 34n));
  }
  if (length !== 12) return new Packed('bytes', length);
  return new Packed('time', bytes.readBigInt64BE(from + 4) * second + BigInt(bytes.readUInt32BE(from)));
}

function small(value: bigint): number | bigint {
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}
