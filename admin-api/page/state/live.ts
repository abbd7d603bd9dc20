import { effect, signal, untracked } from '@preact/signals';
import { after, type Cancel, chance } from '../clock.ts';
import { attempt, token } from './api.ts';
import { readBars } from './bars.ts';
import { readSessions } from './clients.ts';
import { readDay } from './day.ts';
import { faultKinds, readFaultKinds, readLiveFaults } from './faults.ts';
import { readJournal } from './journal.ts';
import { chosen, readRuns } from './run.ts';
import { readStandings } from './verdict.ts';

/** Whether the page hears what happens as it happens. */
export const link = signal<{ readonly kind: 'up' | 'connecting' | 'down' }>({ kind: 'connecting' });

/** Milliseconds between two looks at what is not pushed. */
const beat = 700;
/** Milliseconds before the first new try, and at most before any. */
const [firstWait, longestWait] = [500, 15_000];

/** Keeps the page up to date until told to stop; tries again, ever more slowly, while Papertape cannot be reached. */
export function listen(): Cancel {
  let next: Cancel = () => undefined;
  let isOver = false;
  let failures = 0;
  const look = async (): Promise<void> => {
    try {
      if (faultKinds.value.length === 0) await readFaultKinds();
      await Promise.all([readRuns(), readSessions(), readLiveFaults(), readJournal(), readStandings()]);
      // What takes longer holds nothing else up.
      void attempt(readDay);
      await readBars();
      failures = 0;
      link.value = { kind: 'up' };
    } catch {
      failures++;
      link.value = { kind: 'down' };
    }
    const wait = failures === 0 ? beat : Math.min(firstWait * 2 ** failures, longestWait) * (0.5 + chance() / 2);
    if (!isOver) next = after(wait, () => void look());
  };
  // A token, or another run, is a reason to look at once.
  const stop = effect(() => {
    void [token.value, chosen.value];
    next();
    untracked(() => void look());
  });
  return () => {
    isOver = true;
    next();
    stop();
  };
}
