import type { MarketEvent, Nanos } from '../market/event.ts';
import { floorTo, milli, second } from '../market/nanos.ts';
import { ReplayClock } from '../market/replay-clock.ts';
import { Bell } from './deck/bell.ts';
import type { DeckOptions, DeckPhase, Speed } from './deck/deck-options.ts';
import { isEcho } from './deck/echo.ts';
import { Preparation } from './deck/preparation.ts';
import { Progress } from './deck/progress.ts';
import { ReadAhead } from './deck/read-ahead.ts';
import type { Reel } from './deck/reel.ts';
import type { Page } from './sources/source.ts';
import { endOfWindow, wholeWindows } from './deck/window.ts';

/** Market time between the last event of one loop and the first of the next. */
const loopPause: Nanos = second;
/** A wait longer than this leaves time to prepare what comes. */
const spareTime: Nanos = 3n * milli;

/**
 * Plays a reel on a clock.
 *
 * waiting: nothing has played yet; `play` starts. playing: events leave when they are due; `pause` holds the needle. paused:
 * nothing leaves but what is stepped; `play` goes on from there. ended: all passes are over; `seek` plays on from elsewhere.
 * broken: the tape failed; nothing revives it. In every phase `seek` moves the needle and `setSpeed` changes the pace; no event
 * is lost or repeated but by a seek.
 */
export class Deck implements AsyncDisposable {
  readonly #reel: Reel;
  readonly #options: DeckOptions;
  /** What it has played so far. */
  readonly progress: Progress;
  readonly #running: Promise<void>;
  #closed = false;
  #phase: DeckPhase = 'waiting';
  #speed: Speed;
  #pass: number;
  /** Market instant at which the needle was put, and how much market time later the first event from there is due. */
  #start: Nanos;
  #lag: Nanos;
  #steps: ('event' | 'bar')[] = [];
  #pages: ReadAhead;
  #page: Page = [];
  #index = 0;
  readonly #preparation = new Preparation();
  /** Absent until the first event is at hand, and again whenever the next event is to be due at once. */
  #replay: ReplayClock | undefined;
  /** Market instant reached: of the last event, or the end of a silence that was cut. Absent after a seek. */
  #reached: Nanos | undefined;
  /** Set at the end of a pass: the wall instant from which the next one runs, and how long before its first event that is. */
  #nextPass: { readonly wall: Nanos; readonly toGo: Nanos } | undefined;
  /** Rung by every command. */
  readonly #bell = new Bell();

  constructor(reel: Reel, options: DeckOptions) {
    this.#reel = reel;
    this.#options = options;
    this.#speed = options.speed;
    this.#pass = options.pass ?? 1;
    this.#start = options.startAt ?? reel.from;
    this.#lag = options.lag;
    this.progress = new Progress(reel, { ...options, start: this.#start, pass: this.#pass });
    this.#pages = this.#open();
    this.#running = this.#run().catch((error: unknown) => {
      this.#phase = 'broken';
      options.failed(error);
    });
  }

  get phase(): DeckPhase {
    return this.#phase;
  }

  get speed(): Speed {
    return this.#speed;
  }

  /** 1 for the first time through. */
  get pass(): number {
    return this.#pass;
  }

  /** Market time under the needle. Absent before the first event. */
  get position(): Nanos | undefined {
    if (this.#phase !== 'playing' || this.#speed === 'max') return this.#reached;
    const now = this.#needle();
    return now !== undefined && this.#reached !== undefined && now > this.#reached ? now : this.#reached;
  }

  /** Tape time: how long the tape has played at speed 1. At `max` it stands still between two events. */
  get elapsed(): Nanos {
    return this.progress.elapsed(this.#speed === 'max' ? undefined : this.#needle());
  }

  /** Tape time at which the next event is due; `undefined` while that is unknown, and when there is none. */
  get due(): Nanos | undefined {
    const next = this.#page[this.#index];
    return next && this.progress.due(next);
  }

  /** `needle`: the market instant to play from as of now, for a deck that follows another; its tape may open later, and catches up. */
  play(needle = this.#needle()): void {
    if (this.#phase !== 'waiting' && this.#phase !== 'paused') return;
    this.#phase = 'playing';
    // What was to be stepped is played now; it must not be stepped again after a pause.
    this.#steps = [];
    this.#playFrom(needle);
  }

  pause(): void {
    if (this.#phase !== 'playing') return;
    const needle = this.#needle();
    this.#phase = 'paused';
    this.#playFrom(needle);
  }

  /** Plays on at another pace, from where the needle is. */
  setSpeed(speed: Speed): void {
    const needle = this.#needle();
    this.#speed = speed;
    this.#playFrom(needle);
  }

  /**
   * Moves the needle: the next event is the first at or after `at`, due so much market time later, or from when `needle` is now. Keeps
   * the phase; an ended deck plays again. `pass`: of which pass it is from now on.
   */
  seek(at: Nanos, lag: Nanos = 0n, pass = this.#pass, needle?: Nanos): void {
    if (this.#phase === 'broken') return;
    if (this.#phase === 'ended') this.#phase = 'playing';
    this.#lag = lag;
    this.#pass = pass;
    this.#rewind(at, lag);
    this.#reached = undefined;
    this.#playFrom(needle);
  }

  /** While not playing: emits the next event, or everything up to and including the next bar. */
  step(what: 'event' | 'bar'): void {
    if (this.#phase === 'waiting') this.#phase = 'paused';
    if (this.#phase !== 'paused') return;
    this.#steps.push(what);
    this.#bell.ring();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    this.#bell.ring();
    await this.#pages.close();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#closed) {
      const { rings } = this.#bell;
      if (this.#phase !== 'playing' && this.#steps.length === 0) await this.#bell.wait(rings);
      else if (this.#index === this.#page.length) await this.#turnPage();
      else if (this.#phase !== 'playing') this.#takeStep();
      else if (this.#speed === 'max') await this.#rush();
      else await this.#pace(rings);
    }
  }

  async #turnPage(): Promise<void> {
    const pages = this.#pages;
    const next = await pages.next();
    // A seek while reading has opened other pages; these are no longer wanted.
    if (this.#closed || pages !== this.#pages) return;
    if (next === undefined) return await this.#turnOver();
    this.#page = next;
    this.#index = 0;
  }

  /** A burst of whole windows a turn of the event loop, as fast as the receivers take it. */
  async #rush(): Promise<void> {
    const pressure = this.#options.pressure();
    if (pressure !== undefined) return await pressure;
    this.#cutSilence();
    const most = this.#options.burst?.() ?? Infinity;
    const to = wholeWindows(this.#page, this.#index + most, this.#options.window);
    this.#emit(this.progress.unbroken(this.#page, this.#index, to));
    await this.#options.clock.turn();
  }

  /** Emits what is due, then waits for what is next. */
  async #pace(rings: number): Promise<void> {
    const { clock, window } = this.#options;
    const due = floorTo(this.#replaying().now(), window);
    let to = this.#index;
    for (let event = this.#page[to]; event !== undefined && event.at <= due; event = this.#page[to]) to++;
    if (to > this.#index) this.#emit(this.progress.unbroken(this.#page, this.#index, to));
    const coming = this.#page[this.#index];
    if (coming === undefined) return await clock.turn();
    const next = this.#replaying();
    const over = endOfWindow(coming.at, window);
    if (next.until(over) > spareTime) this.#prepare();
    await this.#bell.wait(rings, (call) => next.wake(over, call));
  }

  /** Has a few more of the events to come made ready. */
  #prepare(): void {
    const portion = this.progress.preview(this.#page, this.#index, () =>
      this.#preparation.advance(this.#page, this.#index, this.#options.window),
    );
    if (portion !== undefined) this.#options.prepare?.(portion);
  }

  #takeStep(): void {
    let at = this.#index;
    while (isEcho(this.#page[at], this.#reel.publisher)) at++;
    const next = this.#page[at];
    this.#emit(Math.min(at + 1, this.#page.length));
    if (next?.kind === 'bar' || (next !== undefined && this.#steps[0] === 'event')) this.#steps.shift();
    this.#playFrom(this.#reached);
  }

  #emit(to: number): void {
    const { clock, behind = 0n } = this.#options;
    const emission = this.progress.emission(this.#page, this.#index, to, clock.now() - behind);
    if (emission === undefined) return;
    this.#index = to;
    this.#reached = this.#page[to - 1]?.at;
    this.#options.emit(emission);
  }

  /** The end of a pass: the next one, or the end. */
  async #turnOver(): Promise<void> {
    // A tape without bars would be stepped through for ever.
    this.#steps = this.#steps.filter((what) => what === 'event');
    const empty = this.#reached === undefined && this.#start <= this.#reel.from;
    if (this.#pass >= this.#options.passes || empty) {
      this.#steps = [];
      this.#phase = 'ended';
      return this.#options.ended();
    }
    this.#pass++;
    if (this.#reached !== undefined && this.#speed !== 'max') {
      const replay = this.#replay ?? this.#from(this.#options.clock.now(), this.#reached + loopPause, this.#speed);
      const toGo = this.#phase === 'playing' ? replay.market - this.#reached - loopPause : 0n;
      // The wall instant stays: were it computed anew, its rounding would add up over the passes.
      this.#nextPass = { wall: replay.wall, toGo };
    }
    this.#replay = undefined;
    this.#rewind(this.#reel.from, loopPause);
    await this.#options.clock.turn();
  }

  #rewind(to: Nanos, pause: Nanos): void {
    void this.#pages.close();
    this.#start = to;
    this.#pages = this.#open();
    this.#page = [];
    this.#index = 0;
    this.progress.move(to, this.#pass, pause);
  }

  #open(): ReadAhead {
    const turn = (): Promise<void> => this.#options.clock.turn();
    return new ReadAhead((signal) => this.#reel.pages(this.#start, signal), turn);
  }

  /** The clock for the event under the needle: set when it is to be due at once, moved on over a silence too long. */
  #replaying(): ReplayClock {
    const { clock, live = false } = this.#options;
    const speed = this.#speed === 'max' ? 1 : this.#speed;
    const next: MarketEvent | undefined = this.#page[this.#index];
    const at = next?.at ?? this.#reel.from;
    const { wall, toGo } = this.#nextPass ?? { wall: clock.now(), toGo: this.#reached === undefined ? -this.#lag : 0n };
    // Only a start waits for the lag; afterwards the deck is behind already.
    let replay = (this.#replay ??= this.#from(wall, live ? wall : at + toGo, speed));
    this.#nextPass = undefined;
    const cut = this.#cutSilence();
    if (cut > 0n) replay = this.#replay = this.#from(replay.wall, replay.market + cut, speed);
    return replay;
  }

  /** Leaves out what is too long of the silence before the event under the needle. Returns how much. */
  #cutSilence(): Nanos {
    const cut = this.progress.cut(this.#page[this.#index], this.#reached);
    if (cut > 0n && this.#reached !== undefined) this.#reached += cut;
    return cut;
  }

  /** Market time now; stands still unless playing. */
  #needle(): Nanos | undefined {
    return this.#phase === 'playing' ? this.#replay?.now() : this.#replay?.market;
  }

  /** Plays on from `market` as of now; from whatever event comes next when that is unknown or time does not count. */
  #playFrom(market: Nanos | undefined): void {
    const speed = this.#speed;
    const known = market !== undefined && speed !== 'max';
    this.#replay = known ? this.#from(this.#options.clock.now(), market, speed) : undefined;
    this.#nextPass = undefined;
    this.#bell.ring();
  }

  #from(wall: Nanos, market: Nanos, speed: number): ReplayClock {
    return new ReplayClock(this.#options.clock, wall, market, speed);
  }
}
