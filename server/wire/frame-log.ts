import { isUtf8 } from 'node:buffer';
import { createRequire } from 'node:module';
import type * as MessagePack from '@msgpack/msgpack';
import { inflate } from './deflate.ts';
import { payloads } from './frame.ts';

const require = createRequire(import.meta.url);
/** Only whoever logs binary frames needs it, and nobody else's start should wait for it. */
const messagePack = (): typeof MessagePack => require('@msgpack/msgpack');

/** Longest text of a message in a log line. */
const longest = 2_000;
/** Names whose values never reach a log, in any spelling: key, APCA-API-Secret-Key, oauth_token, params … */
const secretName = /key|secret|token|pass|credential|params|^auth/i;

/** Whether what stands under this name may be a credential. */
export const isSecretName = (name: string): boolean => secretName.test(name);

/**
 * A client's message as a log may show it: decoded, with whatever stands under the name of a credential blacked out. Of one that is
 * no object only the length: without names nobody knows what in it is secret.
 */
export function messageText(message: Buffer): string {
  const text = decoded(message, (name, value) => (isSecretName(name) ? '***' : value));
  if (text?.startsWith('{') === true) return text.slice(0, longest);
  return `${isUtf8(message) ? 'text' : 'binary'} of ${message.length} bytes`;
}

/** The messages in frames about to be sent, one text each. They are the server's own words and hold no secrets. */
export function frameTexts(frames: Buffer): string[] {
  return [...payloads(frames)].map(({ payload, compressed }) => {
    const plain = compressed ? inflate(payload) : payload;
    const text = isPacked(plain) ? decoded(plain, asItIs) : plain.toString('utf8');
    return text?.slice(0, longest) ?? `${plain.length} bytes`;
  });
}

/** The last messages in frames about to be sent, oldest first, one text for each element of an array. */
export function lastMessages(frames: Buffer, most: number): string[] {
  const values = [...payloads(frames)].flatMap(({ payload, compressed }) => {
    const value = valueOf(compressed ? inflate(payload) : payload);
    return Array.isArray(value) ? value.slice(-most) : value === undefined ? [] : [value];
  });
  return values.slice(-most).flatMap((value: unknown) => printed(value, asItIs)?.slice(0, longest) ?? []);
}

const asItIs = (_: string, member: unknown): unknown => member;
const isPacked = (message: Buffer): boolean => (message[0] ?? 0) >= 0x80;

/** JSON of what a message holds, MessagePack or JSON itself; absent when it is neither, or nested too deep to print. */
function decoded(message: Buffer, shown: (name: string, value: unknown) => unknown): string | undefined {
  return printed(valueOf(message), shown);
}

/** Absent for what is nested too deep to print. */
function printed(value: unknown, shown: (name: string, value: unknown) => unknown): string | undefined {
  try {
    return JSON.stringify(value, (name, member: unknown) =>
      typeof member === 'bigint' ? shown(name, String(member)) : shown(name, member),
    );
  } catch {
    return undefined;
  }
}

/** What a message holds, MessagePack or JSON; absent when it is neither. */
function valueOf(message: Buffer): unknown {
  try {
    return isPacked(message) ? messagePack().decode(message) : JSON.parse(message.toString('utf8'));
  } catch {
    // Whatever is wrong with it, a log line must not end the session it tells of.
    return undefined;
  }
}
