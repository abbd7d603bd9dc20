import type { Nanos } from '../../market/event.ts';
import { EncodedPage } from './encoded-page.ts';
import type { Encoder } from '../exchanges/exchange.ts';
import { Group, interestKey, type Receiver, type Interest } from './group.ts';
import type { Emission, Portion } from '../deck/reel.ts';
import type { Page } from '../sources/source.ts';
import { TopicFilter } from './topic-filter.ts';
import type { PageTopics, Topics } from './topics.ts';

/** Everyone who reads one encoder's spelling and hears the tape as it is. */
export class Audience {
  readonly #encoder: Encoder;
  readonly #window: Nanos;
  readonly #topics: Topics;
  readonly #groups = new Map<string, Group>();
  readonly #groupOf = new Map<Receiver, { readonly key: string; readonly group: Group }>();
  /** What any of the groups wants. */
  #filter: TopicFilter;
  /** Encoded for the groups there are; forgotten when another group wants more. */
  #encoded = new WeakMap<Page, EncodedPage>();

  constructor(encoder: Encoder, window: Nanos, topics: Topics) {
    this.#encoder = encoder;
    this.#window = window;
    this.#topics = topics;
    this.#filter = this.#ask();
  }

  place(receiver: Receiver, interest: Interest): void {
    const key = interestKey(interest);
    if (this.#groupOf.get(receiver)?.key === key) return;
    this.leave(receiver);
    if (interest.subscriptions.empty) return;
    let group = this.#groups.get(key);
    if (group === undefined) {
      group = new Group(interest, this.#encoder, this.#topics);
      this.#groups.set(key, group);
      this.#filter = this.#ask();
      this.#encoded = new WeakMap();
    }
    group.receivers.add(receiver);
    this.#groupOf.set(receiver, { key, group });
  }

  leave(receiver: Receiver): void {
    const place = this.#groupOf.get(receiver);
    if (place === undefined) return;
    this.#groupOf.delete(receiver);
    place.group.receivers.delete(receiver);
    if (place.group.receivers.size > 0) return;
    this.#groups.delete(place.key);
    this.#filter = this.#ask();
  }

  prepare(portion: Portion, topics: PageTopics): void {
    if (this.#groups.size > 0) this.#encode(portion, topics);
  }

  publish(emission: Emission, topics: PageTopics): void {
    if (this.#groups.size === 0) return;
    const encoded = this.#encode(emission, topics);
    // A copy, because a client that is sent away leaves while its group is served.
    for (const group of [...this.#groups.values()]) group.publish(encoded, topics, emission.from, emission.to);
  }

  #encode(portion: Portion, topics: PageTopics): EncodedPage {
    const { page, from, to, shift } = portion;
    let encoded = this.#encoded.get(page);
    if (encoded === undefined || encoded.shift !== shift || encoded.from > from) {
      encoded = new EncodedPage(portion, this.#encoder, this.#window);
      this.#encoded.set(page, encoded);
    }
    encoded.encode(to, topics, this.#filter);
    return encoded;
  }

  #ask(): TopicFilter {
    const groups = [...this.#groups.values()];
    return new TopicFilter(this.#topics, (topic) => groups.some((group) => group.wants(topic)));
  }
}
