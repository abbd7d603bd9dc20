import type { Clock } from '../market/clock.ts';
import type { Nanos } from '../market/event.ts';
import type { Line } from './line.ts';
import type { Log } from './log.ts';
import type { DeckPhase, Speed } from './deck-options.ts';
import type { Credentials, Exchange, History, Refusal, Stream, Wire } from './exchanges/exchange.ts';
import type { Membership } from './fan-out.ts';
import type { Interest } from './group.ts';
import { TapeHistory } from './history/tape-history.ts';
import { type Allowance, Keys } from './keys.ts';
import { noRequestFaults, type RequestFaults } from './request-faults.ts';
import type { Scenario } from './scenario/schema.ts';
import type { Host } from './host.ts';
import { Session } from './session.ts';
import { Broadcast, type BroadcastOptions } from './broadcast.ts';
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
}

/** A connection that has been upgraded and waits for its session. */
export interface Arrival {
  readonly exchange: Exchange;
  readonly stream: Stream;
  readonly wire: Wire;
  readonly credentials: Credentials | undefined;
  readonly deflate: boolean;
  readonly line: Line;
}

/** One loaded scenario that plays: its decks, its keys and its sessions. Runs never meet. */
export class Run implements AsyncDisposable {
  readonly scenario: Scenario;
  readonly #options: RunOptions;
  readonly #keys: Keys;
  readonly #sessions = new Set<Session>();
  /** The deck without lag drives; lagging ones follow its commands. */
  readonly #main: Broadcast;
  readonly #lagging = new Map<Nanos, Broadcast>();
  readonly #house = new Map<Stream, Broadcast>();
  readonly #histories = new Map<Exchange, History>();
  #lastSession = 0;

  constructor(options: RunOptions) {
    this.scenario = options.scenario;
    this.#options = options;
    this.#keys = new Keys(options.scenario.keys, options.scenario.limits, options.exchanges, options.clock);
    this.#main = this.#playTape(0n, options.scenario.replay.startAt);
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

  get status(): RunStatus {
    const { phase, speed, pass, position } = this.#main.deck;
    return { phase, speed, pass, position, sessions: this.#sessions.size };
  }

  /** What the deck has played so far, as an exchange tells it. */
  historyOf(exchange: Exchange): History {
    const known = this.#histories.get(exchange);
    if (known !== undefined) return known;
    const { timeline, clock } = this.#options;
    const { startAt, timestamps } = this.scenario.replay;
    const { deck } = this.#main;
    const history = new TapeHistory({ timeline, exchange: exchange.name, deck, startAt, timestamps, clock });
    this.#histories.set(exchange, history);
    return history;
  }

  /** What goes wrong with a request below an exchange's root; `key` is absent when none was shown, or no good one. */
  requestFaults(_exchange: Exchange, _key: string | undefined, _path: string): RequestFaults {
    return noRequestFaults;
  }

  /** What a key may ask over HTTP; absent when it is not good. */
  access(credentials: Credentials, exchange: Exchange): Allowance | undefined {
    return this.#keys.access(credentials, exchange);
  }

  /** Why a key may not open a stream, where it is shown with the upgrade. */
  objection(credentials: Credentials | undefined, exchange: Exchange, stream: Stream): Refusal | undefined {
    return this.#keys.objection(credentials, exchange, stream);
  }

  accept({ exchange, stream, wire, credentials, deflate, line }: Arrival): void {
    let joined: Broadcast | undefined;
    const host: Host = {
      clock: this.#options.clock,
      keys: this.#keys,
      log: this.#options.log,
      outbox: this.scenario.limits.outbox,
      heldSymbols: this.scenario.limits.heldSymbols,
      marketOf: (symbol, markets) => this.#options.timeline.marketOf(symbol, markets),
      // Not before the first subscription: a broadcast of its own costs something, and anybody can connect.
      join: (interest: Interest): Membership => (joined ??= this.#broadcastOf(stream)).join(session, interest),
      subscribed: () => {
        if (joined?.deck.phase === 'ended' && this.scenario.replay.atEnd === 'close') {
          this.#options.log.warn({ session: session.id }, 'the tape has ended; a late client is sent away');
          session.end();
        }
        // A house tape is on the air anyway; who listens to it does not start the scenario's.
        if (stream.house === undefined) this.#start('subscribed');
      },
      left: () => {
        joined?.left(session);
        this.#sessions.delete(session);
        const { id, delivered, dropped } = session;
        this.#options.log.info({ session: id, delivered, dropped }, 'session ended');
      },
    };
    const session: Session = new Session(++this.#lastSession, exchange, stream, wire, line, deflate, host);
    this.#sessions.add(session);
    line.listen(session);
    this.#options.log.info({ session: session.id, stream: stream.path, encoding: wire.encoder.name }, 'session opened');
    session.open(credentials);
    this.#start('connected');
  }

  /** Starts, or goes on after a pause. */
  play(): void {
    for (const { deck } of this.#tapes()) deck.play();
  }

  pause(): void {
    for (const { deck } of this.#tapes()) deck.pause();
  }

  /** Moves the needle to a market instant. Throws a RangeError for what is no instant that a tape could hold. */
  seek(at: Nanos): void {
    if (typeof at !== 'bigint' || BigInt.asIntN(64, at) !== at) {
      throw new RangeError(
        `${String(at)} is not an instant; use nanoseconds since 1970 as a bigint, such as 1782912600000000000n`,
      );
    }
    const { deck: main } = this.#main;
    main.seek(at);
    for (const [lag, { deck }] of this.#lagging) {
      const { startAt, wait } = this.#behind(at, lag);
      deck.seek(startAt, wait, main.pass);
    }
  }

  /** Throws a RangeError for a speed that no scenario could ask for. */
  setSpeed(speed: Speed): void {
    if (speed !== 'max' && !(speed >= slowest && speed <= fastest)) {
      throw new RangeError(`${speed} is not a speed; use ${slowest} to ${fastest}, or max`);
    }
    for (const { deck } of this.#tapes()) deck.setSpeed(speed);
  }

  /** While not playing: one event, or up to and including the next bar. Throws a RangeError for any other word. */
  step(what: 'event' | 'bar'): void {
    if (what !== 'event' && what !== 'bar') throw new RangeError(`${String(what)} is not a step; use event or bar`);
    for (const { deck } of this.#tapes()) deck.step(what);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const session of [...this.#sessions]) session.end();
    this.#keys[Symbol.dispose]();
    const broadcasts = [...this.#tapes(), ...this.#house.values()];
    await Promise.all(broadcasts.map((broadcast) => broadcast[Symbol.asyncDispose]()));
  }

  #tapes(): Broadcast[] {
    return [this.#main, ...this.#lagging.values()];
  }

  #broadcastOf(stream: Stream): Broadcast {
    if (stream.house !== undefined) return this.#houseBroadcast(stream, stream.house);
    if (stream.lag === 0n) return this.#main;
    const known = this.#lagging.get(stream.lag);
    if (known !== undefined) return known;
    const broadcast = this.#follow(stream.lag);
    this.#lagging.set(stream.lag, broadcast);
    return broadcast;
  }

  /** The first connection or subscription starts the tape; later ones never resume what was paused. */
  #start(on: Scenario['replay']['startOn']): void {
    if (this.scenario.replay.startOn === on && this.#main.deck.phase === 'waiting') this.play();
  }

  /** Where a deck `lag` behind stands while the main one is at `position`: there was nothing yet before the start, so it waits there. */
  #behind(position: Nanos | undefined, lag: Nanos): { readonly startAt: Nanos; readonly wait: Nanos } {
    const start = this.scenario.replay.startAt ?? this.#options.timeline.from;
    if (position === undefined) return { startAt: start, wait: lag };
    const startAt = position - lag < start ? start : position - lag;
    return { startAt, wait: startAt + lag - position };
  }

  /** A deck that plays what the main one played `lag` ago. */
  #follow(lag: Nanos): Broadcast {
    const { phase, speed, pass, position } = this.#main.deck;
    const { startAt, wait } = this.#behind(position, lag);
    const broadcast = this.#playTape(wait, startAt, lag, pass);
    broadcast.deck.setSpeed(speed);
    if (phase === 'playing' || phase === 'ended') broadcast.deck.play(position && position - lag);
    return broadcast;
  }

  /** `behind`: how far behind the main deck; `pass`: which one it begins with. */
  #playTape(lag: Nanos, startAt: Nanos | undefined, behind = 0n, pass = 1): Broadcast {
    const { mode, loopCount, speed, timestamps, maxIdle, atEnd } = this.scenario.replay;
    const loops = loopCount === -1 ? Infinity : loopCount;
    const broadcast: Broadcast = new Broadcast(this.#options.timeline, {
      ...this.#common(),
      speed,
      timestamps,
      maxIdle,
      passes: mode === 'loop' ? loops : 1,
      pass,
      startAt,
      lag,
      behind,
      ended: () => {
        this.#options.log.info('the tape has ended');
        if (atEnd === 'close') broadcast.end();
      },
      // A client of a broken tape would wait for ever, and take the silence for a quiet market.
      failed: (error) => {
        this.#options.log.error({ err: error }, 'the tape broke; its deck has stopped and its sessions end');
        broadcast.end();
      },
    });
    return broadcast;
  }

  #houseBroadcast(stream: Stream, house: NonNullable<Stream['house']>): Broadcast {
    const known = this.#house.get(stream);
    if (known !== undefined) return known;
    const from = this.#options.clock.now();
    const reel = { from, pages: (at: Nanos, signal: AbortSignal) => house.pages({ from: at }, signal) };
    const broadcast = new Broadcast(reel, {
      ...this.#common(),
      speed: 1,
      timestamps: 'original',
      maxIdle: undefined,
      passes: 1,
      startAt: undefined,
      lag: 0n,
      live: true,
      ended: () => undefined,
      failed: (error) => this.#options.log.error({ err: error }, 'a house tape broke'),
    });
    this.#house.set(stream, broadcast);
    broadcast.deck.play();
    return broadcast;
  }

  #common(): Pick<BroadcastOptions, 'clock' | 'pacing' | 'window' | 'backpressure' | 'outbox' | 'stall'> {
    const { clock, pacing, scenario } = this.#options;
    const { frameWindow, backpressure } = scenario.replay;
    return {
      clock,
      pacing,
      window: frameWindow === 0n ? 1n : frameWindow,
      backpressure,
      outbox: scenario.limits.outbox,
      stall: scenario.limits.stall,
    };
  }
}
