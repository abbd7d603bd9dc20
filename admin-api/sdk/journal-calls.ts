import type { AskedEntries, EntryView, JournalCount, JournalPage } from '../schemas/journal.ts';
import type { LiveMessage } from '../schemas/live.ts';
import type { Listening } from './live.ts';
import { pathIn, queryOf } from './calls.ts';
import { RunCalls } from './run-calls.ts';

/** What was said, done and broken in a run. */
export class JournalCalls extends RunCalls {
  /**
   * Tells what happens as it happens: the deck, rates, sessions, faults, the journal. Goes on over resets of the run. Whoever loses the
   * connection opens another.
   */
  live(
    run: string,
    handler: (message: LiveMessage) => void,
    { kinds }: { readonly kinds?: AskedEntries['kinds'] } = {},
  ): Listening {
    return this.call.live(queryOf({ run, kinds: kinds?.join(',') }), handler);
  }

  async queryJournal(
    asked: AskedEntries & {
      readonly before?: number;
      readonly limit?: number;
      readonly order?: 'newest' | 'oldest';
    } = {},
    run = 'default',
  ): Promise<JournalPage> {
    return await this.call.json('GET', pathIn(run, 'journal') + queryOf(asked));
  }

  async countJournal(asked: AskedEntries = {}, run = 'default'): Promise<JournalCount> {
    return await this.call.json('GET', pathIn(run, 'journal', 'count') + queryOf(asked));
  }

  /** Waits until `count` entries are there, 1 when it is not told; throws an `AdminError` with status 408 when they do not come within `timeout`, 10s when it is not told. */
  async awaitJournal(
    asked: AskedEntries & { readonly count?: number; readonly timeout?: string } = {},
    run = 'default',
  ): Promise<EntryView[]> {
    return await this.call.json('GET', pathIn(run, 'journal', 'wait') + queryOf(asked));
  }

  /** Entries as they are written, until the run ends or the loop is left. */
  async *streamJournal(asked: AskedEntries = {}, run = 'default'): AsyncGenerator<EntryView> {
    const response = await this.call.ask('GET', pathIn(run, 'journal', 'stream') + queryOf(asked));
    const reader = response.body?.getReader();
    const decoder = new TextDecoder();
    if (reader === undefined) return;
    try {
      for (let rest = ''; ;) {
        const { done, value } = await reader.read();
        if (done) return;
        const lines = (rest + decoder.decode(value, { stream: true })).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) {
          const entry: EntryView = JSON.parse(line);
          yield entry;
        }
      }
    } finally {
      await reader.cancel();
    }
  }
}
