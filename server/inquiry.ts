import type { Cancel, Clock } from '../market/clock.ts';
import type { Nanos } from '../market/event.ts';
import type { Entry } from './journal-entry.ts';
import type { Journal } from './journal.ts';
import type { Ledger } from './ledger.ts';
import type { Expect } from './scenario/steps.ts';
import { type Court, Judge, type Judged } from './verdict.ts';

/** What has been found out so far. */
export interface Answer<Found> {
  readonly found: Found;
  /** Nothing that may still happen is waited for. */
  readonly isFinal: boolean;
  /** Wall time from when on it may be final although nothing more happens. */
  readonly due?: Nanos | undefined;
}

/** Where is looked, and how long. */
export interface Search {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** How long is waited for what nothing points to yet; what has begun to count down is waited for to its end. */
  readonly patience: Nanos;
}

/**
 * Asks, and asks again whenever the journal has grown or time alone may have brought an answer, until there is a final one or patience is at
 * its end. Throws the signal's reason.
 */
export async function search<Found>(ask: () => Promise<Answer<Found>>, options: Search): Promise<Found> {
  const { journal, clock, signal, patience } = options;
  const end = clock.now() + patience;
  let written = 0;
  let look = (): void => undefined;
  const stop = (): void => look();
  const deaf = journal.listen(() => {
    written++;
    look();
  });
  signal.addEventListener('abort', stop, { once: true });
  try {
    for (;;) {
      signal.throwIfAborted();
      // Rows that are still counted would otherwise be told later, without anything new.
      journal.settle();
      const before = written;
      const { found, isFinal, due } = await ask();
      const now = clock.now();
      const isComing = due !== undefined && due > now;
      if (isFinal || (now >= end && !isComing)) return found;
      const at = isComing && (due < end || now >= end) ? due : end;
      let timer: Cancel | undefined;
      await new Promise<void>((resolve) => {
        look = resolve;
        timer = clock.wake(at, resolve);
        if (written > before || signal.aborted) resolve();
      });
      timer?.();
    }
  } finally {
    deaf();
    signal.removeEventListener('abort', stop);
  }
}

/** What one more expectation is judged by. */
export interface Inquiry extends Search {
  readonly expect: Expect;
  readonly court: Court;
  readonly ledger: Ledger;
}

/** Judges a run by one more expectation, from its beginning on, and waits until it is met or no longer can be. What is open then is unmet. */
export async function inquire(inquiry: Inquiry): Promise<Judged> {
  const { expect, court, ledger, journal, clock } = inquiry;
  const judge = new Judge([expect], court);
  const step = expect.after ?? expect.during;
  let begun = step === undefined;
  const hear = (entry: Entry): void => {
    judge.hear(entry);
    if (entry.kind === 'fault' && entry.step === step && entry.phase === 'begins') begun = true;
  };
  const kept = journal.entries;
  for (const entry of kept) hear(entry);
  const lost = journal.written - kept.length;
  const deaf = journal.listen(hear);
  try {
    return await search(async () => {
      const now = clock.now();
      const [standing] = await judge.standings(now);
      const isDecided = begun && standing?.outcome !== 'open';
      // What only the whole tape can tell stays open until it is asked for.
      const [found] = (await judge.verdict(now, ledger)).findings;
      if (found === undefined) throw new TypeError('an expectation without a finding');
      const seen = lost === 0 ? found.seen : `${found.seen} (the journal has forgotten its first ${lost} entries)`;
      return { found: { ...found, seen }, isFinal: isDecided || found.outcome === 'met', due: standing?.due };
    }, inquiry);
  } finally {
    deaf();
  }
}
