import type { Page } from '../sources/source.ts';

/** Pages that wait in memory for the needle; reading pauses when so many are ready. */
const pagesAhead = 4;

/** Reads pages before they are needed, so that playing never waits for a disk that is fast enough on average. */
export class ReadAhead {
  readonly #abort = new AbortController();
  readonly #ready: Page[] = [];
  readonly #turn: () => Promise<void>;
  readonly #reading: Promise<void>;
  #done = false;
  #failure: Error | undefined;
  #arrived: () => void = () => undefined;
  #room: () => void = () => undefined;

  /** `turn` lets everything else have its turn: an empty page is a reader's breath on a long way. */
  constructor(open: (signal: AbortSignal) => AsyncIterable<Page>, turn: () => Promise<void>) {
    this.#turn = turn;
    this.#reading = this.#read(open(this.#abort.signal));
  }

  /** The next page that is not empty; `undefined` at the end. Throws what reading threw, once the pages before are given. */
  async next(): Promise<Page | undefined> {
    for (;;) {
      const page = this.#ready.shift();
      this.#room();
      if (page !== undefined) return page;
      if (this.#failure !== undefined) throw this.#failure;
      if (this.#done) return undefined;
      await new Promise<void>((resolve) => (this.#arrived = resolve));
    }
  }

  /** Stops reading; `next` gives what is ready and then the end. */
  async close(): Promise<void> {
    this.#abort.abort();
    this.#ready.length = 0;
    this.#room();
    await this.#reading;
  }

  async #read(pages: AsyncIterable<Page>): Promise<void> {
    try {
      for await (const page of pages) {
        if (this.#abort.signal.aborted) break;
        if (page.length === 0) {
          await this.#turn();
          continue;
        }
        this.#ready.push(page);
        this.#arrived();
        while (this.#ready.length >= pagesAhead && !this.#abort.signal.aborted) {
          await new Promise<void>((resolve) => (this.#room = resolve));
        }
      }
    } catch (error) {
      // A reading that was called off may break as it likes: nobody wants its pages any more.
      if (!this.#abort.signal.aborted) this.#failure = error instanceof Error ? error : new Error(String(error));
    }
    this.#done = true;
    this.#arrived();
  }
}
