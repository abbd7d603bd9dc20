import type { Nanos } from '../../market/event.ts';
import { millis } from '../../market/nanos.ts';

/** Writes that come closer together are remembered as one. Wall time. */
const grain: Nanos = millis(50);
/** Moments that are remembered. */
const kept = 200;

/** Remembers when bytes were written, so that one can tell since when those wait that have not left yet. */
export class Backlog {
  /** Bytes written so far. */
  written = 0;
  /** How many bytes had been written before each of these moments, oldest first. */
  #moments: { readonly before: number; readonly at: Nanos }[] = [];

  wrote(bytes: number, at: Nanos): void {
    const last = this.#moments.at(-1);
    if (last === undefined || at - last.at >= grain) {
      if (this.#moments.length >= kept * 2) this.#moments = this.#moments.slice(-kept);
      this.#moments.push({ before: this.written, at });
    }
    this.written += bytes;
  }

  /** When the oldest of so many bytes that still wait was written, as far back as is remembered; absent when none waits. */
  since(waiting: number): Nanos | undefined {
    if (waiting <= 0) return undefined;
    const left = this.written - waiting;
    const moment = this.#moments.findLast(({ before }) => before <= left) ?? this.#moments[0];
    return moment?.at;
  }
}
