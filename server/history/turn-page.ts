import type { Nanos } from '../../market/event.ts';

/** Some entries of a series, in its order. */
export interface Leaf<Entry> {
  readonly events: readonly Entry[];
  readonly shift: Nanos;
}

/** Where a page ended. */
export interface Mark {
  readonly at: Nanos;
  /** How many entries of that instant have been told, the last one included. */
  readonly ordinal: number;
}

/** Which entries of a series a page holds: those between two instants, both inclusive, after a mark, and no more than `limit`. */
export interface Part {
  readonly from: Nanos;
  readonly to: Nanos;
  readonly after: Mark | undefined;
  readonly limit: number;
}

/**
 * Hands on the entries of one page, in their order; returns where it ended when it is full. A full page that is not `sure` reads no further,
 * so nothing may follow it; one that is ends with a mark only where something does.
 */
export async function turnPage<Entry>(
  leaves: AsyncIterable<Leaf<Entry>>,
  stamp: (entry: Entry, shift: Nanos) => Nanos,
  { from, to, after, limit }: Part,
  sure: boolean,
  row: (entry: Entry, shift: Nanos) => void,
): Promise<Mark | undefined> {
  let known = after?.ordinal ?? 0;
  let [at, ordinal, rows] = [after?.at ?? from, known, 0];
  for await (const { events, shift } of leaves) {
    for (const entry of events) {
      const instant = stamp(entry, shift);
      if (instant < from || instant > to) continue;
      if (known > 0 && instant === after?.at) {
        known--;
        continue;
      }
      if (rows === limit) return { at, ordinal };
      ordinal = instant === at ? ordinal + 1 : 1;
      at = instant;
      rows++;
      row(entry, shift);
    }
    if (!sure && rows === limit) return { at, ordinal };
  }
  return undefined;
}
