import type { Cancel, Clock } from '../market/clock.ts';
import type { Nanos } from '../market/event.ts';
import { millis } from '../market/nanos.ts';
import type { Run, Trial } from '../server/index.ts';
import type { ClientCommand } from './client-command.ts';

/** How often is asked whether everything is decided. */
const interval = millis(100);
/** How long the connections of a client that has ended may take to close. */
const closing = millis(500);

export interface RunInProgress {
  readonly trial: Trial;
  readonly client: ClientCommand | undefined;
  /** Until everything is decided, at most so long; absent: as long as the client takes. */
  readonly limit: Nanos | undefined;
  readonly clock: Clock;
  readonly stop: AbortSignal;
}

/** Resolves when a run has come to its end: its client's, its time's, the wish to stop, or that nothing more can be decided. */
export async function endOf({ trial, client, limit, clock, stop }: RunInProgress): Promise<void> {
  if (stop.aborted) return;
  let timer: Cancel | undefined;
  let next: Cancel | undefined;
  let isOver = false;
  const done = new AbortController();
  try {
    await new Promise<void>((resolve, reject) => {
      stop.addEventListener('abort', () => resolve(), { once: true, signal: done.signal });
      client?.ending.then(() => resolve(), reject);
      if (limit === undefined) return;
      timer = clock.wake(clock.now() + limit, resolve);
      const look = async (): Promise<void> => {
        if (await trial.isDecided()) return resolve();
        if (!isOver) next = clock.wake(clock.now() + interval, () => void look().catch(reject));
      };
      look().catch(reject);
    });
  } finally {
    isOver = true;
    done.abort();
    timer?.();
    next?.();
  }
}

/** Resolves when nobody is connected any more, or will not go. */
export async function settled(run: Run, clock: Clock): Promise<void> {
  const deadline = clock.now() + closing;
  while (run.status.sessions > 0 && clock.now() < deadline) {
    await new Promise<void>((resolve) => clock.wake(clock.now() + millis(10), resolve));
  }
}
