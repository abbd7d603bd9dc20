import { ManualClock } from '../../market/clock.ts';
import type { MarketEvent, Nanos } from '../../market/event.ts';
import type { DeckOptions } from '../../server/deck/deck-options.ts';
import { Deck } from '../../server/deck.ts';
import type { Reel } from '../../server/deck/reel.ts';

/** One event that left a deck. */
export interface Played {
  readonly event: MarketEvent;
  /** The event's place among those the rig was given. */
  readonly index: number;
  /** When it left, by the clock. */
  readonly wall: Nanos;
  readonly shift: Nanos;
  /** Number of the emission it left with. */
  readonly emission: number;
}

export type RigOptions = Partial<Omit<DeckOptions, 'clock' | 'emit' | 'ended' | 'failed'>>;

/** A deck on a manual clock that writes down all it emits. */
export class DeckRig implements AsyncDisposable {
  readonly clock: ManualClock;
  readonly deck: Deck;
  readonly played: Played[] = [];
  ends = 0;
  failure: unknown;
  #emissions = 0;

  constructor(reel: Reel, events: readonly MarketEvent[], options: RigOptions = {}, start: Nanos = 0n) {
    const places = new Map(events.map((event, index) => [event, index]));
    this.clock = new ManualClock(start);
    this.deck = new Deck(reel, {
      speed: 1,
      passes: 1,
      startAt: undefined,
      lag: 0n,
      timestamps: 'original',
      maxIdle: undefined,
      window: 1n,
      pressure: () => undefined,
      ...options,
      clock: this.clock,
      emit: ({ page, from, to, shift }) => {
        this.#emissions++;
        for (const event of page.slice(from, to)) {
          const index = places.get(event) ?? -1;
          this.played.push({ event, index, wall: this.clock.now(), shift, emission: this.#emissions });
        }
      },
      ended: () => this.ends++,
      failed: (error) => (this.failure = error),
    });
  }

  /** Lets the deck do all it can do at this instant. */
  async settle(): Promise<void> {
    await this.clock.advance(0n);
  }

  /** Lets a deck play to its end, however long that takes by the clock. */
  async playOut(step: Nanos): Promise<void> {
    while (this.ends === 0 && this.failure === undefined) await this.clock.advance(step);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.deck[Symbol.asyncDispose]();
  }
}
