import { setMaxListeners } from 'node:events';
import type { Cancel, Clock } from '../market/clock.ts';
import { millis } from '../market/nanos.ts';
import type { JournalEntry, Trial } from '../server/index.ts';

/** Entries that are looked at in one go. */
const most = 500;
/** Events sent in a row make one entry when the row ends: one looks now and then whether it has. */
const glance = millis(250);

/**
 * Entries of a journal after a number, as they are written, until the signal aborts or the run is closed. Whoever is slow to take them finds
 * them in the journal later, as long as it keeps them: nothing is kept for him beside it.
 */
export async function* follow(
  trial: Trial,
  after: number,
  clock: Clock,
  signal: AbortSignal,
): AsyncGenerator<readonly JournalEntry[]> {
  // As many as ask may wait for one run.
  setMaxListeners(0, trial.closed);
  for (let last = after; !signal.aborted;) {
    // The last words of a run are told too.
    const { aborted: isClosed } = trial.closed;
    const entries = trial.entriesAfter(last, most);
    last = entries.at(-1)?.number ?? last;
    if (entries.length > 0) yield entries;
    else if (isClosed) return;
    else await somethingNew(trial, clock, signal);
  }
}

async function somethingNew(trial: Trial, clock: Clock, signal: AbortSignal): Promise<void> {
  let deaf: Cancel = () => undefined;
  let cancel: Cancel = deaf;
  let look = (): void => undefined;
  await new Promise<void>((resolve) => {
    look = resolve;
    deaf = trial.listen(() => resolve());
    cancel = clock.wake(clock.now() + glance, resolve);
    for (const over of [signal, trial.closed]) over.addEventListener('abort', look, { once: true });
  });
  deaf();
  cancel();
  for (const over of [signal, trial.closed]) over.removeEventListener('abort', look);
}
