import type { Nanos } from '../market/event.ts';
import { TopicFilter } from './topic-filter.ts';
import { EncodedPage } from './encoded-page.ts';
import type { Encoder } from './exchanges/exchange.ts';
import { Group, interestKey, type Receiver, type Interest } from './group.ts';
import type { Emission, Portion } from './reel.ts';
import type { Page } from './sources/source.ts';
import { Solo, type Spoiler } from './solo.ts';
import { Topics, type PageTopics } from './topics.ts';

/** A session's place among those who hear the same. */
export interface Membership {
  /** Moves the session to another group; what is due from now on follows the new interest. */
  change(interest: Interest): void;
  /** From now on the session hears its own copy, spoilt by that, or again what its group hears. */
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

  /** Events of one window share a frame; the same window as the deck's. */
  constructor(window: Nanos) {
    this.#window = window;
  }

  join(receiver: Receiver, encoder: Encoder, interest: Interest): Membership {
    let audience = this.#audiences.get(encoder);
    if (audience === undefined) {
      audience = new Audience(encoder, this.#window, this.#topics);
      this.#audiences.set(encoder, audience);
    }
    const home = audience;
    let wanted = interest;
    let spoiler: Spoiler | undefined;
    home.place(receiver, interest, undefined);
    return {
      change: (next) => {
        wanted = next;
        home.place(receiver, next, spoiler);
      },
      spoil: (next) => {
        spoiler = next;
        home.place(receiver, wanted, next);
      },
      get solo() {
        return home.soloOf(receiver);
      },
      leave: () => home.leave(receiver),
    };
  }

  /** Encodes what will be published soon. */
  prepare(portion: Portion): void {
    const topics = this.#topics.ofPage(portion.page);
    for (const audience of this.#audiences.values()) audience.prepare(portion, topics);
  }

  /** Returns what the page is about, for whoever follows along. */
  publish(emission: Emission): PageTopics {
    const topics = this.#topics.ofPage(emission.page);
    for (const audience of this.#audiences.values()) audience.publish(emission, topics);
    return topics;
  }
}

/** Everyone who reads one encoder's spelling. */
class Audience {
  readonly #encoder: Encoder;
  readonly #window: Nanos;
  readonly #topics: Topics;
  readonly #groups = new Map<string, Group>();
  readonly #groupOf = new Map<Receiver, { readonly key: string; readonly group: Group }>();
  readonly #solos = new Map<Receiver, Solo>();
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

  soloOf(receiver: Receiver): Solo | undefined {
    return this.#solos.get(receiver);
  }

  place(receiver: Receiver, interest: Interest, spoiler: Spoiler | undefined): void {
    const key = interestKey(interest);
    if (spoiler === undefined && this.#groupOf.get(receiver)?.key === key) return;
    this.leave(receiver);
    if (interest.subscriptions.empty) return;
    if (spoiler !== undefined) {
      this.#solos.set(receiver, new Solo(receiver, interest, this.#encoder, this.#topics, this.#window, spoiler));
      return;
    }
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
    this.#solos.delete(receiver);
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
    // Copies, because a client that is sent away leaves while its group is served.
    const solos = [...this.#solos.values()];
    if (this.#groups.size > 0) {
      const encoded = this.#encode(emission, topics);
      for (const group of [...this.#groups.values()]) group.publish(encoded, topics, emission.from, emission.to);
    }
    // After the groups: whoever is cured by what it hears now has heard it, and whoever falls ill by it has too.
    for (const solo of solos) solo.publish(emission, topics);
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
