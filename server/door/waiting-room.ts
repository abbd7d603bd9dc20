import type { Duplex } from 'node:stream';
import type { Clock } from '../../market/clock.ts';
import type { Nanos } from '../../market/event.ts';

/** Holds upgrades that get no answer, or none yet. */
export class WaitingRoom {
  readonly #clock: Clock;
  readonly #waiting = new Set<Duplex>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Never answers; the client hangs up when it has waited enough. */
  leave(socket: Duplex): void {
    this.#waiting.add(socket);
    socket.once('close', () => this.#waiting.delete(socket));
    // Or its hanging up would not be noticed.
    socket.resume();
  }

  /** For so long, in wall time, or until the client hangs up or the room is cleared. */
  async hold(socket: Duplex, span: Nanos): Promise<void> {
    const clock = this.#clock;
    this.#waiting.add(socket);
    await new Promise<void>((resolve) => {
      const cancel = clock.wake(clock.now() + span, resolve);
      socket.once('close', () => {
        cancel();
        resolve();
      });
    });
    this.#waiting.delete(socket);
  }

  /** Hangs up on everybody in it. */
  clear(): void {
    for (const socket of this.#waiting) socket.destroy();
  }
}
