/**
 * A connection to a vendor that comes back whatever happens to it. It only obeys: what to do is decided by `conversation`, what a frame says
 * by the feed, whether silence is natural by `staleness`. Whoever takes its batches may ask for patience, and the socket is not read meanwhile.
 */

import type { Cancel } from '../market/clock.ts';
import type { MarketEvent, Nanos } from '../market/event.ts';
import { Deadlines } from './connection/deadlines.ts';
import { Discretion } from './connection/discretion.ts';
import type { ConnectionOptions, ConnectionState } from './connection/face.ts';
import { Socket } from './connection/socket.ts';
import { conversation, type Conversation, type Input, next, type Order } from './conversation.ts';
import { type Notice, nothing, type Wants } from './feeds/feed.ts';
import { usualHours } from './market-hours.ts';
import { retryAfter } from './retry-after.ts';
import { Watch } from './staleness.ts';

export type { ConnectionListener, ConnectionOptions, ConnectionState } from './connection/face.ts';

/** Holds at most one live socket at a time. Dispose of it to end it in good order. */
export class Connection implements AsyncDisposable {
  readonly #options: ConnectionOptions;
  readonly #watch: Watch;
  readonly #discretion: Discretion;
  readonly #deadlines: Deadlines;
  readonly #left: Promise<void>;
  #leave: () => void = () => undefined;
  /** What is still to be decided: a listener may want something else in the middle of a decision. */
  readonly #inputs: Input[] = [];
  #isDeciding = false;
  #talk: Conversation;
  #socket: Socket | undefined;
  #stopLooking: Cancel | undefined;
  /** Somebody's request for patience, and what the socket said meanwhile: at most what one read of it held. */
  #patience: Promise<void> | undefined;
  #postponed: (() => void)[] = [];
  #lastDataAt: Nanos | undefined;
  #frames = 0;
  #events = 0;
  #unreadable = 0;

  /** Throws a RangeError when there is no key. Nothing is dialled before `start`. */
  constructor(options: ConnectionOptions) {
    const { feed, keys, wants = nothing, settings, clock, hours = usualHours() } = options;
    this.#options = options;
    this.#watch = new Watch(settings.staleness, hours, feed.market);
    this.#discretion = new Discretion(keys);
    this.#deadlines = new Deadlines(clock, (deadline) => this.#decide({ kind: 'due', deadline }));
    this.#left = new Promise((resolve) => (this.#leave = resolve));
    this.#talk = conversation(keys, wants, clock.now());
  }

  start(): void {
    this.#decide({ kind: 'start' });
    if (this.#stopLooking === undefined) this.#look();
  }

  /** Changes what it subscribes to, at once where it is connected. */
  want(wants: Wants): void {
    this.#decide({ kind: 'wanted', wants });
  }

  /** Goes on with the next key: what is not sent in between is reported as lost. */
  rotate(): void {
    this.#decide({ kind: 'rotate' });
  }

  get state(): ConnectionState {
    const { stage, since, ring, attempts, failures, subscriptions } = this.#talk;
    return {
      phase: stage.phase,
      since,
      dialsAt: this.#deadlines.at('dial'),
      attempts,
      failures,
      key: 'key' in stage ? ring[stage.key]?.label : undefined,
      keys: ring,
      held: subscriptions.held,
      denied: subscriptions.denials,
      lastDataAt: this.#lastDataAt,
      frames: this.#frames,
      events: this.#events,
      unreadable: this.#unreadable,
    };
  }

  /** Says goodbye to the vendor, and waits for whoever has asked for patience. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopLooking?.();
    this.#decide({ kind: 'stop' });
    await this.#left;
    while (this.#patience !== undefined) await this.#patience;
  }

  #decide(input: Input): void {
    this.#inputs.push(input);
    if (this.#isDeciding) return;
    this.#isDeciding = true;
    const { feed, keys, settings, clock, draw } = this.#options;
    for (let one = this.#inputs.shift(); one !== undefined; one = this.#inputs.shift()) {
      const context = { feed, keys, settings, now: clock.now(), draw: draw() };
      const { state, orders } = next(this.#talk, one, context);
      this.#talk = state;
      for (const order of orders) this.#obey(order);
    }
    this.#isDeciding = false;
  }

  #obey(order: Order): void {
    const { listener } = this.#options;
    switch (order.order) {
      case 'connect':
        return this.#dial(order.key);
      case 'send':
        return this.#socket?.send(order.message);
      case 'ping':
        return this.#socket?.ping();
      case 'close':
        // Their goodbye must be heard.
        this.#socket?.resume();
        return this.#socket?.close();
      case 'drop':
        this.#socket?.drop();
        this.#socket = undefined;
        return;
      case 'arm':
        return this.#deadlines.arm(order.deadline, order.at);
      case 'disarm':
        return this.#deadlines.disarm(order.deadline);
      case 'covered': {
        const { wants, at } = order;
        this.#watch.covered(wants, at);
        return listener.covered({ wants, at });
      }
      case 'lost': {
        const { wants, at, why } = order;
        this.#watch.lost(wants, why === 'unwanted');
        return listener.lost({ wants, at, why });
      }
      case 'report':
        return listener.reported(order.report);
      case 'left':
        return this.#leave();
    }
  }

  #dial(index: number): void {
    const { feed, keys, settings, clock, listener } = this.#options;
    const key = keys[index];
    if (key === undefined) throw new RangeError(`no key of number ${index}`);
    const says = (act: () => void): void => {
      const now = (): void => {
        if (socket === this.#socket && socket !== undefined) act();
      };
      if (this.#patience === undefined) now();
      else this.#postponed.push(now);
    };
    let socket: Socket | undefined;
    try {
      socket = new Socket(feed.address(key), settings, {
        opened: () => {
          if (this.#patience !== undefined) socket?.pause();
          says(() => this.#decide({ kind: 'opened' }));
        },
        refused: (status, header, body) =>
          says(() => {
            const { why, message } = feed.refusal(status, body);
            const told = retryAfter(header, clock.now());
            this.#decide({ kind: 'refused', status, why, message: this.#discretion.text(message), told });
          }),
        message: (frame) => {
          if (this.#patience === undefined) this.#read(frame, socket);
          else this.#postponed.push(() => this.#read(frame, socket));
        },
        pong: () => says(() => this.#decide({ kind: 'pong' })),
        closed: (code, reason) =>
          says(() => {
            this.#socket = undefined;
            this.#decide({ kind: 'closed', code, reason: this.#discretion.text(reason) });
          }),
        failed: (message) =>
          says(() => listener.reported({ kind: 'socket-error', message: this.#discretion.text(message) })),
      });
    } catch (error) {
      // No address, by the settings: it is told again and again, more and more rarely.
      this.#decide({ kind: 'closed', code: 1006, reason: this.#discretion.text(String(error)) });
    }
    this.#socket = socket;
  }

  /** Hears a frame. Data that a dropped socket had brought before its end is still data. On the hot path. */
  #read(frame: Buffer, from: Socket | undefined): void {
    const { feed, clock, listener, dataSource = feed.vendor } = this.#options;
    this.#frames++;
    const events: MarketEvent[] = [];
    const notices: Notice[] = [];
    feed.hear(frame, {
      event: (event) => void events.push(event),
      notice: (notice) => void notices.push(notice),
    });
    const { proven, subscriptions } = this.#talk;
    const isTelling = notices.length > 0 || (events.length > 0 && (!proven || subscriptions.asking !== undefined));
    if (isTelling && from === this.#socket) this.#hear(notices, events);
    if (events.length === 0) return;
    const heardAt = clock.now();
    this.#events += events.length;
    this.#lastDataAt = heardAt;
    this.#watch.heard(events, heardAt);
    const patience = listener.batch({ events, dataSource, origin: 'stream', heardAt });
    if (patience !== undefined) this.#beQuiet(patience);
  }

  #hear(notices: readonly Notice[], events: readonly MarketEvent[]): void {
    for (const { kind } of notices) if (kind === 'unreadable') this.#unreadable++;
    this.#decide({ kind: 'heard', notices: notices.map((notice) => this.#discretion.notice(notice)), events });
  }

  #beQuiet(patience: Promise<void>): void {
    this.#socket?.pause();
    this.#patience = this.#readAgain(patience);
    this.#decide({ kind: 'paused' });
  }

  /** Goes on once whoever asked for patience is done, beginning with what the socket said meanwhile. */
  async #readAgain(patience: Promise<void>): Promise<void> {
    await patience;
    this.#patience = undefined;
    const postponed = this.#postponed;
    this.#postponed = [];
    for (const [index, act] of postponed.entries()) {
      act();
      if (this.#patience === undefined) continue;
      this.#postponed.unshift(...postponed.slice(index + 1));
      return;
    }
    this.#socket?.resume();
    this.#decide({ kind: 'resumed' });
  }

  #look(): void {
    const { clock, settings } = this.#options;
    this.#stopLooking = clock.wake(clock.now() + settings.staleness.every, () => {
      const alarm = this.#patience === undefined ? this.#watch.look(clock.now()) : undefined;
      if (alarm !== undefined) this.#decide({ kind: 'mute', ...alarm });
      this.#look();
    });
  }
}
