import type { Nanos } from '../market/event.ts';

/** When the window that holds this instant is over; an instant on the grid ends its own window. Events of one window share a frame. */
export function endOfWindow(at: Nanos, window: Nanos): Nanos {
  const into = at % window;
  return into === 0n ? at : at + window - into;
}
