import { newYorkStockExchange } from '../market/calendars.ts';
import type { Clock } from '../market/clock.ts';
import type { Nanos } from '../market/event.ts';
import { day, floorTo } from '../market/nanos.ts';
import { nextMoment } from './injection/market-moments.ts';
import { parseMarketMoment } from './scenario/market-moment.ts';
import type { Log } from './log.ts';
import type { DeckPhase, Speed } from './deck/deck-options.ts';
import type { Credentials, Exchange, History, Refusal, Stream } from './exchanges/exchange.ts';
import { Decks } from './deck/decks.ts';
import { Chronicle, type Visitor } from './chronicle.ts';
import { injectionFor } from './injection-by-hand.ts';
import { TapeHistory } from './history/tape-history.ts';
import { type Allowance, Keys } from './keys.ts';
import type { LiveFault } from './live-faults.ts';
import type { RequestFaults } from './http/request-faults.ts';
import type { InjectionInput } from './scenario/injection-now.ts';
import type { Scenario } from './scenario/schema.ts';
import type { Session } from './session.ts';
import { type Arrival, visit } from './session/visit.ts';
import type { Page, Selection } from './sources/source.ts';
import type { Timeline } from './timeline.ts';

/** The speeds a scenario may ask for. */
const slowest = 0.1;
const fastest = 1000;

export interface RunOptions {
  readonly scenario: Scenario;
  readonly exchanges: readonly Exchange[];
  readonly timeline: Timeline;
  readonly clock: Clock;
  /** Decides when events are due; the same as `clock` unless pacing is precise. */
  readonly pacing: Clock;
  readonly log: Log;
}

/** Where a run stands. */
export interface RunStatus {
  readonly phase: DeckPhase;
  readonly speed: Speed;
  readonly pass: number;
  /** Market time under the needle. */
  readonly position: Nanos | undefined;
  readonly sessions: number;
  /** How much tape time ago the next event was due: nothing while the tape keeps up with the clock. */
  readonly overdue: Nanos;
}

/** One loaded scenario that plays: its decks, its keys and its sessions. Runs never meet. */
export class Run implements AsyncDisposable {
  readonly scenario: Scenario;
  /** What goes wrong in it, and what is written down of it. */
  readonly chronicle: Chronicle;
  /** Who may log in; keys can come and go while it plays. */
  readonly keys: Keys;
  readonly #options: RunOptions;
  readonly #sessions = new Set<Session>();
  readonly #decks: Decks;
  /** Where the needle was put last: it is there until the next event. */
  #sought: Nanos | undefined;
  readonly #histories = new Map<Exchange, History>();

  constructor(options: RunOptions) {
    this.scenario = options.scenario;
    this.#options = options;
    this.keys = new Keys(options.scenario.keys, options.scenario.limits, options.exchanges, options.clock);
    this.#decks = new Decks({
      ...options,
      cue: {
        reach: (emission) => this.chronicle.injector.agenda.reach(emission),
        isDue: (rest) => this.chronicle.injector.agenda.isDue(rest),
      },
      ended: () => this.chronicle.ended(),
    });
    this.chronicle = new Chronicle({ ...options, deck: this.#decks.main.deck });
  }

  get exchanges(): readonly Exchange[] {
    return this.#options.exchanges;
  }

  /** Paths of the streams that answer, each by its first name. */
  get streams(): readonly string[] {
    const streams = this.exchanges.flatMap((exchange) => exchange.streams);
    return streams.filter(({ alias }) => alias === undefined).map(({ path }) => path);
  }

  get sessions(): Iterable<Session> {
    return this.#sessions;
  }

  /** Market time from the first event to the last, both inclusive. */
  get span(): { readonly from: Nanos; readonly to: Nanos } {
    const { from, to } = this.#options.timeline;
    return { from, to };
  }

  /** Symbols that may come, in their order, once per market. */
  get listed(): History['listed'] {
    return this.#options.timeline.listed;
  }

  /**
   * The instant that a text names: one with its zone, or a moment of the market (`09:31:00`, `open+5m`) on the day under the needle.
   * Absent when it names none.
   */
  instantOf(text: string): Nanos | undefined {
    const moment = parseMarketMoment(text);
    const calendar = newYorkStockExchange();
    const { zone } = calendar;
    const wall = zone.wall(this.status.position ?? this.span.from);
    return (
      moment && nextMoment(moment, moment.kind === 'instant' ? moment.at : zone.instant(floorTo(wall, day)), calendar)
    );
  }

  /** Wall time, by the run's clock. */
  get now(): Nanos {
    return this.#options.clock.now();
  }

  get status(): RunStatus {
    const { phase, speed, pass, position, elapsed, due } = this.#decks.main.deck;
    const isLate = phase === 'playing' && speed !== 'max' && due !== undefined && elapsed > due;
    const overdue = isLate ? elapsed - due : 0n;
    return { phase, speed, pass, position: position ?? this.#sought, sessions: this.#sessions.size, overdue };
  }

  /** What the tapes hold of a part, the future too, read apart from what plays. Ends early, without error, on abort. */
  read(part: Selection, signal: AbortSignal): AsyncIterable<Page> {
    const { timeline } = this.#options;
    return timeline.part(part, timeline.publisher ?? '', signal);
  }

  /** What the deck has played so far, as an exchange tells it. */
  historyOf(exchange: Exchange): History {
    const known = this.#histories.get(exchange);
    if (known !== undefined) return known;
    const { timeline, clock } = this.#options;
    const { startAt, timestamps } = this.scenario.replay;
    const { deck } = this.#decks.main;
    const history = new TapeHistory({ timeline, exchange: exchange.name, deck, startAt, timestamps, clock });
    this.#histories.set(exchange, history);
    return history;
  }

  /** What goes wrong with a request below an exchange's root; `key` is absent when none was shown, or no good one. */
  requestFaults(exchange: Exchange, key: string | undefined, path: string): RequestFaults {
    return this.chronicle.request(exchange, key, path);
  }

  /** What a key may ask over HTTP; absent when it is not good. */
  access(credentials: Credentials, exchange: Exchange): Allowance | undefined {
    return this.keys.access(credentials, exchange);
  }

  /** Why a key may not open a stream, where it is shown with the upgrade. */
  objection(credentials: Credentials | undefined, exchange: Exchange, stream: Stream): Refusal | undefined {
    return this.keys.objection(credentials, exchange, stream);
  }

  /** Somebody asks to be let in to a stream. */
  knock(exchange: Exchange, stream: Stream): Visitor {
    return this.chronicle.knock(exchange, stream);
  }

  /** Somebody who knocked was not let in. */
  turnedAway(visitor: Visitor): void {
    this.chronicle.left(visitor);
  }

  accept(arrival: Arrival): void {
    const { stream, wire, visitor } = arrival;
    const { clock, log, timeline } = this.#options;
    visit(arrival, {
      clock,
      log,
      keys: this.keys,
      outbox: this.scenario.limits.outbox,
      heldSymbols: this.scenario.limits.heldSymbols,
      ledger: this.chronicle.ledger,
      marketOf: (symbol, markets) => timeline.marketOf(symbol, markets),
      broadcastOf: (of) => this.#decks.of(of),
      opened: (opened) => {
        this.#sessions.add(opened);
        log.info({ session: opened.id, stream: stream.path, encoding: wire.encoder.name }, 'session opened');
      },
      subscribed: (one, broadcast) => {
        if (broadcast?.deck.phase === 'ended' && this.scenario.replay.atEnd === 'close') {
          log.warn({ session: one.id }, 'the tape has ended; a late client is sent away');
          one.end();
        }
        // A house tape is on the air anyway; who listens to it does not start the scenario's.
        if (stream.house === undefined) this.#start('subscribed');
      },
      left: (one) => {
        this.#sessions.delete(one);
        this.chronicle.left(visitor);
        const { id, delivered, dropped } = one;
        log.info({ session: id, delivered, dropped }, 'session ended');
      },
    });
    this.#start('connected');
  }

  /** Starts, or goes on after a pause. */
  play(): void {
    for (const { deck } of this.#decks.tapes) deck.play();
    this.chronicle.moved();
  }

  pause(): void {
    for (const { deck } of this.#decks.tapes) deck.pause();
    this.chronicle.moved();
  }

  /** Moves the needle to a market instant. Throws a RangeError for what is no instant that a tape could hold. */
  seek(at: Nanos): void {
    if (typeof at !== 'bigint' || BigInt.asIntN(64, at) !== at) {
      throw new RangeError(
        `${String(at)} is not an instant; use nanoseconds since 1970 as a bigint, such as 1782912600000000000n`,
      );
    }
    this.#sought = at;
    this.#decks.seek(at);
    this.chronicle.moved();
  }

  /** Throws a RangeError for a speed that no scenario could ask for. */
  setSpeed(speed: Speed): void {
    if (speed !== 'max' && !(speed >= slowest && speed <= fastest)) {
      throw new RangeError(`${speed} is not a speed; use ${slowest} to ${fastest}, or max`);
    }
    for (const { deck } of this.#decks.tapes) deck.setSpeed(speed);
    this.chronicle.moved();
  }

  /** While not playing: one event, or up to and including the next bar. Throws a RangeError for any other word. */
  step(what: 'event' | 'bar'): void {
    if (what !== 'event' && what !== 'bar') throw new RangeError(`${String(what)} is not a step; use event or bar`);
    for (const { deck } of this.#decks.tapes) deck.step(what);
  }

  /** What goes wrong now, by the scenario and by hand, in the order of its beginning. */
  get liveFaults(): readonly LiveFault[] {
    return this.chronicle.live.all;
  }

  /**
   * Makes something go wrong now, for so long: `{ inject: { mute: {} }, for: '30s' }`, in real time unless told otherwise. Throws a
   * `ScenarioError` for what could not be a step here, and an `InjectionError` for an id that is taken.
   */
  async inject(input: InjectionInput): Promise<LiveFault> {
    return this.chronicle.live.begin(await injectionFor(input, this));
  }

  /** Ends what is live under an id, the scenario's own too. False when nothing is. */
  lift(id: string): boolean {
    return this.chronicle.live.lift(id);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const session of [...this.#sessions]) session.end();
    this.keys[Symbol.dispose]();
    this.chronicle[Symbol.dispose]();
    await this.#decks[Symbol.asyncDispose]();
  }

  /** The first connection or subscription starts the tape; later ones never resume what was paused. */
  #start(on: Scenario['replay']['startOn']): void {
    if (this.scenario.replay.startOn === on && this.#decks.main.deck.phase === 'waiting') this.play();
  }
}
