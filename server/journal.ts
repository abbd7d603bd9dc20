import type { Cancel, Clock } from '../market/clock.ts';
import type { Nanos } from '../market/event.ts';
import { millis } from '../market/nanos.ts';
import type { Contact, Entry, Happened } from './journal-entry.ts';

/** Entries that are kept; the oldest are forgotten first. */
export const keptEntries = 100_000;
/** Events sent in a row make one entry, unless they took longer. Wall time. */
const longestRow: Nanos = millis(250);

export interface JournalOptions {
  readonly clock: Clock;
  /** Where the tape is now. */
  place(): { readonly elapsed: Nanos; readonly market: Nanos | undefined };
  readonly kept?: number;
}

/** Events of one session in a row, sent or missed. */
interface Row {
  readonly kind: 'sent' | 'missed';
  readonly contact: Contact;
  readonly fault: string | undefined;
  readonly from: number;
  to: number;
  events: number;
  bytes: number;
  readonly began: Nanos;
}

/**
 * Everything that was sent and received, and what was done to it, oldest first and bounded. Market data is not written down, only which
 * of it was sent: a row of events costs an entry, not each event.
 */
export class Journal {
  readonly #options: JournalOptions;
  readonly #kept: number;
  #entries: Entry[] = [];
  #written = 0;
  readonly #rows = new Map<number, readonly Row[]>();
  readonly #readers = new Set<(entry: Entry) => void>();

  constructor(options: JournalOptions) {
    this.#options = options;
    this.#kept = options.kept ?? keptEntries;
  }

  /** What is kept, oldest first. */
  get entries(): readonly Entry[] {
    this.settle();
    return this.#entries.slice(-this.#kept);
  }

  /** Kept entries with a higher number than this, oldest first, so many at most. */
  after(number: number, most: number): readonly Entry[] {
    this.settle();
    const first = Math.max(this.#entries.length - this.#kept, 0);
    const from = Math.max(number + this.#entries.length - this.#written, first);
    return this.#entries.slice(from, from + most);
  }

  /** How many there have been. */
  get written(): number {
    return this.#written;
  }

  /** How many are told every entry as it is written. */
  get readers(): number {
    return this.#readers.size;
  }

  /** Tells every entry to come as it is written. */
  listen(reader: (entry: Entry) => void): Cancel {
    this.#readers.add(reader);
    return () => void this.#readers.delete(reader);
  }

  write(happened: Happened): void {
    if ('session' in happened && happened.session !== undefined) this.#endRows(happened.session);
    this.#add(happened);
  }

  /** Events of the deck's numbers `from` to `to` were sent to a session, or not. Returns when that is. */
  row(
    kind: Row['kind'],
    contact: Contact,
    { from, to, events, bytes, fault }: Pick<Row, 'from' | 'to' | 'events' | 'bytes' | 'fault'>,
  ): Nanos {
    const now = this.#options.clock.now();
    const rows = this.#rows.get(contact.session) ?? [];
    // Sent and missed by turns are two rows, not an entry for every turn.
    const row = rows.find((other) => other.kind === kind && other.fault === fault);
    if (row !== undefined && now - row.began < longestRow) {
      row.to = to;
      row.events += events;
      row.bytes += bytes;
      return now;
    }
    if (row !== undefined) this.#endRows(contact.session);
    const first = { kind, contact, fault, from, to, events, bytes, began: now };
    this.#rows.set(contact.session, [...(this.#rows.get(contact.session) ?? []), first]);
    return now;
  }

  /** Writes down what is still being counted. */
  settle(): void {
    for (const session of [...this.#rows.keys()]) this.#endRows(session);
  }

  #endRows(session: number): void {
    const rows = this.#rows.get(session) ?? [];
    this.#rows.delete(session);
    for (const { kind, contact, fault, from, to, events, bytes } of rows) {
      this.#add({ kind, ...contact, from, to, events, bytes, ...(fault === undefined ? {} : { fault }) });
    }
  }

  #add(happened: Happened): void {
    const entry: Entry = {
      number: ++this.#written,
      at: this.#options.clock.now(),
      ...this.#options.place(),
      ...happened,
    };
    this.#entries.push(entry);
    // Cut now and then: a shift for every entry would cost more than the entries.
    if (this.#entries.length >= this.#kept * 2) this.#entries = this.#entries.slice(-this.#kept);
    for (const reader of this.#readers) reader(entry);
  }
}
