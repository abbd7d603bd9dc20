import type { Nanos } from '../../market/event.ts';
import { minute } from '../../market/nanos.ts';
import type { Page } from '../sources/source.ts';

/** The first look back, and by how much the next is longer while too little is found. */
const firstLook: Nanos = minute;
const growth = 4n;
/** A look that finds so many events is long enough. */
const enough = 1000;

/**
 * Reads a part of a tape from its end, although tapes read only forwards: in looks back, each of them read whole and handed on newest
 * event first. `look` reads from one instant to before another.
 */
export async function* newestFirst(
  look: (window: { readonly from: Nanos; readonly to: Nanos }) => AsyncIterable<Page>,
  from: Nanos,
  to: Nanos,
): AsyncGenerator<Page> {
  let width = firstLook;
  for (let end = to + 1n; end > from;) {
    const begin = end - width > from ? end - width : from;
    const pages: Page[] = [];
    let found = 0;
    for await (const page of look({ from: begin, to: end })) {
      pages.push(page);
      found += page.length;
    }
    for (const page of pages.toReversed()) yield page.toReversed();
    if (found < enough) width *= growth;
    end = begin;
  }
}
