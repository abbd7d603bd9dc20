import type { EntryView } from '../../sdk/index.ts';
import { api } from './api.ts';
import { chosen } from './run.ts';
import { clear, type Line, print, type Sort } from './tape.ts';

/** Entries that are asked for at once. */
const most = 500;

const sortOf: Readonly<Record<EntryView['kind'], Sort>> = {
  sent: 'market',
  missed: 'market',
  heard: 'talk',
  said: 'talk',
  ping: 'talk',
  pong: 'talk',
  knocked: 'client',
  'logged-in': 'client',
  refused: 'client',
  subscribed: 'client',
  closed: 'client',
  moved: 'client',
  asked: 'client',
  fault: 'fault',
  deck: 'deck',
};

/** Of which run, opened when, the tape has printed up to which entry. */
let printed = { run: '', last: 0 };

/** Prints what the journal of the run that is shown has written since it was read last. */
export async function readJournal(): Promise<void> {
  const run = chosen.value;
  if (printed.run !== run) forget(run);
  const isFirst = printed.last === 0;
  const asked = { limit: most, ...(isFirst ? {} : { since: printed.last }) };
  const page = await api.value.queryJournal(asked, run);
  if (run !== chosen.value || printed.run !== run) return;
  // A run that was opened anew begins its journal anew.
  if (page.written < printed.last) return forget(run);
  const entries = page.entries.toReversed();
  printed = { run, last: entries.at(-1)?.number ?? printed.last };
  print(entries.map(lineOf));
}

function forget(run: string): void {
  printed = { run, last: 0 };
  clear();
}

function lineOf(entry: EntryView): Line {
  const { number, at, kind, text, session, exchange, step } = entry;
  const about = session === undefined ? (step ?? exchange ?? '') : `#${session}`;
  return { number, at: Date.parse(at), sort: sortOf[kind], about, text: shorten(text), whole: entry };
}

/** The line says whose it is already. */
const shorten = (text: string): string => text.replace(/^connection \d+ (?:\([^)]*\) )?/, '').replace(/^step \S+ /, '');
