import type { Interest } from './group.ts';
import type { Covered, Contact } from './journal-entry.ts';
import type { Progress } from './progress.ts';
import type { Reel } from './reel.ts';

/** What a session heard for a while: everything of one interest from one number of a deck to another. */
export interface Hearing {
  /** The reel that was played, and by which way. */
  readonly reel: Reel;
  readonly progress: Progress;
  readonly interest: Interest;
  /** Number of the first event it could hear, and of the first it could not. */
  readonly from: number;
  to: number | undefined;
}

/** Events of the tape that a session was not sent as they are; numbers of the deck, both inclusive. */
export interface Loss {
  readonly from: number;
  to: number;
  /** The step whose fault took them, or `slow`. */
  readonly why: string;
}

/** The records of one connection. */
export interface SessionAccount {
  readonly contact: Contact;
  readonly hearings: Hearing[];
  readonly losses: Loss[];
}

/**
 * Keeps ranges of tape positions per session and subscription, never rows: what was owed, sent and missed follows from them and from the
 * tape, which is read anew when somebody asks.
 */
export class LedgerBook {
  readonly #sessions = new Map<number, SessionAccount>();
  readonly #fetched: { readonly exchange: string; readonly client: string; readonly covers: readonly Covered[] }[] = [];

  /** From that number of its deck on, a session hears what it is interested in. */
  hears(contact: Contact, hearing: Omit<Hearing, 'to'>): void {
    const account = this.#account(contact);
    this.leaves(contact, hearing.from);
    account.hearings.push({ ...hearing, to: undefined });
  }

  /** From that number on it hears nothing. */
  leaves({ session }: Contact, at: number): void {
    const last = this.#sessions.get(session)?.hearings.at(-1);
    if (last !== undefined) last.to ??= at;
  }

  lost(session: number, sequence: number, why: string): void {
    this.lostAll(session, sequence, sequence, why);
  }

  /** Everything it should have heard between two numbers. */
  lostAll(session: number, from: number, to: number, why: string): void {
    this.#sessions.get(session)?.losses.push({ from, to, why });
  }

  /** It was sent after all. */
  found(session: number, sequence: number): void {
    const losses = this.#sessions.get(session)?.losses;
    const at = losses?.findLastIndex(({ from, to }) => from === sequence && to === sequence) ?? -1;
    if (at >= 0) losses?.splice(at, 1);
  }

  /** A client was told rows over HTTP. */
  fetched(exchange: string, client: string, covers: readonly Covered[]): void {
    if (covers.length > 0) this.#fetched.push({ exchange, client, covers });
  }

  #account(contact: Contact): SessionAccount {
    let account = this.#sessions.get(contact.session);
    if (account === undefined) this.#sessions.set(contact.session, (account = { contact, hearings: [], losses: [] }));
    return account;
  }
}
