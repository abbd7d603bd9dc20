import type { Cancel } from '../../market/clock.ts';

/** Hears the frames of market data that a session is sent. They are shared with its group: never change them. */
export type Onlooker = (session: number, frames: Buffer) => void;

/** Lets onlookers hear what clients are sent, as it goes out. Costs nothing while nobody looks. */
export class Tap {
  readonly #onlookers = new Set<Onlooker>();

  /** Tells every frame from now on. */
  listen(onlooker: Onlooker): Cancel {
    this.#onlookers.add(onlooker);
    return () => void this.#onlookers.delete(onlooker);
  }

  sent(session: number, frames: Buffer): void {
    if (this.#onlookers.size > 0) for (const onlooker of this.#onlookers) onlooker(session, frames);
  }
}
