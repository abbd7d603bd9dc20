import type { Nanos } from '../../market/event.ts';
import type { KeyRing } from '../key-ring.ts';
import type { Deadline } from './deadline.ts';
import type { Context, Order } from './face.ts';
import type { Report } from './report.ts';
import type { Subscriptions } from './subscriptions.ts';

export type Stage =
  | { readonly phase: 'idle' | 'waiting' | 'leaving' | 'left' }
  | { readonly phase: 'opening' | 'greeting' | 'logging-in' | 'subscribing' | 'live'; readonly key: number };
/** A stage with a socket. */
export type Talking = Extract<Stage, { readonly key: number }>;
export type Phase = Stage['phase'];

/** All that is remembered of a conversation. */
export interface Conversation {
  readonly stage: Stage;
  /** When this stage began. */
  readonly since: Nanos;
  readonly ring: KeyRing;
  readonly subscriptions: Subscriptions;
  readonly attempts: number;
  /** Attempts in a row that were of no use. */
  readonly failures: number;
  /** Whether this connection was of use: it brought data, or was live for a while. */
  readonly proven: boolean;
  /** Whether nothing is read for the moment. */
  readonly paused: boolean;
}

/** One decision while it is made: from outside it is a function from values to values. */
export interface Turn {
  state: Conversation;
  readonly orders: Order[];
  readonly context: Context;
}

export const isTalking = (stage: Stage): stage is Talking => 'key' in stage;
/** Whether the vendor has let us in. */
export const isInside = ({ phase }: Stage): boolean => phase === 'subscribing' || phase === 'live';

export function enter(turn: Turn, stage: Stage): void {
  turn.state = { ...turn.state, stage, since: turn.context.now };
}

/** It is of use, so that what went wrong before counts no longer. */
export const useful = (state: Conversation): Conversation => ({ ...state, proven: true, failures: 0 });

export function arm(turn: Turn, deadline: Deadline, span: Nanos): void {
  turn.orders.push({ order: 'arm', deadline, at: turn.context.now + span });
}

export const disarm = (turn: Turn, deadline: Deadline | 'all'): void =>
  void turn.orders.push({ order: 'disarm', deadline });
export const tell = (turn: Turn, report: Report): void => void turn.orders.push({ order: 'report', report });
export const labelIn = ({ state }: Turn, key: number): string => state.ring[key]?.label ?? '';
