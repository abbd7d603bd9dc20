import { decode } from '@msgpack/msgpack';
import { inflate } from './deflate.ts';
import { payloads } from './frame.ts';

/** Longest text of a message in a log line. */
const longest = 2_000;
/** Values of these names never reach a log. */
const secrets = /("(?:key|secret|key_id|secret_key|token|oauth_token|apikey|apiKey|params)"\s*:\s*)"(?:[^"\\]|\\.)*"?/g;

/** A client's message as a log may show it: text or decoded MessagePack, credentials blacked out. */
export function messageText(message: Buffer): string {
  return readable(message).replace(secrets, '$1"***"').slice(0, longest);
}

/** The messages in frames about to be sent, one text each. */
export function frameTexts(frames: Buffer): string[] {
  return [...payloads(frames)].map(({ payload, compressed }) =>
    readable(compressed ? inflate(payload) : payload).slice(0, longest),
  );
}

function readable(payload: Buffer): string {
  const first = payload[0] ?? 0;
  if (first < 0x80) return payload.toString('utf8');
  try {
    return JSON.stringify(decode(payload), (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
  } catch {
    return `${payload.length} bytes ${payload.subarray(0, 64).toString('hex')}`;
  }
}
