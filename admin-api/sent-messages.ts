import type { Cancel } from '../market/clock.ts';
import { type HostedRun, lastMessages } from '../server/index.ts';

/** Writes to clients that are read between two looks, and messages told of each: the newest. */
const [mostWrites, mostOfEach] = [12, 8];

/** What the clients of a run are sent, as far as a page can show it. Reads nothing before it is asked, and then only the newest. */
export class SentMessages implements Disposable {
  readonly #cancel: Cancel;
  #writes: { readonly session: number; readonly frames: Buffer }[] = [];
  #skipped = 0;

  constructor({ run }: HostedRun) {
    this.#cancel = run.chronicle.tap.listen((session, frames) => {
      this.#writes.push({ session, frames });
      if (this.#writes.length <= mostWrites) return;
      this.#writes.shift();
      this.#skipped++;
    });
  }

  /** Those since the last time, oldest first. */
  take(): { readonly messages: { session: number; text: string }[]; readonly skipped: number } {
    const messages = this.#writes.flatMap(({ session, frames }) => {
      return lastMessages(frames, mostOfEach).map((text) => ({ session, text }));
    });
    const skipped = this.#skipped;
    this.#writes = [];
    this.#skipped = 0;
    return { messages, skipped };
  }

  [Symbol.dispose](): void {
    this.#cancel();
    this.#writes = [];
  }
}
