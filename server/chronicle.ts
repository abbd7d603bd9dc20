import { newYorkStockExchange } from '../market/calendars.ts';
import type { Clock } from '../market/clock.ts';
import type { Deck } from './deck.ts';
import { count } from './evidence/spell.ts';
import type { Exchange, Stream } from './exchanges/exchange.ts';
import { FaultLog, type FaultLine } from './injection/fault-log.ts';
import type { FaultWitness } from './injection/fault-witness.ts';
import { Injector } from './injector.ts';
import { LiveFaults } from './live-faults.ts';
import { Journal } from './journal.ts';
import { LedgerBook } from './ledger/ledger-book.ts';
import type { Log } from './log.ts';
import type { Ordeal } from './injection/ordeal.ts';
import { type RequestFaults, faultsOfRequest } from './http/request-faults.ts';
import type { Scenario } from './scenario/schema.ts';
import { labelOf, SessionRecord } from './session/session-record.ts';
import type { Place } from './ledger/strays.ts';
import { Tap } from './session/tap.ts';
import type { Timeline } from './timeline.ts';

export interface ChronicleOptions {
  readonly scenario: Scenario;
  readonly deck: Deck;
  readonly timeline: Timeline;
  readonly clock: Clock;
  readonly log: Log;
}

/** Somebody who has knocked: what goes wrong with the connection, and what is written down of it. */
export interface Visitor {
  readonly ordeal: Ordeal;
  readonly record: SessionRecord;
}

/** What goes wrong in a run, and what is written down of it: its faults, its journal, its ledger. */
export class Chronicle implements Disposable, FaultWitness {
  readonly injector: Injector;
  readonly journal: Journal;
  readonly ledger = new LedgerBook();
  /** For whoever wants to see what is sent, as it goes out. */
  readonly tap = new Tap();
  readonly faults = new FaultLog();
  /** What goes wrong now, and what is made to by hand. */
  readonly live: LiveFaults;
  readonly #options: ChronicleOptions;
  /** Of the connections there are. */
  readonly #records = new Map<number, SessionRecord>();

  constructor(options: ChronicleOptions) {
    const { scenario, deck, timeline, clock } = options;
    const { frameWindow } = scenario.replay;
    this.#options = options;
    this.journal = new Journal({
      clock,
      place: () => ({ elapsed: deck.elapsed, market: deck.position }),
    });
    this.injector = new Injector({
      timeline: scenario.timeline,
      rules: scenario.rules,
      seed: scenario.seed,
      deck,
      clock,
      calendar: newYorkStockExchange(),
      window: frameWindow === 0n ? 1n : frameWindow,
      witness: this,
      marketOf: (symbol) => timeline.listed.find((one) => one.symbol === symbol)?.market,
    });
    this.live = new LiveFaults({ injector: this.injector, scenario, deck, clock });
  }

  /** Somebody asks to be let in to a stream. */
  knock(exchange: Exchange, stream: Stream): Visitor {
    const { log, clock } = this.#options;
    const ordeal = this.injector.knock(exchange.name, stream.path);
    const contact = { session: ordeal.session, exchange: exchange.name, path: stream.path };
    const record = new SessionRecord(contact, { journal: this.journal, tap: this.tap, log, since: clock.now() });
    this.#records.set(ordeal.session, record);
    return { ordeal, record };
  }

  /** Somebody who has knocked is gone. */
  left({ ordeal }: Visitor): void {
    this.#records.delete(ordeal.session);
    this.injector.left(ordeal);
  }

  /** How many connections are kept in mind, with those that knock: who goes through faults, and of whom something is written down. */
  get open(): { readonly ordeals: number; readonly records: number } {
    return { ordeals: this.injector.open(), records: this.#records.size };
  }

  /** Somebody asks over HTTP; `path`: below the exchange's root. */
  request(exchange: Exchange, key: string | undefined, path: string): RequestFaults {
    const afflictions = this.injector.request(exchange.name, path, key);
    const client = key === undefined ? undefined : labelOf(key);
    return faultsOfRequest(afflictions, (asked) => {
      this.journal.write({ kind: 'asked', exchange: exchange.name, client, ...asked });
      if (client !== undefined) this.ledger.fetched(exchange.name, client, asked.covers);
    });
  }

  fault({ step, name, phase, session, tape, from }: Omit<FaultLine, 'times' | 'to'>): void {
    const isNew = this.faults.write({ step, name, phase, session, tape, from });
    if (isNew) this.journal.write({ kind: 'fault', step, name, phase, ...(session === undefined ? {} : { session }) });
  }

  lost(session: number, place: Place, step: string): void {
    this.ledger.lost(session, place, `of step ${step}`);
    this.#records.get(session)?.lost(place.sequence, step);
  }

  found(session: number, place: Place): void {
    this.ledger.found(session, place);
  }

  /** What could not be remembered of the run because its memory is bounded, in sentences without a full stop. */
  get beyond(): readonly string[] {
    const { left } = this.faults;
    const lines = left === 0 ? [] : [`${count(left, 'line')} of the log of faults had no room`];
    return [...this.ledger.beyond, ...this.injector.beyond(), ...lines];
  }

  /** The deck was told something. */
  moved(): void {
    const { phase, speed, pass } = this.#options.deck;
    this.journal.write({ kind: 'deck', phase, speed, pass });
    this.injector.agenda.rearm();
  }

  /** The tape is over. */
  ended(): void {
    this.moved();
    this.injector.agenda.ended();
  }

  [Symbol.dispose](): void {
    this.injector[Symbol.dispose]();
  }
}
