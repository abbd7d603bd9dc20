import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';
import { headerLength, payloads, writeHeader, type Opcode } from './frame.ts';

/** Every compressed message ends in an empty block that RFC 7692 §7.2.1 leaves off the wire. */
const tail = Buffer.from([0x00, 0x00, 0xff, 0xff]);

/**
 * The same frames with their payloads compressed (permessage-deflate without context takeover, so that one compression
 * serves every client). Payloads below `from` bytes stay as they are.
 */
export function deflateFrames(frames: Buffer, opcode: Opcode, from: number): Buffer {
  const parts: Buffer[] = [];
  for (const { payload } of payloads(frames)) {
    const compressed = payload.length >= from;
    const body = compressed ? deflate(payload) : payload;
    const header = Buffer.allocUnsafe(headerLength(body.length));
    writeHeader(header, 0, opcode, body.length, compressed);
    parts.push(header, body);
  }
  return Buffer.concat(parts);
}

function deflate(payload: Buffer): Buffer {
  const block = deflateRawSync(payload, { finishFlush: constants.Z_SYNC_FLUSH, level: constants.Z_BEST_SPEED });
  return block.subarray(0, -tail.length);
}

/** What a payload compressed here held. */
export function inflate(payload: Buffer): Buffer {
  return inflateRawSync(Buffer.concat([payload, tail]), { finishFlush: constants.Z_SYNC_FLUSH });
}
