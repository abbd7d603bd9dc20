import type { Notice, Refusal, Verdict } from '../exchange.ts';
import { longestFrame } from './json-encoder.ts';
import { type PolygonOptions, pricingPage } from './options.ts';

interface Status {
  readonly ev: 'status';
  readonly status: string;
  readonly message: string;
}
const say = (status: string, message: string): Status => ({ ev: 'status', status, message });

type Wording = PolygonOptions['connectionCap']['wording'];
/** The texts of the connection cap that were seen over time (sheet §2). */
const capTexts: Readonly<Record<Wording, (connections: number) => string>> = {
  counted: (connections) =>
    `Maximum number of websocket connections exceeded. You may only use ${connections} connections at a time.`,
  spec: () => 'Maximum number of connections exceeded.',
  // With the blank at its end, verbatim.
  plain: () => 'Maximum number of websocket connections exceeded. ',
  account: () =>
    'Maximum number of websocket connections exceeded. You have reached the connection limit for your account.',
  contact: () =>
    'Maximum number of websocket connections exceeded. Please contact support at https://polygon.io/contact to increase your limit.',
};

/**
 * Spells a notice as frames, each an array of statuses (sheet §3). Of a subscription the refusals come first, then the confirmations, both
 * in the order of the request; what was so before is not mentioned. An answer too long for one frame goes on in the next.
 */
export function noticeFrames(notice: Notice, options: PolygonOptions): readonly Buffer[] {
  const statuses = statusesOf(notice, options).map((status) => Buffer.from(JSON.stringify(status)));
  return options.ack === 'array' ? inFrames(statuses) : statuses.map((status) => frameOf([status]));
}

function inFrames(statuses: readonly Buffer[]): readonly Buffer[] {
  const frames: Buffer[][] = [];
  let length = longestFrame;
  for (const status of statuses) {
    length += status.length + 1;
    // With both brackets, and below what clients read.
    if (length + 2 >= longestFrame) {
      frames.push([]);
      length = status.length + 1;
    }
    frames.at(-1)?.push(status);
  }
  return frames.map(frameOf);
}

const frameOf = (statuses: readonly Buffer[]): Buffer =>
  Buffer.concat([
    Buffer.from('['),
    ...statuses.flatMap((status, index) => (index === 0 ? [status] : [comma, status])),
    Buffer.from(']'),
  ]);
const comma = Buffer.from(',');

function statusesOf(notice: Notice, options: PolygonOptions): readonly Status[] {
  switch (notice.kind) {
    case 'welcome':
      return [say('connected', 'Connected Successfully')];
    case 'logged-in':
      return [say(options.words === 'legacy' ? 'success' : 'auth_success', 'authenticated')];
    case 'subscribed':
    case 'unsubscribed':
      return [...notice.verdicts.flatMap(refusalOf), ...notice.verdicts.flatMap(confirmation(notice.kind))];
    case 'refused':
      return refused(notice.why, notice.count ?? 1, options);
    // There is no ping message, no way to give up everything, and nothing of the account.
    case 'pong':
    case 'reset':
    case 'listening':
      return [];
  }
}

function refusalOf({ outcome }: Verdict): readonly Status[] {
  if (outcome === 'done' || outcome === 'same') return [];
  return outcome === 'too-many-symbols'
    ? [say('error', 'Subscription limit reached for feed. Please remove some subscriptions and try again.')]
    : [say('error', 'not authorized')];
}

function confirmation(kind: 'subscribed' | 'unsubscribed'): (verdict: Verdict) => readonly Status[] {
  return ({ wish, outcome }) => (outcome === 'done' ? [say('success', `${kind} to: ${wish.spelt ?? ''}`)] : []);
}

type Answer = (options: PolygonOptions, count: number) => Status;
const loginFailed: Answer = ({ words }) => say(failure(words), 'authentication failed');
const failure = (words: PolygonOptions['words']): string => (words === 'legacy' ? 'error' : 'auth_failed');

/**
 * Texts of `auth_required`, `slow_consumer` and `force_disconnect` are not published, so they are ours (sheet §3). Of any other mistake nothing
 * is known to be said.
 */
const refusals: Readonly<Partial<Record<Refusal, Answer>>> = {
  'bad-key': loginFailed,
  'no-key': loginFailed,
  'not-in-plan': ({ words, brand }) =>
    say(failure(words), `Your plan doesn't include websocket access. Visit ${pricingPage(brand)} to upgrade.`),
  'login-timeout': () => say('auth_timeout', 'No authentication request received.'),
  'not-logged-in': () => say('auth_required', 'authentication required'),
  'too-many-sessions': ({ connectionCap }, count) => say('max_connections', capTexts[connectionCap.wording](count)),
  'slow-client': () => say('slow_consumer', 'slow consumer'),
  dismissed: () => say('force_disconnect', 'forced disconnect'),
};

function refused(why: Refusal, count: number, options: PolygonOptions): readonly Status[] {
  const answer = refusals[why];
  return answer === undefined ? [] : [answer(options, count)];
}
