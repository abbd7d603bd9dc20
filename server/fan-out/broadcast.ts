import type { Cancel, Clock } from '../../market/clock.ts';
import type { MarketEvent, Nanos } from '../../market/event.ts';
import { Deck } from '../deck.ts';
import type { DeckOptions } from '../deck/deck-options.ts';
import { FanOut, type Membership } from '../fan-out.ts';
import type { Interest } from './group.ts';
import type { Cargo } from '../session/line.ts';
import { frameOf, OrderBooks } from '../books/order-books.ts';
import type { Progress } from '../deck/progress.ts';
import type { Emission, Reel } from '../deck/reel.ts';
import type { Session } from '../session.ts';
import type { Place } from '../ledger/strays.ts';

/** What to do at speed max when a client reads too slowly: wait for it, leave events out for it, or send it away. */
export type Backpressure = 'pause' | 'drop' | 'disconnect';

/** Knows what is to happen at places of the tape. */
export interface Cue {
  /** Does what is due before the first frame of an emission; returns the position of the frame before which something else is. */
  reach(emission: Emission): number;
  /** Whether something has come up since that is due before the first frame of what is left. */
  isDue(rest: Emission): boolean;
}

export interface BroadcastOptions extends Pick<
  DeckOptions,
  'speed' | 'passes' | 'pass' | 'startAt' | 'lag' | 'behind' | 'live' | 'timestamps' | 'maxIdle' | 'window'
> {
  readonly clock: Clock;
  /** Decides when events are due; `clock` keeps all other time. */
  readonly pacing: Clock;
  readonly backpressure: Backpressure;
  /** Bytes that may wait for one client. */
  readonly outbox: number;
  /** How long a paused deck waits for a stuck reader. */
  readonly stall: Nanos;
  /** Tells what is to happen in between. */
  readonly cue?: Cue;
  ended(): void;
  failed(error: unknown): void;
}

/** Hands on what becomes of an event before its session hears it; `skew` moves its times. */
type Told = (event: MarketEvent, out: (event: MarketEvent, skew: Nanos) => void) => void;

/** Events handed over in one turn of the event loop at speed max, over all sessions: some ten milliseconds of work. */
const deliveriesPerTurn = 204_800;
/** But to each so many at least: below this the writing costs more than what is written. */
const leastBurst = 512;
/** A trade on the wire, roughly. */
const bytesPerEvent = 128;

/** One deck and the sessions that listen to it. */
export class Broadcast implements AsyncDisposable {
  readonly deck: Deck;
  readonly reel: Reel;
  readonly #fanOut: FanOut;
  readonly #books = new OrderBooks();
  readonly #options: BroadcastOptions;
  readonly #listeners = new Set<Session>();
  /** Sessions the deck waits for, each with the end of its patience. */
  readonly #behind = new Map<Session, Cancel>();
  /** Numbers of the events that are being published. */
  #onAir: Cargo = { from: 0, to: 0 };
  /** Number of the next event to be published. */
  #position = 0;
  #relieved: () => void = () => undefined;
  #closed = false;

  constructor(reel: Reel, options: BroadcastOptions) {
    this.reel = reel;
    this.#options = options;
    const { clock, behind = 0n } = options;
    this.#fanOut = new FanOut(options.window, options.timestamps === 'now' ? () => clock.now() - behind : undefined);
    this.deck = new Deck(reel, {
      ...options,
      clock: options.pacing,
      prepare: (emission) => this.#fanOut.prepare(emission),
      emit: (emission) => this.#air(emission),
      burst: () => this.#burst,
      pressure: () => this.#pressure(),
    });
  }

  get progress(): Progress {
    return this.deck.progress;
  }

  /** Number of the next event that those who hear with all others will hear; while one is under way, of the one after it. */
  get position(): number {
    return this.#position;
  }

  /**
   * `unsent` hears what was held from the session because it read too slowly; `told` hands on what becomes of a whole book that the session
   * is to be told.
   */
  join(session: Session, interest: Interest, unsent: (cargo: Cargo) => void, told: Told): Membership {
    this.#listeners.add(session);
    this.#relieve();
    const receiver = {
      deliver: (frames: Buffer, events: number, places?: readonly Place[]) => {
        const cargo = places === undefined ? this.#onAir : { ...this.#onAir, places };
        if (!this.#deliver(session, frames, events, cargo)) unsent(cargo);
      },
    };
    const membership = this.#fanOut.join(receiver, session.wire.encoder, interest);
    this.#tellBooks(session, interest, undefined, told);
    let held = interest;
    const change = (next: Interest): void => {
      membership.change(next);
      this.#tellBooks(session, next, held, told);
      held = next;
    };
    return {
      change,
      spoil: (spoiler) => membership.spoil(spoiler),
      get solo() {
        return membership.solo;
      },
      leave: () => membership.leave(),
    };
  }

  /** Publishes what is due, in parts where something is to happen in between. */
  #air(emission: Emission): void {
    const { cue } = this.#options;
    this.#fanOut.date(emission);
    for (let { from } = emission; from < emission.to;) {
      const sequence = emission.sequence + from - emission.from;
      const rest = { ...emission, from, sequence };
      this.#position = sequence;
      const until = cue?.reach(rest) ?? emission.to;
      this.#onAir = { from: sequence, to: sequence + until - from - 1 };
      const to = this.#fanOut.hear({ ...rest, to: until }, (next) => cue?.isDue({ ...rest, from: next }) === true);
      this.#position = sequence + to - from;
      this.#onAir = { from: sequence, to: this.#position - 1 };
      const part = { ...rest, to };
      this.#books.follow(part, this.#fanOut.publish(part));
      from = to;
    }
    this.#fanOut.rest();
  }

  /** The books that a session has just subscribed to begin whole. */
  #tellBooks(session: Session, interest: Interest, before: Interest | undefined, told: Told): void {
    const { exchange, markets, subscriptions } = interest;
    if (exchange.wholeBooks !== undefined) return;
    const isNew = (symbol: string): boolean =>
      subscriptions.wants('book', symbol) && before?.subscriptions.wants('book', symbol) !== true;
    for (const { book, shift } of this.#books.standing(markets, isNew)) {
      told(book, (event, skew) => {
        // No event of the tape, but what came of many.
        const cargo = { ...this.#onAir, places: [] };
        this.#deliver(session, frameOf(session.wire.encoder, event, shift + skew), 1, cargo);
      });
    }
  }

  /** Ends every session that listens. */
  end(): void {
    for (const session of [...this.#listeners]) session.end();
  }

  left(session: Session): void {
    this.#listeners.delete(session);
    this.#caughtUp(session);
    this.#relieve();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const session of [...this.#behind.keys()]) this.#caughtUp(session);
    this.#closed = true;
    this.#relieve();
    await this.deck[Symbol.asyncDispose]();
  }

  /** Few big writes to a socket cost less than many small ones, but none may fill an outbox or keep the others waiting. */
  get #burst(): number {
    const share = Math.min(deliveriesPerTurn / this.#listeners.size, this.#options.outbox / bytesPerEvent / 4);
    return Math.max(leastBurst, Math.floor(share));
  }

  /** Returns whether it was sent. */
  #deliver(session: Session, frames: Buffer, events: number, cargo: Cargo): boolean {
    const { backpressure, outbox } = this.#options;
    const full = session.line.buffered > outbox;
    if (full && backpressure === 'drop') session.missed(events, cargo);
    else if (full && !this.#waits) session.refuse('slow-client');
    else {
      session.deliver(frames, events, cargo);
      if (this.#waits && session.line.buffered > outbox / 2) this.#fellBehind(session);
      return true;
    }
    return false;
  }

  /** Only a deck that runs at max can wait: at any other speed the market goes on. */
  get #waits(): boolean {
    return this.#options.backpressure === 'pause' && this.deck.speed === 'max';
  }

  #fellBehind(session: Session): void {
    if (this.#behind.has(session)) return;
    const { clock, stall } = this.#options;
    const giveUp = clock.wake(clock.now() + stall, () => {
      this.#caughtUp(session);
      session.refuse('slow-client');
    });
    this.#behind.set(session, giveUp);
    session.record.heldUp();
    session.line.onceDrained(() => this.#caughtUp(session));
  }

  #caughtUp(session: Session): void {
    this.#behind.get(session)?.();
    if (this.#behind.delete(session)) this.#relieve();
  }

  #relieve(): void {
    if (!this.#waiting) this.#relieved();
  }

  /** For a slow reader, and while nobody listens: a tape as fast as its readers stands still without one. */
  get #waiting(): boolean {
    return !this.#closed && (this.#behind.size > 0 || this.#listeners.size === 0);
  }

  #pressure(): Promise<void> | undefined {
    if (!this.#waiting) return undefined;
    return new Promise((resolve) => (this.#relieved = resolve));
  }
}
