import { effect, signal, untracked } from '@preact/signals';
import type { LiveMessage } from '../../sdk/index.ts';
import { after, type Cancel, chance } from '../clock.ts';
import { api, attempt, reasonOf, token } from './api.ts';
import { readBars } from './bars.ts';
import { rates, sessions } from './clients.ts';
import { readDay } from './day.ts';
import { aimedAt, faultKinds, liveFaults, readFaultKinds } from './faults.ts';
import { printEntries, printMessages } from './journal.ts';
import { chosen, readRuns, runs } from './run.ts';
import { readStandings, standings } from './verdict.ts';

/** Whether the page hears what happens as it happens, and why not. */
export const link = signal<{ readonly kind: 'up' | 'connecting' | 'down'; readonly why?: string }>({
  kind: 'connecting',
});

/** Milliseconds between two looks at what is not pushed. */
const beat = 1000;
/** Milliseconds before the first new try, and at most before any. */
const [firstWait, longestWait] = [500, 15_000];

/** Keeps the page up to date until told to stop; tries again, ever more slowly, while Papertape cannot be reached. */
export function listen(): Cancel {
  let stop: Cancel = () => undefined;
  // A token, or another run, is a reason to begin anew at once.
  const forget = effect(() => {
    void token.value;
    const run = chosen.value;
    stop();
    stop = untracked(() => follow(run));
  });
  return () => {
    forget();
    stop();
  };
}

/** Follows one run over one connection after the other. */
function follow(run: string): Cancel {
  const left = new AbortController();
  const { signal: gone } = left;
  let failures = 0;
  [sessions.value, liveFaults.value, rates.value, standings.value] = [[], [], undefined, undefined];
  const once = async (): Promise<void> => {
    try {
      // Also shows the token, which a WebSocket that is refused could not ask for.
      await readRuns();
      if (faultKinds.value.length === 0) await readFaultKinds();
      if (gone.aborted) return;
      using listening = api.value.live(run, (message) => {
        if (gone.aborted) return;
        failures = 0;
        link.value = { kind: 'up' };
        hear(message);
      });
      const over = new Promise<void>((resolve) => gone.addEventListener('abort', () => resolve(), { once: true }));
      await Promise.race([listening.over, over]);
    } catch (error) {
      if (!gone.aborted) link.value = { kind: 'down', why: reasonOf(error) };
    }
    if (gone.aborted) return;
    link.value = { kind: 'down', why: link.value.why ?? 'The connection was lost' };
    const wait = Math.min(firstWait * 2 ** failures++, longestWait) * (0.5 + chance() / 2);
    const cancel = after(wait, () => void once());
    gone.addEventListener('abort', cancel, { once: true });
  };
  void once();
  const look = async (): Promise<void> => {
    if (link.value.kind === 'up') await attempt(readBeside);
    if (gone.aborted) return;
    const cancel = after(beat, () => void look());
    gone.addEventListener('abort', cancel, { once: true });
  };
  void look();
  return () => left.abort();
}

/** What nobody pushes. */
async function readBeside(): Promise<void> {
  // What takes long holds nothing else up.
  void attempt(readDay);
  await Promise.all([readRuns(), readStandings(), readBars()]);
}

function hear(message: LiveMessage): void {
  switch (message.type) {
    case 'deck': {
      const { type: _, run, ...deck } = message;
      runs.value = runs.value.map((one) => (one.id === run ? { ...one, ...deck } : one));
      return;
    }
    case 'sessions':
      sessions.value = message.sessions;
      // Who has gone, and come back under another number, is not aimed at any more.
      if (!message.sessions.some(({ session }) => session === aimedAt.value)) aimedAt.value = undefined;
      return;
    case 'faults':
      liveFaults.value = message.faults;
      return;
    case 'rates':
      rates.value = message;
      return;
    case 'journal':
      printEntries(message.run, message.entries);
      return;
    case 'messages':
      printMessages(message.messages);
      return;
    case 'gone':
      void attempt(readRuns);
  }
}
