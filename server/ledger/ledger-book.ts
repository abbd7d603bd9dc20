import { turn } from '../../market/clock.ts';
import type { Nanos } from '../../market/event.ts';
import { Audit, type Fate, MissedStretches, type Records } from './audit.ts';
import { Entitlement } from './entitlement.ts';
import { FetchedRows, type Marks } from './fetched-rows.ts';
import { count } from '../evidence/spell.ts';
import type { Interest } from '../fan-out/group.ts';
import type { Leg } from '../deck/itinerary.ts';
import type { Contact, Covered } from '../journal-entry.ts';
import type { Account, Beyond, Ledger, Row } from '../ledger.ts';
import type { Progress } from '../deck/progress.ts';
import type { Reel } from '../deck/reel.ts';
import type { Page } from '../sources/source.ts';
import { type Place, type Room, Strays } from './strays.ts';
import { type PageTopics, Topics } from '../fan-out/topics.ts';

/** What a session hears from a number of its deck on. */
export interface Hearing {
  /** The reel that is played, and how far it has been. */
  readonly reel: Reel;
  readonly progress: Progress;
  readonly interest: Interest;
  /** Number of the first event that it hears. */
  readonly from: number;
}

/** Runs of rows, over all clients, that were sent otherwise than once. */
const rememberedRuns = 500_000;

/** Clients of a stream that are remembered while they are away; who has been away longest is forgotten first, and counted. */
const rememberedClients = 10_000;

/** What is written down of one client of one stream. */
interface Book extends Pick<Account, 'exchange' | 'path' | 'client'> {
  readonly reel: Reel;
  readonly progress: Progress;
  readonly entitlement: Entitlement;
  readonly strays: Map<number, Strays>;
  /** Its connections. */
  open: number;
  /** Losses that were forgotten of connections that are over. */
  losses: number;
}

/** A part of a page: what was played under consecutive numbers. */
interface Played {
  readonly page: Page;
  readonly topics: PageTopics;
  readonly from: number;
  readonly to: number;
  /** Number of the first of it. */
  readonly sequence: number;
  readonly leg: Leg;
}

/**
 * Keeps ranges of tape positions per client and session, never rows: what was owed, sent and missed follows from them and from the
 * tape, which is read anew when somebody asks. What was written to a client's socket counts as sent: a connection that is reset, or whose
 * client is gone, may lose it on the way, and nobody on this side can know.
 */
export class LedgerBook implements Ledger {
  readonly #books = new Map<string, Book>();
  /** The book of each connection that has heard something. */
  readonly #bookOf = new Map<number, Book>();
  readonly #fetched = new Map<string, FetchedRows>();
  /** Those without a connection, the longest first. */
  readonly #away = new Set<Book>();
  #forgotten = 0;
  readonly #room: Room = { left: rememberedRuns };

  /** From that number of its deck on, a session hears what it is interested in. Nothing is owed to who has not logged in. */
  hears({ session, exchange, path, client }: Contact, { reel, progress, interest, from }: Hearing): void {
    if (client === undefined) return;
    const name = nameOf({ exchange, path, client });
    let book = this.#books.get(name);
    if (book === undefined) {
      if (interest.subscriptions.empty) return;
      const whose = { exchange, path, client };
      book = { ...whose, reel, progress, entitlement: new Entitlement(), strays: new Map(), open: 0, losses: 0 };
      this.#books.set(name, book);
    }
    if (!this.#bookOf.has(session)) {
      this.#bookOf.set(session, book);
      book.strays.set(session, new Strays(this.#room));
      book.open++;
      this.#away.delete(book);
    }
    book.entitlement.hears(session, interest, from);
  }

  /** From that number on it hears nothing. */
  leaves({ session }: Contact, at: number): void {
    this.#bookOf.get(session)?.entitlement.leaves(session, at);
  }

  /** A connection is over, and all that was to be said of it has been. */
  closed(session: number): void {
    const book = this.#bookOf.get(session);
    if (book === undefined) return;
    this.#bookOf.delete(session);
    const strays = book.strays.get(session);
    if (strays?.isEmpty === true) {
      book.losses += strays.forgotten;
      book.strays.delete(session);
    }
    if (--book.open > 0) return;
    this.#away.add(book);
    const [longest] = this.#away;
    if (this.#away.size > rememberedClients && longest !== undefined) this.#forget(longest);
  }

  /** What it has forgotten of clients as a whole, in sentences without a full stop. */
  get beyond(): readonly string[] {
    if (this.#forgotten === 0) return [];
    const most = `more than ${rememberedClients} clients were away at once`;
    return [`${most}: the accounts of ${count(this.#forgotten, 'client')} are lost, or begin where they came back`];
  }

  /** An event of the tape was not sent to a session as it is, or once less often than it seemed. */
  lost(session: number, place: Place, why: string): void {
    this.#straysOf(session)?.lost(place, why);
  }

  /** It was sent after all, or once more. */
  found(session: number, place: Place): void {
    this.#straysOf(session)?.found(place);
  }

  /** A session was sent nothing of what it should have heard between two numbers, both inclusive. */
  lostAll(session: number, from: number, to: number, why: string): void {
    this.#straysOf(session)?.lostAll(from, to, why);
  }

  /** A client was told rows over HTTP. */
  fetched(exchange: string, client: string, covers: readonly Covered[]): void {
    if (covers.length === 0) return;
    const marks = new Map<Progress, { sequence: number; shift: Nanos }>();
    for (const { progress, ...book } of this.#books.values()) {
      if (book.exchange !== exchange || book.client !== client || marks.has(progress)) continue;
      marks.set(progress, { sequence: progress.sequence, shift: progress.legs.at(-1)?.shift ?? 0n });
    }
    // What came before the first subscription tells nothing that was owed.
    if (marks.size > 0) this.#fetchedBy(exchange, client).take(covers, marks satisfies Marks);
  }

  /** The accounts as they stand: what is played, or told over HTTP, after this call is not in them. Reads each reel once. */
  async accounts(signal: AbortSignal): Promise<readonly Account[]> {
    const books = [...this.#books.values()];
    const known = books.map((book) => ({ book, legs: legsOf(book.progress), records: this.#recordsOf(book) }));
    const topics = new Topics();
    const stretches = new Map(books.map((book) => [book, new MissedStretches()]));
    for (const progress of new Set(books.map((book) => book.progress))) {
      const its = known.filter(({ book }) => book.progress === progress);
      const audits = its.map(({ book, records }) => ({
        audit: new Audit(records, topics),
        missed: stretches.get(book) ?? new MissedStretches(),
      }));
      const [one] = its;
      if (one === undefined) continue;
      const from = Math.min(...its.map(({ records }) => firstOf(records)));
      for await (const played of play(one.book.reel, one.legs, from, one.records.until, topics, signal)) {
        for (const { audit, missed } of audits) {
          for (const [event, fate] of fates(played, audit)) missed.take(event, fate, played.leg);
        }
      }
    }
    signal.throwIfAborted();
    return known.map(({ book, legs, records }) => {
      const { exchange, path, client, reel } = book;
      const { owed = 0, all: missed = [] } = stretches.get(book) ?? {};
      const beyond = this.#beyond(book, records);
      const rows = (abort: AbortSignal): AsyncGenerator<Row> => rowsOf(reel, legs, records, abort);
      return { exchange, path, client, owed, missed, rows, ...(beyond === undefined ? {} : { beyond }) };
    });
  }

  #forget(book: Book): void {
    const { exchange, client } = book;
    this.#forgotten++;
    this.#away.delete(book);
    this.#books.delete(nameOf(book));
    for (const strays of book.strays.values()) strays.leave();
    const others = [...this.#books.values()];
    if (others.some((one) => one.exchange === exchange && one.client === client)) return;
    this.#fetched.delete(`${exchange}\n${client}`);
  }

  #recordsOf({ exchange, client, progress, entitlement, strays }: Book): Records {
    const since = Math.max(entitlement.since, progress.legs[0]?.first ?? 0);
    const claims = entitlement.claims.map((claim) => ({ ...claim }));
    const readings = [...strays].map(([session, its]) => {
      const reading = its.reading();
      return [session, () => reading.again()] as const;
    });
    const fetched = this.#fetchedBy(exchange, client).reading(progress);
    return { since, until: progress.sequence, claims, strays: new Map(readings), fetched };
  }

  #beyond({ exchange, client, strays, losses: gone }: Book, { since }: Records): Beyond | undefined {
    const losses = [...strays.values()].reduce((sum, { forgotten }) => sum + forgotten, gone);
    const answers = this.#fetchedBy(exchange, client).forgotten;
    return since + losses + answers === 0 ? undefined : { events: since, losses, answers };
  }

  #straysOf(session: number): Strays | undefined {
    return this.#bookOf.get(session)?.strays.get(session);
  }

  #fetchedBy(exchange: string, client: string): FetchedRows {
    const name = `${exchange}\n${client}`;
    const known = this.#fetched.get(name) ?? new FetchedRows();
    this.#fetched.set(name, known);
    return known;
  }
}

const nameOf = ({ exchange, path, client }: Pick<Account, 'exchange' | 'path' | 'client'>): string =>
  `${exchange}\n${path}\n${client}`;
const legsOf = ({ legs }: Progress): readonly Leg[] => legs.map((leg) => ({ ...leg }));

/** The first number that can be owed. */
function firstOf({ claims, since }: Records): number {
  return Math.max(since, Math.min(...claims.map(({ from }) => from)));
}

/** What was played between two numbers, the second exclusive, read anew leg by leg. */
async function* play(
  reel: Reel,
  legs: readonly Leg[],
  from: number,
  until: number,
  topics: Topics,
  signal: AbortSignal,
): AsyncGenerator<Played> {
  for (const [at, leg] of legs.entries()) {
    const end = Math.min(until, legs[at + 1]?.first ?? until);
    if (end <= from || end <= leg.first) continue;
    let sequence = leg.first;
    for await (const page of reel.pages(leg.start, signal)) {
      if (signal.aborted) return;
      const [begin, stop] = [Math.max(from - sequence, 0), Math.min(end - sequence, page.length)];
      if (begin < stop) {
        yield { page, topics: topics.ofPage(page), from: begin, to: stop, sequence: sequence + begin, leg };
        // A tape that plays meanwhile comes first.
        await turn();
      }
      sequence += page.length;
      if (sequence >= end) break;
    }
  }
}

function* fates({ page, topics, from, to, sequence, leg }: Played, audit: Audit): Generator<[Page[number], Fate]> {
  for (let index = from; index < to; index++) {
    const event = page[index];
    const fate = event && audit.of(event, topics.ids[index] ?? 0, sequence + index - from, leg);
    if (event !== undefined && fate !== undefined) yield [event, fate];
  }
}

async function* rowsOf(
  reel: Reel,
  legs: readonly Leg[],
  records: Records,
  signal: AbortSignal,
): AsyncGenerator<Row, void, undefined> {
  const topics = new Topics();
  const audit = new Audit(records, topics);
  for await (const played of play(reel, legs, firstOf(records), records.until, topics, signal)) {
    const shift = played.leg.shift ?? 0n;
    for (const [event, { sent, fetched }] of fates(played, audit)) yield { event, shift, sent, fetched };
  }
  signal.throwIfAborted();
}
