import type { Clock } from '../../market/clock.ts';
import type { Nanos } from '../../market/event.ts';
import { Broadcast, type BroadcastOptions, type Cue } from '../fan-out/broadcast.ts';
import type { Stream } from '../exchanges/exchange.ts';
import type { Log } from '../log.ts';
import type { Scenario } from '../scenario/schema.ts';
import type { Timeline } from '../timeline.ts';

export interface DecksOptions {
  readonly scenario: Scenario;
  readonly timeline: Timeline;
  readonly clock: Clock;
  /** Decides when events are due; the same as `clock` unless pacing is precise. */
  readonly pacing: Clock;
  readonly log: Log;
  /** Of the main deck. */
  readonly cue: Cue;
  /** The main deck has played all its passes. */
  ended(): void;
}

/** The decks of a run: the main one drives, those of delayed feeds follow its commands, and those of house tapes play on their own. */
export class Decks implements AsyncDisposable {
  readonly main: Broadcast;
  readonly #options: DecksOptions;
  readonly #lagging = new Map<Nanos, Broadcast>();
  readonly #house = new Map<Stream, Broadcast>();

  constructor(options: DecksOptions) {
    this.#options = options;
    this.main = this.#playTape(0n, options.scenario.replay.startAt);
  }

  /** Those that play the scenario's tape. */
  get tapes(): readonly Broadcast[] {
    return [this.main, ...this.#lagging.values()];
  }

  /** The one that plays for a stream. */
  of(stream: Stream): Broadcast {
    if (stream.house !== undefined) return this.#houseBroadcast(stream, stream.house);
    if (stream.lag === 0n) return this.main;
    const known = this.#lagging.get(stream.lag);
    if (known !== undefined) return known;
    const broadcast = this.#follow(stream.lag);
    this.#lagging.set(stream.lag, broadcast);
    return broadcast;
  }

  seek(at: Nanos): void {
    const { deck: main } = this.main;
    main.seek(at);
    for (const [lag, { deck }] of this.#lagging) {
      const { startAt, wait } = this.#behind(at, lag);
      deck.seek(startAt, wait, main.pass, at - lag);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const broadcasts = [...this.tapes, ...this.#house.values()];
    await Promise.all(broadcasts.map((broadcast) => broadcast[Symbol.asyncDispose]()));
  }

  /** Where a deck `lag` behind stands while the main one is at `position`: there was nothing yet before the start, so it waits there. */
  #behind(position: Nanos | undefined, lag: Nanos): { readonly startAt: Nanos; readonly wait: Nanos } {
    const start = this.#options.scenario.replay.startAt ?? this.#options.timeline.from;
    if (position === undefined) return { startAt: start, wait: lag };
    const startAt = position - lag < start ? start : position - lag;
    return { startAt, wait: startAt + lag - position };
  }

  /** A deck that plays what the main one played `lag` ago. */
  #follow(lag: Nanos): Broadcast {
    const { phase, speed, pass, position } = this.main.deck;
    const { startAt, wait } = this.#behind(position, lag);
    const broadcast = this.#playTape(wait, startAt, lag, pass);
    broadcast.deck.setSpeed(speed);
    if (phase === 'playing' || phase === 'ended') broadcast.deck.play(position && position - lag);
    return broadcast;
  }

  /** `behind`: how far behind the main deck; `pass`: which one it begins with. */
  #playTape(lag: Nanos, startAt: Nanos | undefined, behind = 0n, pass = 1): Broadcast {
    const { mode, loopCount, speed, timestamps, maxIdle, atEnd } = this.#options.scenario.replay;
    const loops = loopCount === -1 ? Infinity : loopCount;
    // Faults are timed by the deck without lag.
    const leads = behind === 0n;
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
      ...(leads ? { cue: this.#options.cue } : {}),
      ended: () => {
        this.#options.log.info('the tape has ended');
        if (leads) this.#options.ended();
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
