import { accepted, nextKey, used } from '../key-ring.ts';
import { askForAll } from './asking.ts';
import { arm, disarm, enter, labelIn, tell, type Turn } from './turn.ts';

/** Dials with the key whose turn it is. */
export function dial(turn: Turn): void {
  const { state, context } = turn;
  const { now, settings } = context;
  if (state.stage.phase !== 'waiting') return;
  const { key } = nextKey(state.ring, now, settings.keys);
  const attempts = state.attempts + 1;
  turn.state = { ...state, attempts, ring: used(state.ring, key, now), proven: false };
  enter(turn, { phase: 'opening', key });
  turn.orders.push({ order: 'connect', key });
  arm(turn, 'upgrade', settings.deadlines.upgrade);
  tell(turn, { kind: 'dialling', key: labelIn(turn, key), attempt: attempts });
}

export function opened(turn: Turn, key: number): void {
  const { feed, settings } = turn.context;
  disarm(turn, 'upgrade');
  arm(turn, 'ping', settings.pingEvery);
  if (!feed.greets) return login(turn, key);
  enter(turn, { phase: 'greeting', key });
  arm(turn, 'greeting', settings.deadlines.greeting);
}

export function login(turn: Turn, key: number): void {
  const { feed, keys, settings } = turn.context;
  const shown = keys[key];
  const message = shown && feed.login(shown);
  disarm(turn, 'greeting');
  if (message === undefined) return loggedIn(turn, key);
  enter(turn, { phase: 'logging-in', key });
  turn.orders.push({ order: 'send', message });
  arm(turn, 'login', settings.deadlines.login);
}

export function loggedIn(turn: Turn, key: number): void {
  const { feed, settings } = turn.context;
  disarm(turn, 'greeting');
  disarm(turn, 'login');
  turn.state = { ...turn.state, ring: accepted(turn.state.ring, key) };
  tell(turn, { kind: 'logged-in', key: labelIn(turn, key) });
  enter(turn, { phase: 'subscribing', key });
  arm(turn, 'stable', settings.stableAfter);
  if (feed.heartbeat !== undefined) arm(turn, 'heartbeat', feed.heartbeat.every);
  askForAll(turn);
}

/** Sends what keeps the vendor from hanging up. */
export function beat(turn: Turn): void {
  const { heartbeat } = turn.context.feed;
  if (heartbeat === undefined) return;
  turn.orders.push({ order: 'send', message: heartbeat.message });
  arm(turn, 'heartbeat', heartbeat.every);
}
