import type { EntryView } from '../schemas/journal.ts';

/** Entries of a journal that comes one JSON a line, until it ends; who leaves before hangs up. */
export async function* entriesIn({ body }: Response): AsyncGenerator<EntryView> {
  if (body === null) return;
  const reader = body.getReader();
  const decoder = new TextDecoder();
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
