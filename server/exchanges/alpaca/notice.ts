import { ByteWriter, type Notice, type Refusal, type Subscription } from '../exchange.ts';
import type { WireChannel } from './channels.ts';
import type { Encoding } from './client-message.ts';
import { type Plain, writePlain } from './msgpack-writer.ts';

/** Codes and texts, verbatim (sheet §3). 408 and 411 are in old documents and one SDK only. */
const errors: Readonly<Partial<Record<Refusal, readonly [code: number, msg: string]>>> = {
  'bad-syntax': [400, 'invalid syntax'],
  'not-logged-in': [401, 'not authenticated'],
  'bad-key': [402, 'auth failed'],
  'already-logged-in': [403, 'already authenticated'],
  'login-timeout': [404, 'auth timeout'],
  'too-many-symbols': [405, 'symbol limit exceeded'],
  'too-many-sessions': [406, 'connection limit exceeded'],
  'slow-client': [407, 'slow client'],
  'not-in-plan': [409, 'insufficient subscription'],
  'wrong-channel': [410, 'invalid subscribe action for this feed'],
  'wrong-encoding': [412, 'option messages are only available in MsgPack format'],
  'no-wildcard': [413, 'star subscription is not allowed for option quotes'],
  internal: [500, 'internal error'],
};

const successes = { welcome: 'connected', 'logged-in': 'authenticated' } as const;

/** How the reply to a subscription lists the channels: all of them, or only those that hold a symbol. */
export type Acknowledgement = 'compact' | 'full';

/** Spells a notice: one element, alone in its frame, because the SDKs look at the first element only (sheet §8). */
export function noticeFrames(
  notice: Notice,
  encoding: Encoding,
  channels: readonly WireChannel[],
  ack: Acknowledgement,
): readonly Buffer[] {
  // Whoever writes JSON where it is not spoken reads nothing else.
  const asJson = encoding === 'json' || (notice.kind === 'refused' && notice.why === 'wrong-encoding');
  return elementsOf(notice, channels, ack).map((element) => {
    if (asJson) return Buffer.from(JSON.stringify([element]));
    const out = new ByteWriter(1024);
    writePlain([element], out);
    return out.bytes.subarray(0, out.length);
  });
}

function elementsOf(notice: Notice, channels: readonly WireChannel[], ack: Acknowledgement): readonly Plain[] {
  // The data streams have no ping message, only ping frames, no account, and no way to give up everything.
  if (notice.kind === 'pong' || notice.kind === 'listening' || notice.kind === 'reset') return [];
  if (notice.kind === 'welcome' || notice.kind === 'logged-in') return [{ T: 'success', msg: successes[notice.kind] }];
  if (notice.kind === 'refused') {
    const [code, msg] = errors[notice.why] ?? [];
    return code === undefined || msg === undefined ? [] : [{ T: 'error', code, msg }];
  }
  return [{ T: 'subscription', ...held(notice.all, channels, ack) }];
}

function held(
  all: readonly Subscription[],
  channels: readonly WireChannel[],
  ack: Acknowledgement,
): Record<string, Plain> {
  const lists: Record<string, Plain> = {};
  for (const { name, brings, alwaysListed } of channels) {
    const symbols = all.find(({ channel }) => channel === brings[0])?.symbols ?? [];
    // Ascending, whatever the order of the request (sheet §4, measured LIVE §4.2).
    if (symbols.length > 0 || (ack === 'full' && alwaysListed)) lists[name] = symbols.toSorted();
  }
  return lists;
}
