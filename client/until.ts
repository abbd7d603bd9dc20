import type { Clock } from '../market/clock.ts';
import type { Nanos } from '../market/event.ts';

/** Resolves at that time of the clock, or when the signal comes first. Never rejects. */
export async function until(clock: Clock, at: Nanos, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      cancel();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const cancel = clock.wake(at, done);
    signal.addEventListener('abort', done);
  });
}
