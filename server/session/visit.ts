import { BentLine } from './bent-line.ts';
import type { Broadcast } from '../fan-out/broadcast.ts';
import type { Visitor } from '../chronicle.ts';
import type { Credentials, Exchange, Stream, Wire } from '../exchanges/exchange.ts';
import type { Membership } from '../fan-out.ts';
import type { Interest } from '../fan-out/group.ts';
import type { Host } from './host.ts';
import type { Keys } from '../keys.ts';
import type { LedgerBook } from '../ledger/ledger-book.ts';
import type { Cargo, Line } from './line.ts';
import type { Patient } from './patient.ts';
import { Session } from '../session.ts';

/** A connection that has been upgraded and waits for its session. */
export interface Arrival {
  readonly visitor: Visitor;
  readonly exchange: Exchange;
  readonly stream: Stream;
  readonly wire: Wire;
  readonly credentials: Credentials | undefined;
  readonly deflate: boolean;
  readonly line: Line;
  /** A login with which the client has come from another run that has greeted it. */
  readonly login?: Buffer | undefined;
  /** Where a client belongs that logs in with another run's key. */
  moves?(credentials: Credentials, login: Buffer): Move | undefined;
}

/** A client's way to the run whose key it has shown. */
export interface Move {
  /** Name of that run. */
  readonly to: string;
  move(): void;
}

/** What a run gives every session. */
export interface Premises extends Pick<Host, 'clock' | 'log' | 'outbox' | 'heldSymbols' | 'marketOf'> {
  readonly keys: Keys;
  readonly ledger: LedgerBook;
  broadcastOf(stream: Stream): Broadcast;
  opened(session: Session): void;
  /** A session has subscribed to something. */
  subscribed(session: Session, broadcast: Broadcast | undefined): void;
  left(session: Session): void;
}

/** Why a client misses what it is owed though it is connected. */
const tooSlow = 'it read too slowly';
const goneBefore = 'its connection ended before they left';

/** Makes a session of a connection: gives it what it needs of its run, and faults their hold on it. */
export function visit(arrival: Arrival, run: Premises): void {
  const { visitor, exchange, stream, wire, credentials, deflate, line } = arrival;
  const { ordeal, record } = visitor;
  const unsent = ({ from, to, places }: Cargo, why: string): void => {
    if (places === undefined) run.ledger.lostAll(ordeal.session, from, to, why);
    else for (const place of places) run.ledger.lost(ordeal.session, place, why);
  };
  const bent = new BentLine(line, run.clock, (cargo) => unsent(cargo, goneBefore));
  let broadcast: Broadcast | undefined;
  let membership: Membership | undefined;
  const hears = (interest: Interest): void => {
    const { progress, reel, position } = broadcast ?? run.broadcastOf(stream);
    run.ledger.hears(record.contact, { reel, progress, interest, from: position });
  };
  const leaves = (): void => {
    if (broadcast === undefined) return;
    // Whoever hears its own copy may be sent away in the middle of what is on air.
    run.ledger.leaves(record.contact, membership?.solo?.reached ?? broadcast.position);
  };
  const host: Host = {
    ...run,
    keys: {
      admit: (shown, at, on, holder) => run.keys.admit(shown, at, on, holder, ordeal.cap('connections')),
    },
    ordeal,
    record,
    hold: (span) => bent.hold(span),
    // Not before the first subscription: a broadcast of its own costs something, and anybody can connect.
    join: (interest) => {
      broadcast ??= run.broadcastOf(stream);
      hears(interest);
      const place = (membership = broadcast.join(
        session,
        interest,
        (cargo) => unsent(cargo, tooSlow),
        (event, out) => ordeal.tell(event, out),
      ));
      return {
        change: (next) => {
          hears(next);
          place.change(next);
        },
        spoil: (spoiler) => place.spoil(spoiler),
        get solo() {
          return place.solo;
        },
        leave: () => {
          leaves();
          place.leave();
        },
      };
    },
    moves: (shown, login) => {
      const way = arrival.moves?.(shown, login);
      if (way === undefined) return false;
      record.moved(way.to);
      session.endBy(() => bent.straighten());
      host.left();
      way.move();
      return true;
    },
    subscribed: () => run.subscribed(session, broadcast),
    left: () => {
      leaves();
      broadcast?.left(session);
      run.left(session);
      run.ledger.closed(ordeal.session);
    },
  };
  const session: Session = new Session(ordeal.session, exchange, stream, wire, bent, deflate, host);
  const patient: Patient = {
    get loggedIn() {
      return session.loggedIn;
    },
    close: (code, reason) => session.endBy((end) => end.close(code, reason), code),
    reset: () => session.endBy((end) => end.reset()),
    hangUp: () => session.endBy((end) => end.hangUp(undefined)),
    refuse: (why) => session.refuse(why),
    bend: (shapes) => bent.bend(shapes),
    spoil: (spoiler) => membership?.spoil(spoiler),
    insert: (event, place) => membership?.solo?.insert(event, place) ?? false,
    release: (until) => {
      membership?.solo?.release(until);
      membership?.solo?.flush();
    },
    flush: () => membership?.solo?.flush(),
  };
  bent.listen(session);
  run.opened(session);
  ordeal.open(patient);
  // Unless that was the end of it already.
  if (!ordeal.isOpen) return;
  session.open(credentials, arrival.login);
}
