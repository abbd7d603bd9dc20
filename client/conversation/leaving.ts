import type { Nanos } from '../../market/event.ts';
import { delayAfter } from '../backoff.ts';
import { isBad, nextKey, offended, type Offence } from '../key-ring.ts';
import type { Ending } from './report.ts';
import { unasked } from './subscriptions.ts';
import { arm, disarm, enter, isTalking, labelIn, tell, type Turn } from './turn.ts';

interface Manner {
  /** The socket has ended by itself. */
  readonly closed?: boolean;
  readonly offence?: Offence | undefined;
  /** How long the vendor asks us to stay away. */
  readonly told?: Nanos | undefined;
  /** Until when it was surely of use, if not until now. */
  readonly since?: Nanos;
}

/** Gives the connection up, if it has not ended by itself, and waits for the next. */
export function leave(turn: Turn, ending: Ending, { closed = false, offence, told, since }: Manner = {}): void {
  const { state, context } = turn;
  const { now, draw, settings } = context;
  const { stage, subscriptions } = state;
  if (!isTalking(stage)) return;
  disarm(turn, 'all');
  if (!closed) turn.orders.push({ order: 'drop' });
  tell(turn, { kind: 'ended', ending });
  const { held } = subscriptions;
  const why = ending.by === 'silence' ? 'mute' : 'ended';
  if (held.size > 0) turn.orders.push({ order: 'lost', wants: held, at: since ?? now, why });
  turn.state = { ...state, subscriptions: unasked(subscriptions.wants) };
  if (offence !== undefined) blame(turn, stage.key, offence, told);
  // A refused login says nothing about the vendor's health: who has another key may go on with it.
  const isOurs = ending.by === 'rotation' || (offence !== undefined && ending.by === 'trouble');
  const { failures } = state;
  if (!isOurs) turn.state = { ...turn.state, failures: failures + 1 };
  const pause = ending.by === 'rotation' ? 0n : delayAfter(isOurs ? 0 : failures, draw, settings.backoff, told);
  wait(turn, pause);
}

function blame(turn: Turn, key: number, why: Offence, told: Nanos | undefined): void {
  const { now, draw, settings } = turn.context;
  const ring = offended(turn.state.ring, key, why, { now, draw, told }, settings.keys);
  turn.state = { ...turn.state, ring };
  const record = ring[key];
  if (record === undefined) return;
  const { label, restsUntil } = record;
  tell(turn, { kind: 'key-offended', key: label, why, bad: isBad(record, settings.keys), until: restsUntil });
}

/** Waits for so long at least, and for the next key. */
export function wait(turn: Turn, pause: Nanos): void {
  const { now, settings } = turn.context;
  const { key, at } = nextKey(turn.state.ring, now + pause, settings.keys);
  enter(turn, { phase: 'waiting' });
  turn.orders.push({ order: 'arm', deadline: 'dial', at });
  if (at > now) tell(turn, { kind: 'waiting', until: at, key: labelIn(turn, key) });
}

/** Ends it for good, in good order where there is somebody to take leave of. */
export function stop(turn: Turn): void {
  const { stage, subscriptions } = turn.state;
  const { now, settings } = turn.context;
  if (stage.phase === 'leaving') return;
  disarm(turn, 'all');
  if (!isTalking(stage)) return left(turn);
  tell(turn, { kind: 'ended', ending: { by: 'stop' } });
  if (subscriptions.held.size > 0) {
    turn.orders.push({ order: 'lost', wants: subscriptions.held, at: now, why: 'ended' });
  }
  turn.state = { ...turn.state, subscriptions: unasked(subscriptions.wants) };
  if (stage.phase === 'opening') {
    turn.orders.push({ order: 'drop' });
    return left(turn);
  }
  enter(turn, { phase: 'leaving' });
  turn.orders.push({ order: 'close' });
  arm(turn, 'farewell', settings.deadlines.farewell);
}

export function left(turn: Turn): void {
  disarm(turn, 'all');
  enter(turn, { phase: 'left' });
  turn.orders.push({ order: 'left' });
}
