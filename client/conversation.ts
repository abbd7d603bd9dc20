/**
 * One connection's talk with a vendor, as decisions alone: what befalls it goes in, what is to be done comes out. It waits its turn, dials
 * with the next key, waits to be greeted and logs in, each with a deadline, asks for what is wanted until every part of it is held or denied,
 * and is live. Whatever ends it leads back to waiting, longer each time unless it was of use meanwhile: a mere upgrade or login is none.
 * There is never a second socket, as the one before is dropped before another is dialled.
 */

import type { Nanos } from '../market/event.ts';
import { answers } from './conversation/answers.ts';
import { beat, dial, opened } from './conversation/arriving.ts';
import { askAfresh, askAgain, wanted } from './conversation/asking.ts';
import type { Deadline } from './conversation/deadline.ts';
import type { Context, Input, Order } from './conversation/face.ts';
import { heard } from './conversation/hearing.ts';
import { leave, left, stop, wait } from './conversation/leaving.ts';
import { unasked } from './conversation/subscriptions.ts';
import { arm, type Conversation, disarm, isInside, isTalking, type Turn, useful } from './conversation/turn.ts';
import type { Key, Wants } from './feeds/feed.ts';
import { ringOf, settled } from './key-ring.ts';

export type { Deadline } from './conversation/deadline.ts';
export type { Context, Input, LostWhy, Order } from './conversation/face.ts';
export type { Denial, Ending, Report } from './conversation/report.ts';
export type { Conversation, Phase } from './conversation/turn.ts';

/** Throws a RangeError when there is no key. */
export const conversation = (keys: readonly Key[], wants: Wants, now: Nanos): Conversation => ({
  stage: { phase: 'idle' },
  since: now,
  ring: ringOf(keys),
  subscriptions: unasked(wants),
  attempts: 0,
  failures: 0,
  proven: false,
  paused: false,
});

export interface Outcome {
  readonly state: Conversation;
  readonly orders: readonly Order[];
}

/** What becomes of a conversation. */
export function next(state: Conversation, input: Input, context: Context): Outcome {
  const turn: Turn = { state, orders: [], context };
  take(turn, input);
  return turn;
}

function take(turn: Turn, input: Input): void {
  const { stage } = turn.state;
  if (stage.phase === 'left') return;
  switch (input.kind) {
    case 'start':
      if (stage.phase === 'idle') wait(turn, 0n);
      return;
    case 'wanted':
      return wanted(turn, input.wants);
    case 'due':
      return due(turn, input.deadline);
    case 'paused':
      turn.state = { ...turn.state, paused: true };
      return;
    case 'resumed':
      return resumed(turn);
    case 'stop':
      return stop(turn);
    case 'closed':
      if (stage.phase === 'leaving') return left(turn);
      if (isTalking(stage)) leave(turn, { by: 'vendor', code: input.code, reason: input.reason }, { closed: true });
      return;
    case 'opened':
      if (stage.phase === 'opening') opened(turn, stage.key);
      return;
    case 'refused': {
      const { status, why, message, told } = input;
      if (stage.phase !== 'opening') return;
      const what = answers[why].outside;
      const offence = what === 'next-key' ? 'refused' : what === 'make-room' ? 'crowded' : undefined;
      return leave(turn, { by: 'refusal', status, why, message }, { offence, told });
    }
    case 'heard':
      return heard(turn, input);
    case 'pong':
      if (!isTalking(stage)) return;
      disarm(turn, 'pong');
      return arm(turn, 'ping', turn.context.settings.pingEvery);
    case 'mute':
      if (!isInside(stage)) return;
      if (input.reconnect) return leave(turn, { by: 'silence' }, { since: input.since });
      return askAfresh(turn, input.wants, input.since);
    case 'rotate':
      if (isTalking(stage)) leave(turn, { by: 'rotation' });
  }
}

function due(turn: Turn, deadline: Deadline): void {
  const { state, context } = turn;
  const { settings } = context;
  // Who does not listen cannot say that nothing was said.
  const isDeaf = state.paused && ['greeting', 'login', 'acknowledgement', 'ping', 'pong'].includes(deadline);
  if (isDeaf) return;
  switch (deadline) {
    case 'dial':
      return dial(turn);
    case 'upgrade':
    case 'greeting':
    case 'login':
    case 'pong':
      return leave(turn, { by: 'deadline', missed: deadline });
    case 'acknowledgement':
      return askAgain(turn);
    case 'ping':
      turn.orders.push({ order: 'ping' });
      return arm(turn, 'pong', settings.deadlines.pong);
    case 'heartbeat':
      return beat(turn);
    case 'stable':
      if (isTalking(state.stage)) turn.state = useful({ ...state, ring: settled(state.ring, state.stage.key) });
      return;
    case 'farewell':
      turn.orders.push({ order: 'drop' });
      return left(turn);
  }
}

function resumed(turn: Turn): void {
  const { state, context } = turn;
  const { deadlines, pingEvery } = context.settings;
  turn.state = { ...state, paused: false };
  if (!isTalking(state.stage)) return;
  disarm(turn, 'pong');
  if (state.stage.phase !== 'opening') arm(turn, 'ping', pingEvery);
  if (state.stage.phase === 'greeting') arm(turn, 'greeting', deadlines.greeting);
  if (state.stage.phase === 'logging-in') arm(turn, 'login', deadlines.login);
  if (state.subscriptions.asking !== undefined) arm(turn, 'acknowledgement', deadlines.acknowledgement);
}
