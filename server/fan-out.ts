import type { Nanos } from '../market/event.ts';
import { Audience } from './fan-out/audience.ts';
import type { Encoder } from './exchanges/exchange.ts';
import type { Receiver, Interest } from './fan-out/group.ts';
import type { Emission, Portion } from './deck/reel.ts';
import { Solo, type Spoiler, type Times } from './fan-out/solo.ts';
import { Topics, type PageTopics } from './fan-out/topics.ts';
import { nextWindow } from './deck/window.ts';

/** A session's place among those who hear the same. */
export interface Membership {
  /** Moves the session to another group; what is due from now on follows the new interest. */
  change(interest: Interest): void;
  /** From the next frame on the session hears its own copy, spoilt by that, or again what its group hears. */
  spoil(spoiler: Spoiler | undefined): void;
  /** Its own copy, while it has one. */
  readonly solo: Solo | undefined;
  leave(): void;
}

/**
 * Brings what is due to every session that wants it. An event is encoded once per encoder and framed once per group, however
 * many sessions there are; pages that come again (later loops) are not encoded again.
 */
export class FanOut {
  readonly #window: Nanos;
  readonly #topics = new Topics();
  readonly #audiences = new Map<Encoder, Audience>();
  readonly #solos = new Map<Receiver, Solo>();
  /** Of what is on the air. What is told out of turn has those of what was last, but says when it is sent itself. */
  #times: Times = { shift: 0n, stampedAt: undefined };
  readonly #now: (() => Nanos) | undefined;
  /** Sessions that change places once what is on the air is out; absent while nothing is. */
  #moves: Map<Receiver, () => void> | undefined;

  /** Events of one window share a frame; the same window as the deck's. `now`: the present, where every event says when it is sent. */
  constructor(window: Nanos, now?: () => Nanos) {
    this.#window = window;
    this.#now = now;
    this.rest();
  }

  join(receiver: Receiver, encoder: Encoder, interest: Interest): Membership {
    const audience = this.#audienceOf(encoder);
    const solos = this.#solos;
    let wanted = interest;
    let spoiler: Spoiler | undefined;
    const place = (): void => {
      solos.get(receiver)?.leave();
      solos.delete(receiver);
      if (spoiler === undefined) return audience.place(receiver, wanted);
      audience.leave(receiver);
      if (wanted.subscriptions.empty) return;
      solos.set(receiver, new Solo(receiver, wanted, encoder, this.#topics, this.#window, spoiler, this.#times));
    };
    const move = (): void => {
      if (this.#moves === undefined) place();
      else this.#moves.set(receiver, place);
    };
    place();
    return {
      change: (next) => {
        wanted = next;
        move();
      },
      spoil: (next) => {
        spoiler = next;
        move();
      },
      get solo() {
        return solos.get(receiver);
      },
      leave: () => {
        this.#moves?.delete(receiver);
        solos.get(receiver)?.leave();
        solos.delete(receiver);
        audience.leave(receiver);
      },
    };
  }

  /** Encodes what will be published soon. */
  prepare(portion: Portion): void {
    const topics = this.#topics.ofPage(portion.page);
    for (const audience of this.#audiences.values()) audience.prepare(portion, topics);
  }

  /** From now on everything is told under the times of this emission. */
  date({ shift, stampedAt }: Times): void {
    this.#times = { shift, stampedAt };
    for (const solo of this.#solos.values()) solo.date(this.#times);
  }

  /** Nothing is on the air. */
  rest(): void {
    const [now, { shift }] = [this.#now, this.#times];
    if (now === undefined) return;
    this.#times = {
      shift,
      get stampedAt() {
        return now();
      },
    };
    for (const solo of this.#solos.values()) solo.date(this.#times);
  }

  /**
   * Lets those who have copies of their own hear what is due, up to where `isDue` says that something is to happen before the frame that
   * begins there. What one of them makes of an event may bring that about; so all of them hear an event before any hears the next, and
   * whom it strikes does not depend on how much is due at once. Returns up to where they came; `publish` must follow.
   */
  hear(emission: Emission, isDue: (from: number) => boolean): number {
    if (this.#solos.size === 0) return emission.to;
    const { page, from, to, sequence, origin } = emission;
    const { ids } = this.#topics.ofPage(page);
    const solos = [...this.#solos.values()];
    this.#moves = new Map();
    for (const solo of solos) solo.begin(from);
    for (let start = from; start < to;) {
      if (start > from && isDue(start)) return start;
      const end = nextWindow(page, start, to, this.#window);
      for (let index = start; index < end; index++) {
        const event = page[index];
        if (event === undefined) continue;
        const position = { index, topic: ids[index] ?? 0, tape: event.at - origin, sequence: sequence + index - from };
        for (const solo of solos) solo.hear(event, position);
      }
      for (const solo of solos) solo.endWindow();
      start = end;
    }
    return to;
  }

  /** Returns what the page is about, for whoever follows along. */
  publish(emission: Emission): PageTopics {
    const topics = this.#topics.ofPage(emission.page);
    for (const audience of this.#audiences.values()) audience.publish(emission, topics);
    for (const solo of this.#solos.values()) solo.flush();
    const moves = this.#moves ?? new Map<Receiver, () => void>();
    this.#moves = undefined;
    for (const move of moves.values()) move();
    return topics;
  }

  #audienceOf(encoder: Encoder): Audience {
    const known = this.#audiences.get(encoder);
    if (known !== undefined) return known;
    const audience = new Audience(encoder, this.#window, this.#topics);
    this.#audiences.set(encoder, audience);
    return audience;
  }
}
