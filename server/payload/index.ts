import { jsonPieces, jsonValue } from './json.ts';
import { msgpackPieces, msgpackValue, widened } from './msgpack.ts';
import { BrokenPayload, type Leaf, type Piece, type Value } from './piece.ts';

export type { Leaf, Piece, Value } from './piece.ts';

/** The objects of a payload, in order: none when it is broken. Knows JSON and MessagePack, and nothing of any exchange. */
export function piecesOf(payload: Buffer): readonly Piece[] {
  try {
    return isJson(payload) ? jsonPieces(payload) : msgpackPieces(payload);
  } catch (error) {
    if (error instanceof BrokenPayload) return [];
    throw error;
  }
}

/** The payload with that value in the place of each of those. */
export function exchanged(payload: Buffer, leaves: readonly Leaf[], by: (leaf: Leaf) => Value): Buffer {
  const spell = isJson(payload) ? jsonValue : msgpackValue;
  const parts: Buffer[] = [];
  let at = 0;
  for (const leaf of leaves) {
    parts.push(payload.subarray(at, leaf.start), spell(by(leaf)));
    at = leaf.end;
  }
  return Buffer.concat([...parts, payload.subarray(at)]);
}

/** The payload made so long, or a few bytes longer, that says the same: blanks in JSON, a field nobody asked for in MessagePack. */
export function padded(payload: Buffer, size: number): Buffer {
  const missing = size - payload.length;
  if (missing <= 0 || piecesOf(payload).length === 0) return payload;
  if (!isJson(payload)) return widened(payload, missing);
  // Behind the first bracket, where every parser passes over blanks.
  return Buffer.concat([payload.subarray(0, 1), Buffer.alloc(missing, ' '), payload.subarray(1)]);
}

/** No MessagePack of events begins like this: it begins with a list or a map. */
function isJson(payload: Buffer): boolean {
  return payload[0] === 0x5b || payload[0] === 0x7b;
}
