import { pageSize, selects, TapeError, type Page, type Selection } from '../source.ts';
import type { MarketEvent, Nanos } from '../../../market/event.ts';
import { LineDecoder } from './line-decoder.ts';
import { linesOf } from './lines.ts';

const atField = '"at":"';
/** Digits of every instant between 2001 and 2286, whose texts therefore sort like their numbers. */
const atDigits = 19;

/** Pages of an NDJSON tape, plain or gzip. Throws a `TapeError` at the first line that is broken or out of order. */
export async function* ndjsonPages(path: string, selection: Selection, signal: AbortSignal): AsyncGenerator<Page> {
  const decoder = new LineDecoder(path);
  const wanted = selects(selection);
  const { from, to } = selection;
  const before = earlierThan(from);
  let previous: Nanos | undefined;
  let line = 0;
  let page: MarketEvent[] = [];
  for await (const lines of linesOf(path, signal)) {
    for (const text of lines) {
      line++;
      if (before(text)) continue;
      const event = decoder.decode(text, line);
      if (previous !== undefined && event.at < previous) throw unsorted(path, line, event.at, previous);
      previous = event.at;
      if (to !== undefined && event.at >= to) {
        if (page.length > 0) yield page;
        return;
      }
      if (!wanted(event)) continue;
      page.push(event);
      if (page.length < pageSize) continue;
      yield page;
      if (signal.aborted) return;
      page = [];
    }
  }
  if (page.length > 0 && !signal.aborted) yield page;
}

/**
 * Tells from the raw text that a line lies before the wanted range, so that seeking far into a tape need not decode
 * what it skips. Quotes inside JSON texts are escaped, so the field cannot be mistaken for a part of a text.
 */
function earlierThan(from: Nanos | undefined): (text: string) => boolean {
  const bound = from?.toString();
  if (bound === undefined || bound.length !== atDigits) return () => false;
  return (text) => {
    const start = text.indexOf(atField) + atField.length;
    return start >= atField.length && text[start + atDigits] === '"' && text.slice(start, start + atDigits) < bound;
  };
}

function unsorted(path: string, line: number, at: Nanos, previous: Nanos): TapeError {
  return new TapeError(
    `${path}:${line}: at: ${at} comes after ${previous}; a tape is ordered by at, oldest first. ` +
      `Sort it with 'papertape tape import ${path} --out sorted${path.endsWith('.gz') ? '.ndjson.gz' : '.ndjson'}'`,
  );
}
