import type { Nanos } from '../market/event.ts';
import type { Page } from './sources/source.ts';

/** When the window that holds this instant is over; an instant on the grid ends its own window. Events of one window share a frame. */
export function endOfWindow(at: Nanos, window: Nanos): Nanos {
  const into = at % window;
  return into === 0n ? at : at + window - into;
}

/** Where a burst up to `to` ends that cuts no window in two. */
export function wholeWindows(page: Page, to: number, window: Nanos): number {
  let end = Math.min(page.length, to);
  const over = endOfWindow(page[end - 1]?.at ?? 0n, window);
  for (let event = page[end]; event !== undefined && event.at <= over; event = page[end]) end++;
  return end;
}
