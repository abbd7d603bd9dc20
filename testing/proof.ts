import type { Finding, JournalEntry, Question } from '../server/index.ts';

type Kind = keyof Question['must'];

/** What clients do once something has happened to them: the lines of the journal show whoever does not, and no lines that it never happened. */
const onOccasion: readonly Kind[] = ['reconnect', 'resubscribe', 'backoff', 'retryAfter', 'staleness', 'connected'];

/**
 * Why an expectation that is unmet does not show either that clients do otherwise; absent when it does. A test that says `.not` must not pass
 * because its client never started, or was never put to the test.
 */
export function unproven(
  told: Finding,
  entries: readonly JournalEntry[],
  must: Question['must'] = {},
): string | undefined {
  // That nobody has done it is just what is asked.
  if (told.outcome === 'met' || 'frames' in must) return undefined;
  if (entries.every(({ kind }) => kind === 'fault' || kind === 'deck')) return 'nobody has come to the exchange';
  return told.lines.length === 0 && onOccasion.some((kind) => kind in must) ? told.seen : undefined;
}
