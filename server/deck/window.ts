import type { Nanos } from '../../market/event.ts';
import type { Page } from '../sources/source.ts';

/** When the window that holds this instant is over; an instant on the grid ends its own window. Events of one window share a frame. */
export function endOfWindow(at: Nanos, window: Nanos): Nanos {
  const into = at % window;
  return into === 0n ? at : at + window - into;
}

/** Where a burst up to `to` ends that cuts no window in two. */
export function wholeWindows(page: Page, to: number, window: Nanos): number {
  const end = Math.min(page.length, to);
  return nextWindow(page, end - 1, page.length, window);
}

/** Position of the first event after `page[index]` that is of another window, or `to`. */
export function nextWindow(page: Page, index: number, to: number, window: Nanos): number {
  const over = endOfWindow(page[index]?.at ?? 0n, window);
  let next = index + 1;
  for (let event = page[next]; next < to && event !== undefined && event.at <= over; event = page[next]) next++;
  return next;
}

/** Position of the first event of the window of `page[index]`, or `from`. */
export function thisWindow(page: Page, index: number, from: number, window: Nanos): number {
  const before = endOfWindow(page[index]?.at ?? 0n, window) - window;
  let first = index;
  for (let event = page[first - 1]; first > from && event !== undefined && event.at > before; event = page[first - 1]) {
    first--;
  }
  return first;
}
