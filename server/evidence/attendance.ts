import type { Nanos } from '../../market/event.ts';
import type { Subscription } from '../exchanges/wish.ts';
import type { Entry } from '../journal-entry.ts';

/** An entry that tells of one connection. */
export type Contact = Extract<Entry, { readonly session: number; readonly path: string }>;

/** A connection that is over, until its client is back. */
export interface Absence {
  /** `PK…1 on alpaca/v2/iex`, or `a client on alpaca/v2/iex` when it never logged in. */
  readonly who: string;
  readonly place: string;
  readonly since: Nanos;
  /** Number of the entry that tells of the end. */
  readonly line: number;
  /** `client`: it left of its own accord. `refused`: it was never let in. */
  readonly by: 'client' | 'exchange' | 'refused';
  /** Had it logged in? */
  readonly known: boolean;
  /** What it was subscribed to. */
  readonly held: readonly Subscription[];
}

/** What an entry changes. */
export type Change =
  /** A connection is over and its client gone. */
  | { readonly kind: 'gone'; readonly absence: Absence }
  /** Somebody who was gone tried to come back, and is gone still; without `absence` when it cannot be told who. */
  | { readonly kind: 'failed'; readonly absence: Absence | undefined }
  /** Somebody who was gone is logged in again; `session` had it before the old one ended when it is handed over. */
  | { readonly kind: 'back'; readonly absence: Absence; readonly session: number; readonly line: number };

/** One connection, as seen from outside. */
export interface Whereabouts {
  readonly who: string;
  readonly place: string;
  readonly exchange: string;
  readonly client: string | undefined;
  readonly held: readonly Subscription[];
}

interface Presence {
  readonly place: string;
  readonly exchange: string;
  client: string | undefined;
  who: string | undefined;
  /** When it was last heard from. */
  heard: Nanos;
  loggedIn: Nanos | undefined;
  /** Number of the entry that tells of the login. */
  line: number;
  /** It stands for one that ended. */
  spent: boolean;
  held: readonly Subscription[];
}

export const placeOf = (entry: Contact): string => `${entry.exchange}${entry.path}`;
export const isContact = (entry: Entry): entry is Contact => 'session' in entry && 'path' in entry;

/**
 * Who is connected and who is gone. A client is known by the label of its key from its login on; before, and when it never logs in, it
 * is "a client" of its path. An attempt that shows no key belongs to the one who is gone from that path; where several are gone it
 * cannot be told whose it is. A client with several connections is gone once for each that ends; a new one that it opened before the
 * exchange saw the end of a silent old one stands for that one.
 */
export class Attendance {
  readonly #present = new Map<number, Presence>();
  readonly #absent = new Map<string, Absence[]>();

  /** Whose attempt it is; absent when several are gone and any of them may be meant. */
  ownerOf(entry: Contact): string | undefined {
    const place = placeOf(entry);
    const who = this.#present.get(entry.session)?.who ?? named(entry);
    if (who !== undefined) return who;
    const gone = this.absentFrom(place);
    return gone.length === 0 ? anybody(place) : gone.length === 1 ? gone[0]?.who : undefined;
  }

  /** Who is gone from a path, each once. */
  absentFrom(place: string): readonly Absence[] {
    return [...this.#absent.values()].flatMap((list) => list.filter((one) => one.place === place).slice(0, 1));
  }

  /** What a connection is subscribed to. */
  heldBy(session: number): readonly Subscription[] {
    return this.#present.get(session)?.held ?? [];
  }

  /** Who has a connection, and what it holds; absent when it is over. */
  presenceOf(session: number): Whereabouts | undefined {
    const presence = this.#present.get(session);
    if (presence === undefined) return undefined;
    const { place, who = anybody(place), exchange, client, held } = presence;
    return { who, place, exchange, client, held };
  }

  get absent(): readonly Absence[] {
    return [...this.#absent.values()].flat();
  }

  hear(entry: Entry): Change | undefined {
    if (!isContact(entry)) return undefined;
    if (entry.kind === 'knocked') return entry.status === 101 ? this.#enter(entry) : this.#refused(entry);
    const presence = this.#of(entry);
    switch (entry.kind) {
      case 'logged-in':
        return this.#loggedIn(entry, presence);
      case 'subscribed':
        presence.held = entry.list;
        return undefined;
      case 'heard':
      case 'ping':
      case 'pong':
        presence.heard = entry.at;
        return undefined;
      case 'closed':
        return this.#closed(entry, presence);
      case 'moved':
        this.#present.delete(entry.session);
        return undefined;
      case 'said':
      case 'refused':
      case 'sent':
      case 'missed':
        return undefined;
    }
  }

  #enter(entry: Contact): undefined {
    this.#of(entry);
    return undefined;
  }

  #of(entry: Contact): Presence {
    const known = this.#present.get(entry.session);
    if (known !== undefined) return known;
    const place = placeOf(entry);
    const fresh: Presence = {
      place,
      exchange: entry.exchange,
      client: entry.client,
      who: named(entry),
      heard: entry.at,
      loggedIn: undefined,
      line: entry.number,
      spent: false,
      held: [],
    };
    this.#present.set(entry.session, fresh);
    return fresh;
  }

  #refused(entry: Contact): Change {
    const place = placeOf(entry);
    const who = named(entry);
    const gone = this.absentFrom(place).filter((one) => who === undefined || one.who === who);
    if (gone.length > 0) return { kind: 'failed', absence: gone.length === 1 ? gone[0] : undefined };
    const absence: Absence = {
      who: who ?? anybody(place),
      place,
      since: entry.at,
      line: entry.number,
      by: 'refused',
      known: who !== undefined,
      held: [],
    };
    return this.#leave(absence);
  }

  #loggedIn(entry: Contact, presence: Presence): Change | undefined {
    presence.who = named(entry) ?? anybody(presence.place);
    presence.client = entry.client;
    presence.loggedIn = entry.at;
    presence.line = entry.number;
    presence.heard = entry.at;
    const absence = this.#takeBack(presence.who) ?? this.#takeBack(anybody(presence.place));
    if (absence === undefined) return undefined;
    presence.spent = true;
    return { kind: 'back', absence, session: entry.session, line: entry.number };
  }

  #closed(entry: Extract<Contact, { kind: 'closed' }>, presence: Presence): Change {
    this.#present.delete(entry.session);
    const { place, held } = presence;
    const known = presence.loggedIn !== undefined || entry.client !== undefined;
    const who = presence.who ?? named(entry) ?? anybody(place);
    const by = entry.by === 'client' ? 'client' : 'exchange';
    const absence: Absence = { who, place, since: entry.at, line: entry.number, by, known, held };
    if (!known) {
      const gone = this.absentFrom(place);
      if (gone.length === 0) return this.#leave(absence);
      return { kind: 'failed', absence: gone.length === 1 ? gone[0] : undefined };
    }
    for (const [session, other] of this.#present) {
      const since = other.loggedIn;
      if (other.who !== who || session < entry.session || other.spent || since === undefined) continue;
      // Heard from since: both are in use, side by side.
      if (presence.heard > since) continue;
      other.spent = true;
      return { kind: 'back', absence, session, line: other.line };
    }
    return this.#leave(absence);
  }

  #leave(absence: Absence): Change {
    const list = this.#absent.get(absence.who);
    if (list === undefined) this.#absent.set(absence.who, [absence]);
    else list.push(absence);
    return { kind: 'gone', absence };
  }

  #takeBack(who: string): Absence | undefined {
    const list = this.#absent.get(who);
    const first = list?.shift();
    if (list?.length === 0) this.#absent.delete(who);
    return first;
  }
}

/** How findings and reports call a client of a path; `client`: absent when it never logged in. */
export const labelled = (client: string | undefined, place: string): string => `${client ?? 'a client'} on ${place}`;

const named = (entry: Contact): string | undefined =>
  entry.client === undefined ? undefined : labelled(entry.client, placeOf(entry));
const anybody = (place: string): string => labelled(undefined, place);
