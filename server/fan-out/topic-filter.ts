import type { Topic, Topics } from './topics.ts';

/** Remembers which topics somebody wants, so that asking is one array look-up. Right as long as the answers stay the same. */
export class TopicFilter {
  readonly #topics: Topics;
  readonly #judge: (topic: Topic) => boolean;
  /** Per topic: 0 not yet asked, 1 wanted, 2 not wanted. */
  #known = new Uint8Array(64);

  constructor(topics: Topics, judge: (topic: Topic) => boolean) {
    this.#topics = topics;
    this.#judge = judge;
  }

  wants(id: number): boolean {
    const known = this.#known[id];
    return known === 1 || (known !== 2 && this.#ask(id));
  }

  #ask(id: number): boolean {
    if (id >= this.#known.length) {
      const grown = new Uint8Array(id * 2);
      grown.set(this.#known);
      this.#known = grown;
    }
    const topic = this.#topics.topic(id);
    const wanted = topic !== undefined && this.#judge(topic);
    this.#known[id] = wanted ? 1 : 2;
    return wanted;
  }
}
