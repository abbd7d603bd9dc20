import type { Command, Subscription } from '../exchange.ts';
import type { WireChannel } from './channels.ts';
import { MalformedMsgpack, readMsgpack } from './msgpack-reader.ts';

/**
 * Shape of a stock symbol. Existence is not checked and case is kept (sheet §4); a slash is refused (measured CRY400), other
 * foreign characters by inference.
 */
const symbolShape = /^(?:\*|[A-Za-z0-9][A-Za-z0-9._-]{0,31})$/;
const badSyntax: Command = { kind: 'nonsense', why: 'bad-syntax' };

/** What a stream makes of client messages. */
export interface Reading {
  readonly channels: readonly WireChannel[];
  /** `400`: a request that names no symbol of any known channel is refused; `ack`: it is answered with the current state. */
  readonly emptySubscribe: '400' | 'ack';
}

/**
 * Reads one client message, JSON or MessagePack by its first byte whatever the frame's opcode: the C# SDK sends JSON in binary
 * frames (sheet §2.2). Never throws.
 */
export function decode(message: Buffer, reading: Reading): Command {
  const fields = fieldsOf(message);
  const action = fields?.get('action');
  if (fields === undefined) return badSyntax;
  if (action === 'auth') {
    // Absent credentials are answered like wrong ones (sheet §3, measured LIVE §8.3), so they become a login nobody can pass.
    return { kind: 'login', credentials: { key: textOf(fields.get('key')), secret: textOf(fields.get('secret')) } };
  }
  if (action !== 'subscribe' && action !== 'unsubscribe') return badSyntax;
  const named = subscriptionsOf(fields, reading.channels);
  if (named === undefined || (named.length === 0 && reading.emptySubscribe === '400')) return badSyntax;
  return action === 'subscribe' ? { kind: 'subscribe', to: named } : { kind: 'unsubscribe', from: named };
}

/**
 * The channels a request names, or `undefined` when it is refused as a whole. Nil, empty and foreign channels count for nothing:
 * the Go SDK always sends those of every product (sheet §4).
 */
function subscriptionsOf(
  fields: ReadonlyMap<unknown, unknown>,
  channels: readonly WireChannel[],
): Subscription[] | undefined {
  const named: Subscription[] = [];
  for (const { name, brings, asked } of channels) {
    const value = fields.get(name) ?? [];
    if (asked === 'with-trades') continue;
    if (!Array.isArray(value)) return undefined;
    const symbols: string[] = [];
    for (const symbol of value) {
      if (typeof symbol !== 'string' || !symbolShape.test(symbol)) return undefined;
      symbols.push(symbol);
    }
    if (symbols.length > 0) named.push(...brings.map((channel) => ({ channel, symbols })));
  }
  return named;
}

function fieldsOf(message: Buffer): ReadonlyMap<unknown, unknown> | undefined {
  const head = message[0] ?? 0;
  try {
    const isMap = (head >= 0x80 && head < 0x90) || head === 0xde || head === 0xdf;
    const value: unknown = isMap ? readMsgpack(message) : JSON.parse(message.toString());
    if (value instanceof Map) return value;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    return new Map(Object.entries(value));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof MalformedMsgpack) return undefined;
    throw error;
  }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
