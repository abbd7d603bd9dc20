import type { Clock } from '../../market/clock.ts';
import type { Nanos } from '../../market/event.ts';
import type { Watched } from './watched.ts';

/** What the routes know. */
export interface Desk {
  readonly watched: Watched;
  readonly clock: Clock;
  readonly version: string;
  readonly started: Nanos;
  readonly messagesPerMinute: number;
}
