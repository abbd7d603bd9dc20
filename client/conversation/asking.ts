import type { Nanos } from '../../market/event.ts';
import { countOf, type Wants } from '../feeds/feed.ts';
import type { LostWhy } from './face.ts';
import { ask, type Change, deniedOf, overdue, renew, unasked, want } from './subscriptions.ts';
import { arm, disarm, enter, isInside, isTalking, tell, type Turn } from './turn.ts';

/** Asks for all that is wanted, as nothing is held yet. */
export function askForAll(turn: Turn): void {
  apply(turn, ask(turn.state.subscriptions, turn.context.feed), 'released');
}

/** Wants something else from now on. */
export function wanted(turn: Turn, wants: Wants): void {
  const { stage, subscriptions } = turn.state;
  if (!isInside(stage)) turn.state = { ...turn.state, subscriptions: unasked(wants) };
  else apply(turn, want(subscriptions, wants, turn.context.feed, turn.context.settings), 'unwanted');
}

/** What was asked for is not answered in time. */
export function askAgain(turn: Turn): void {
  const { subscriptions } = turn.state;
  if (subscriptions.asking === undefined) return;
  tell(turn, { kind: 'asked-again', wants: subscriptions.asking.missing, why: 'unanswered' });
  apply(turn, overdue(subscriptions, turn.context.feed, turn.context.settings), 'released');
}

/** What is held has been silent since then, unlike the market. */
export function askAfresh(turn: Turn, wants: Wants, since: Nanos): void {
  tell(turn, { kind: 'asked-again', wants, why: 'mute' });
  apply(turn, renew(turn.state.subscriptions, wants, turn.context.feed), 'mute', since);
}

/** Carries out what has changed about subscriptions. */
export function apply(turn: Turn, change: Change, why: LostWhy, since?: Nanos): void {
  const { state, context } = turn;
  const { now, settings } = context;
  const { subscriptions, send, asked, covered, lost, denied } = change;
  turn.state = { ...state, subscriptions };
  if (lost.size > 0) turn.orders.push({ order: 'lost', wants: lost, at: since ?? now, why });
  if (covered.size > 0) turn.orders.push({ order: 'covered', wants: covered, at: now });
  for (const denial of denied) tell(turn, { kind: 'denied', denial });
  turn.orders.push(...send.map((message) => ({ order: 'send', message }) as const));
  const { stage } = turn.state;
  if (!isTalking(stage)) return;
  if (asked) {
    arm(turn, 'acknowledgement', settings.deadlines.acknowledgement);
    if (stage.phase === 'live') enter(turn, { phase: 'subscribing', key: stage.key });
  } else if (subscriptions.asking === undefined && stage.phase === 'subscribing') {
    disarm(turn, 'acknowledgement');
    enter(turn, { phase: 'live', key: stage.key });
    tell(turn, { kind: 'live', held: countOf(subscriptions.held), denied: countOf(deniedOf(subscriptions)) });
  }
}
