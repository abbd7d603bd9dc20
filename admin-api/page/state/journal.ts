import type { EntryView, LiveMessage } from '../../sdk/index.ts';
import { now } from '../clock.ts';
import { runs } from './run.ts';
import { clear, type Line, print, type Sort } from './tape.ts';

type Messages = Extract<LiveMessage, { type: 'messages' }>['messages'];

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
let printed = { of: '', last: 0 };

/** Prints entries of a run's journal that are new; what was printed of another run, or before it was opened anew, goes. */
export function printEntries(id: string, entries: readonly EntryView[]): void {
  const of = `${id} ${runs.value.find((one) => one.id === id)?.opened}`;
  if (printed.of !== of) {
    printed = { of, last: 0 };
    clear();
  }
  const fresh = entries.filter(({ number }) => number > printed.last);
  printed = { of, last: fresh.at(-1)?.number ?? printed.last };
  // What was sent is told message by message.
  print(fresh.filter(({ kind }) => kind !== 'sent').map(lineOf));
}

let messages = 0;

/** Prints messages of market data as clients of a run were sent them. */
export function printMessages(sent: Messages): void {
  const at = now();
  print(
    sent.map(({ session, text }): Line => {
      const words = text.replaceAll(/[{}"]/g, '').replaceAll(',', ' ');
      return {
        key: `message ${++messages}`,
        at,
        sort: 'market',
        about: `#${session}`,
        text: words,
        whole: parsed(text),
      };
    }),
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Long ones come cut.
    return text;
  }
}

function lineOf(entry: EntryView): Line {
  const { number, at, kind, text, session, exchange, step } = entry;
  const about = session === undefined ? (step ?? exchange ?? '') : `#${session}`;
  return { key: `entry ${number}`, at: Date.parse(at), sort: sortOf[kind], about, text: shorten(text), whole: entry };
}

/** The line says whose it is already. */
const shorten = (text: string): string => text.replace(/^connection \d+ (?:\([^)]*\) )?/, '').replace(/^step \S+ /, '');
