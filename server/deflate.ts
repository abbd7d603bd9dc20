import { constants, deflateRawSync } from 'node:zlib';
import { headerLength, payloads, writeHeader, type Opcode } from './frame.ts';

/** Every compressed message ends in an empty block that RFC 7692 §7.2.1 leaves off the wire. */
const tail = 4;

/**
 * The same frames with their payloads compressed (permessage-deflate without context takeover, so that one compression
 * serves every client). Payloads below `from` bytes stay as they are.
 */
export function deflateFrames(frames: Buffer, opcode: Opcode, from: number): Buffer {
  const parts: Buffer[] = [];
  for (const payload of payloads(frames)) {
    const compressed = payload.length >= from;
    const body = compressed
      ? deflateRawSync(payload, { finishFlush: constants.Z_SYNC_FLUSH, level: constants.Z_BEST_SPEED }).subarray(
          0,
          -tail,
        )
      : payload;
    const header = Buffer.allocUnsafe(headerLength(body.length));
    writeHeader(header, 0, opcode, body.length, compressed);
    parts.push(header, body);
  }
  return Buffer.concat(parts);
}
