import { createHash } from 'node:crypto';
import type { Nanos } from '../../market/event.ts';
import type { Refusal, Subscription } from '../exchanges/exchange.ts';
import { Backlog } from './backlog.ts';
import { frameTexts, messageText } from '../wire/frame-log.ts';
import type { Journal } from '../journal.ts';
import type { Contact, Happened } from '../journal-entry.ts';
import type { Log } from '../log.ts';
import type { Tap } from './tap.ts';
import { retryAfterOf } from '../http/retry-after.ts';

/** Longest text of a message that a journal keeps. */
const longestText = 500;
/** What a client's goodbye counts as, and what is seen of an end without a Close frame (RFC 6455 §7.1.5). */
const [normal, abnormal] = [1000, 1006];

/** A label of a key that tells it from others and gives it away to nobody. */
export function labelOf(key: string): string {
  return `key-${createHash('sha256').update(key).digest('hex').slice(0, 8)}`;
}

interface RecordOptions {
  readonly journal: Journal;
  readonly tap: Tap;
  readonly log: Log;
  /** When it came. Wall time. */
  readonly since: Nanos;
}

/** Writes down what happens on one connection, in the journal and, where every frame is asked for, in the log. */
export class SessionRecord {
  /** When it came. Wall time. */
  readonly since: Nanos;
  /** What was written to it: market data, and answers. */
  readonly backlog = new Backlog();
  #contact: Contact;
  readonly #journal: Journal;
  readonly #tap: Tap;
  readonly #warnings: Log;
  /** What it has been warned of. */
  readonly #warned = new Set<string>();
  /** The exchange has ended it, with this code. */
  #ending: number | undefined;
  #isClosed = false;
  /** Reading every frame for a log costs more than sending it: decided once, not per frame. */
  readonly #log: ReturnType<Log['child']> | undefined;

  constructor(contact: Omit<Contact, 'client'>, { journal, tap, log, since }: RecordOptions) {
    this.since = since;
    this.#tap = tap;
    this.#contact = { ...contact, client: undefined };
    this.#journal = journal;
    this.#warnings = log;
    const { session, path } = contact;
    this.#log = log.isLevelEnabled('trace') ? log.child({ session, stream: path }) : undefined;
  }

  get contact(): Contact {
    return this.#contact;
  }

  /** How it was answered, with which headers; no status while it gets no answer. */
  knocked(status: number | undefined, headers: Readonly<Record<string, string>> = {}): void {
    this.#write({ kind: 'knocked', status, ...retryAfterOf(headers) });
  }

  heard(data: Buffer, does: Extract<Happened, { kind: 'heard' }>['does']): void {
    const text = messageText(data);
    this.#log?.trace({ received: text });
    this.#write({ kind: 'heard', text: text.slice(0, longestText), ...(does === undefined ? {} : { does }) });
  }

  said(frame: Buffer): void {
    this.backlog.written += frame.length;
    for (const text of frameTexts(frame)) {
      this.#log?.trace({ sent: text });
      this.#write({ kind: 'said', text: text.slice(0, longestText) });
    }
  }

  /** Market data was sent: numbers of the deck, both inclusive, between which the events lie. */
  sent(frames: Buffer, events: number, from: number, to: number): void {
    if (this.#log !== undefined) for (const sent of frameTexts(frames)) this.#log.trace({ sent });
    this.#tap.sent(this.#contact.session, frames);
    const row = { from, to, events, bytes: frames.length, fault: undefined };
    this.backlog.wrote(frames.length, this.#journal.row('sent', this.#contact, row));
  }

  missed(events: number, from: number, to: number): void {
    this.#warn('reads too slowly: events are left out');
    this.#journal.row('missed', this.#contact, { from, to, events, bytes: 0, fault: undefined });
  }

  /** An event that a step took from it, or changed; its number on the deck. */
  lost(sequence: number, fault: string): void {
    this.#journal.row('missed', this.#contact, { from: sequence, to: sequence, events: 1, bytes: 0, fault });
  }

  /** The tape stands still until this client has read on. */
  heldUp(): void {
    this.#warn('reads too slowly: the tape waits for it');
  }

  loggedIn(key: string): void {
    this.#contact = { ...this.#contact, client: labelOf(key) };
    this.#write({ kind: 'logged-in' });
  }

  refused(why: Refusal): void {
    const { session, path: stream } = this.#contact;
    // A mistake in a message is the client's to see; what ends in silence or a dropped connection is ours to tell.
    this.#warnings[why === 'bad-syntax' ? 'debug' : 'warn']({ session, stream, why }, 'refused');
    this.#write({ kind: 'refused', why });
  }

  subscribed(list: readonly Subscription[]): void {
    this.#write({ kind: 'subscribed', list });
  }

  pinged(kind: 'ping' | 'pong'): void {
    this.#write({ kind });
  }

  moved(to: string): void {
    this.#write({ kind: 'moved', to });
  }

  /** The exchange ends it; `code`: of its Close frame, if there is one. */
  ends(code: number | undefined): void {
    this.#ending ??= code ?? abnormal;
  }

  /** The connection is over. `clean`: the client said goodbye. */
  closed(clean: boolean): void {
    if (this.#ending === undefined) this.#closed('client', clean ? normal : abnormal);
    else this.#closed('exchange', this.#ending);
  }

  /** It ends with its run, unless it was about to. Written at once: nobody listens any more when the connection is over. */
  dismissed(end: () => void): void {
    const by = this.#ending === undefined ? 'papertape' : 'exchange';
    end();
    this.#closed(by, this.#ending ?? abnormal);
  }

  #closed(by: Extract<Happened, { kind: 'closed' }>['by'], code: number): void {
    if (!this.#isClosed) this.#write({ kind: 'closed', by, code });
    this.#isClosed = true;
  }

  #warn(message: string): void {
    if (this.#warned.has(message)) return;
    this.#warned.add(message);
    this.#warnings.warn({ session: this.#contact.session }, message);
  }

  #write(happened: Seen): void {
    this.#journal.write({ ...happened, ...this.#contact });
  }
}

/** What happened on a connection, without the connection. */
type Seen = Happened extends infer One ? (One extends Contact ? Omit<One, keyof Contact | 'fault'> : never) : never;
