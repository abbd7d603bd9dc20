import type { Clock } from '../../market/clock.ts';
import type { Nanos } from '../../market/event.ts';
import type { Emission, Portion } from './reel.ts';
import type { Timestamps } from './stamps.ts';

export type Speed = number | 'max';
export type DeckPhase = 'waiting' | 'playing' | 'paused' | 'ended' | 'broken';

export interface DeckOptions {
  readonly clock: Clock;
  readonly speed: Speed;
  /** How many times to play; Infinity loops for ever. */
  readonly passes: number;
  /** The pass to begin with; the first when absent. */
  readonly pass?: number;
  /** Where the first pass begins; the reel's start when absent. */
  readonly startAt: Nanos | undefined;
  /** Plays this far behind: the first event comes so much market time after the start. */
  readonly lag: Nanos;
  /** How old its events are when they are sent; stamps that follow the wall clock say so. */
  readonly behind?: Nanos;
  /** The reel's times are the clock's own: every event is due at its own time, however late the start. */
  readonly live?: boolean;
  readonly timestamps: Timestamps;
  /** Longer silences of the market are cut to this. */
  readonly maxIdle: Nanos | undefined;
  /** Events of one window are emitted together, when the window is over, at any speed. At least 1n. */
  readonly window: Nanos;
  emit(emission: Emission): void;
  /** Time to spare before an emission: what will be emitted soon, so that it need not be made then. Whole windows; never at `max`. */
  prepare?(portion: Portion): void;
  /** At `max`: the most events to emit in one turn of the event loop; a whole page when absent. */
  burst?(): number;
  /** At `max`: a promise while the receivers are behind. */
  pressure(): Promise<void> | undefined;
  /** All passes are over. Not called when the deck is disposed. */
  ended(): void;
  /** The tape broke; the deck has stopped. */
  failed(error: unknown): void;
}
