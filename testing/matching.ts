import type { Finding, JournalEntry, Papertape, Question } from '../server/index.ts';
import { unproven } from './proof.ts';
import { nanosOf, type Span } from './span.ts';

/** How long a matcher waits for what has not begun: shorter than the five seconds after which runners give up a test, and its message with it. */
export const usualPatience: Span = '3s';
/** Entries of the journal that a message shows. */
const shown = 15;
/** What stands before them. */
export const journalMark = 'journal:';

/** Whose clients are asked about: what `startPapertape` returns, or one of its runs. */
export type Subject = Pick<Papertape, 'trial'>;

/** What every matcher may be told beside what it is about. */
export interface Asking extends Pick<Question, 'after' | 'during' | 'target'> {
  /**
   * How long is waited, in wall time, for what has not begun: a connection that ends, an answer that asks for patience. What has begun is waited
   * for to its end. 3s when absent.
   */
  readonly timeout?: Span | undefined;
}

/** What vitest and jest take from a matcher. */
export interface Matched {
  readonly pass: boolean;
  readonly message: () => string;
}

/**
 * Asks the exchange about its clients, and tells the runner. `name`: the matcher's; `must`: the one expectation it is about. Throws where what
 * was seen is no proof of either, so that `.not` fails as well.
 */
export async function matched(
  received: unknown,
  name: string,
  ask: (trial: Subject['trial']) => Promise<Told>,
  must?: Question['must'],
): Promise<Matched> {
  if (!isSubject(received)) {
    throw new TypeError(`${name} asks about the clients of an exchange; expect what startPapertape() has returned`);
  }
  const { trial } = received;
  try {
    const told = await ask(trial);
    const why = unproven(told, trial.entries, must);
    if (why !== undefined) throw new Error(`nothing shows whether it is so: ${why}\n\n${messageOf(told, trial)}`);
    return { pass: told.outcome === 'met', message: () => messageOf(told, trial) };
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'AbortError') throw error;
    throw new Error(`the exchange was closed before ${name} was decided; await the matcher`, { cause: error });
  }
}

/** Asks whether one more expectation is met. */
export async function met(
  received: unknown,
  name: string,
  must: Question['must'],
  asking: Asking = {},
): Promise<Matched> {
  const { timeout = usualPatience, after, during, target } = asking;
  const question = {
    must,
    ...(after === undefined ? {} : { after }),
    ...(during === undefined ? {} : { during }),
    ...(target === undefined ? {} : { target }),
  };
  return await matched(received, name, async (trial) => await trial.inquire(question, nanosOf(timeout)), must);
}

/** A finding, and the sentence it is about where there is one. */
export interface Told extends Finding {
  readonly sentence?: string;
}

function messageOf({ sentence, outcome, expected, seen, lines }: Told, trial: Subject['trial']): string {
  const not = outcome === 'met' ? 'not ' : '';
  const { entries } = trial;
  const named = entries.filter(({ number }) => lines.includes(number));
  const part = named.length > 0 ? named.slice(-shown) : tailOf(entries);
  return [
    `expected ${not}that ${sentence ?? expected}`,
    '',
    `  expected: ${not}${expected}`,
    `  seen: ${seen}`,
    '',
    named.length > 0 ? journalMark : `end of the ${journalMark}`,
    ...linesOf(part, trial),
  ].join('\n');
}

/** The last that happened, for who reads why a test has failed. */
export const endOf = (trial: Subject['trial']): string =>
  [`papertape, end of the ${journalMark}`, ...linesOf(tailOf(trial.entries), trial)].join('\n');

const linesOf = (entries: readonly JournalEntry[], trial: Subject['trial']): readonly string[] =>
  entries.length === 0 ? ['  nothing has happened'] : trial.tell(entries).map((line) => `  ${line}`);

/** Rows of market data say little. */
const tailOf = (entries: readonly JournalEntry[]): readonly JournalEntry[] =>
  entries.filter(({ kind }) => kind !== 'sent').slice(-shown);

function isSubject(received: unknown): received is Subject {
  if (typeof received !== 'object' || received === null || !('trial' in received)) return false;
  const { trial } = received;
  return typeof trial === 'object' && trial !== null && 'inquire' in trial;
}
