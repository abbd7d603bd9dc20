import { readMsgpack } from './msgpack-reader.ts';
import { MalformedMsgpack } from './msgpack-walk.ts';

export type Encoding = 'json' | 'msgpack';
export type Fields = ReadonlyMap<unknown, unknown>;

/** What a client said, and in which encoding it said it. */
export interface ClientMessage {
  readonly encoding: Encoding;
  readonly fields: Fields;
}

/**
 * Reads one client message, JSON or MessagePack by its first byte whatever the frame's opcode: the C# SDK sends JSON in binary
 * frames (sheet §2.2). `undefined` when it is no map in either. Never throws.
 */
export function readClientMessage(message: Buffer): ClientMessage | undefined {
  const head = message[0] ?? 0;
  const isMap = (head >= 0x80 && head < 0x90) || head === 0xde || head === 0xdf;
  try {
    const fields = fieldsOf(isMap ? readMsgpack(message) : JSON.parse(message.toString()));
    return fields && { encoding: isMap ? 'msgpack' : 'json', fields };
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof MalformedMsgpack) return undefined;
    throw error;
  }
}

/** The fields of a map, from whichever encoding; `undefined` when it is none. */
export function fieldsOf(value: unknown): Fields | undefined {
  if (value instanceof Map) return value;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return new Map(Object.entries(value));
}

/** A text; anything else counts as absent. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
