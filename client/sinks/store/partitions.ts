import type { Nanos } from '../../../market/event.ts';
import { isoMillis } from '../../../market/nanos.ts';
import { codeOf, reason } from '../../../migrations/session.ts';
import type { Listen } from './happening.ts';
import type { Line } from './line.ts';
import type { Parcel } from './parcel.ts';

/** Months remembered as made. */
const mostRemembered = 4096;
/** Months that one parcel gets at most, beside its last; what lies further between is in the default partition. */
const mostMonths = 24;

/** Makes the partitions of months before rows of them come. */
export class Partitions {
  readonly #made = new Set<string>();
  readonly #listen: Listen;

  constructor(listen: Listen) {
    this.#listen = listen;
  }

  async prepare(line: Line, { table, from, to }: Parcel): Promise<void> {
    for (const month of monthsOf(from, to)) {
      const place = `${table} ${month}`;
      if (this.#made.has(place)) continue;
      try {
        await line.run(`SELECT papertape_add_partition('${table}'::regclass, '${month}'::timestamptz)`);
      } catch (error) {
        // Without the right to create, or in a year beyond the server's: rows find their place without it.
        if (!isRefusal(error)) throw error;
        this.#listen({ kind: 'unpartitioned', table, why: reason(error) });
      }
      if (this.#made.size >= mostRemembered) this.#made.clear();
      this.#made.add(place);
    }
  }
}

/** SQLSTATE classes 22, 42 and 55: a value, a right or an object is wrong, not the database. */
const isRefusal = (error: unknown): boolean => /^(?:22|42|55)...$/.test(codeOf(error) ?? '');

/** First instants of the months from one instant to another: `2026-07-01T00:00:00.000Z`. */
function* monthsOf(from: Nanos, to: Nanos): Generator<string> {
  const last = isoMillis(to).slice(0, 7);
  let month = isoMillis(from).slice(0, 7);
  for (let count = 0; month < last && count < mostMonths; count++) {
    yield `${month}-01T00:00:00.000Z`;
    const [year, number] = month.split('-').map(Number);
    month = new Date(Date.UTC(year ?? 0, number ?? 0)).toISOString().slice(0, 7);
  }
  yield `${last}-01T00:00:00.000Z`;
}
