import type { ByteWriter } from './byte-writer.ts';

/** WebSocket frames as a server sends them (RFC 6455 §5): unmasked, so the same bytes serve every client. */

const opcodes = { text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;
export type Opcode = keyof typeof opcodes;

/** Bits of the first byte: this frame ends its message; its payload is compressed (RFC 7692 §6). */
const fin = 0x80;
const rsv1 = 0x40;

/** Longest header of an unmasked frame. */
export const maxHeader = 10;

/** Bytes of the header of a frame with such a payload. */
export function headerLength(payload: number): number {
  return payload < 126 ? 2 : payload < 65_536 ? 4 : 10;
}

/** Writes a header of a whole, final frame at `at`; returns the offset after it. RSV1 marks a compressed payload. */
export function writeHeader(bytes: Buffer, at: number, opcode: Opcode, payload: number, compressed = false): number {
  bytes[at] = fin | (compressed ? rsv1 : 0) | opcodes[opcode];
  if (payload < 126) {
    bytes[at + 1] = payload;
    return at + 2;
  }
  if (payload < 65_536) {
    bytes[at + 1] = 126;
    return bytes.writeUInt16BE(payload, at + 2);
  }
  bytes[at + 1] = 127;
  return bytes.writeBigUInt64BE(BigInt(payload), at + 2);
}

/** Room kept for a header while the length of its payload is not yet known; right for payloads of 126 bytes to 64 KiB. */
const room = 4;

/** Starts a frame whose payload is written next; returns what `endFrame` needs. */
export function beginFrame(out: ByteWriter): number {
  out.reserve(room);
  out.length += room;
  return out.length - room;
}

/** Puts the header before the payload. Returns by how much the payload had to move to make it fit. */
export function endFrame(out: ByteWriter, start: number, opcode: Opcode): number {
  const payload = out.length - start - room;
  const moved = headerLength(payload) - room;
  if (moved !== 0) {
    out.reserve(Math.max(0, moved));
    out.bytes.copyWithin(start + room + moved, start + room, out.length);
    out.length += moved;
  }
  writeHeader(out.bytes, start, opcode, payload);
  return moved;
}

/** One whole frame. */
export function frame(opcode: Opcode, payload: Buffer): Buffer {
  const header = headerLength(payload.length);
  const bytes = Buffer.allocUnsafe(header + payload.length);
  writeHeader(bytes, 0, opcode, payload.length);
  payload.copy(bytes, header);
  return bytes;
}

/** The payloads of frames written one after another by this file, and whether each is compressed. */
export function* payloads(frames: Buffer): Generator<{ readonly payload: Buffer; readonly compressed: boolean }> {
  for (let at = 0; at < frames.length;) {
    const short = (frames[at + 1] ?? 0) & 0x7f;
    const header = short < 126 ? 2 : short === 126 ? 4 : 10;
    const length =
      short < 126 ? short : short === 126 ? frames.readUInt16BE(at + 2) : Number(frames.readBigUInt64BE(at + 2));
    const compressed = ((frames[at] ?? 0) & rsv1) !== 0;
    yield { payload: frames.subarray(at + header, at + header + length), compressed };
    at += header + length;
  }
}
