import type { Channel } from '../../../market/event.ts';
import { type Fields, type Notice, type Trouble, Unreadable, wantsOf } from '../feed.ts';

/** What a code of an error holds against us (sheet §3), and whether it answers a wish, which then goes unfulfilled. */
const meanings = new Map<number, { readonly why: Trouble; readonly denies: boolean }>([
  // `invalid syntax`: in practice a wish as a whole that names a symbol of another shape [M LIVE §4.4; CRY400].
  [400, { why: 'bad-request', denies: true }],
  // `not authenticated`: we asked before we were let in [D DSTR].
  [401, { why: 'bad-request', denies: false }],
  // `auth failed`: wrong key or wrong secret, byte-identical [M LIVE §8.3].
  [402, { why: 'bad-key', denies: false }],
  // `auth timeout` [D DSTR].
  [404, { why: 'login-timeout', denies: false }],
  // `symbol limit exceeded`: all or nothing, what was held is held [M LIVE §4.4].
  [405, { why: 'too-many-symbols', denies: true }],
  // `connection limit exceeded`, to the newcomer [M LIVE §8.1].
  [406, { why: 'too-many-connections', denies: false }],
  // `slow client` [D DSTR].
  [407, { why: 'slow-client', denies: false }],
  // `v2 not enabled` [DOLD].
  [408, { why: 'not-entitled', denies: false }],
  // `insufficient subscription`: the feed is not in the plan; answers the login [M LIVE §4.5].
  [409, { why: 'not-entitled', denies: false }],
  // `invalid subscribe action for this feed`: no such channel here [D DSTR].
  [410, { why: 'bad-request', denies: true }],
  // `insufficient scope` [S GO].
  [411, { why: 'not-entitled', denies: false }],
  // `option messages are only available in MsgPack format` [D DOPT].
  [412, { why: 'bad-request', denies: false }],
  // `star subscription is not allowed for option quotes` [S GO].
  [413, { why: 'not-entitled', denies: true }],
  // `internal error` [D DSTR].
  [500, { why: 'vendor-error', denies: false }],
]);
/** `already authenticated`: what we wanted, so the C# SDK counts it as being let in [S CS]. */
const alreadyLoggedIn = 403;

/** What an element says of the connection. Throws `Unreadable` for a kind that nobody has heard of. */
export function noticeIn(said: Fields, channels: ReadonlyMap<Channel, string>): Notice {
  const type = said.text('T');
  switch (type) {
    case 'success':
      return successOf(said.text('msg'));
    case 'error':
      return errorOf(said);
    case 'subscription':
      // Channels without a symbol are left out or empty, as the encoding has it [M LIVE §4.2; D].
      return { kind: 'holds', wants: wantsOf([...channels].map(([channel, name]) => [channel, said.texts(name)])) };
    default:
      throw new Unreadable(`nothing is known of T '${type.slice(0, 20)}'`);
  }
}

function successOf(message: string): Notice {
  if (message === 'connected') return { kind: 'greeted' };
  if (message === 'authenticated') return { kind: 'logged-in' };
  throw new Unreadable(`nothing is known of the success '${message.slice(0, 40)}'`);
}

function errorOf(said: Fields): Notice {
  const code = said.maybeNumber('code');
  const message = said.maybeText('msg') ?? '';
  if (code === alreadyLoggedIn) return { kind: 'logged-in' };
  const { why, denies } = (code === undefined ? undefined : meanings.get(code)) ?? {
    why: 'vendor-error' as const,
    denies: false,
  };
  return denies ? { kind: 'denied', wants: undefined, why, message } : { kind: 'trouble', why, code, message };
}
