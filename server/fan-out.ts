import type { Nanos } from '../market/event.ts';
import { Appetite } from './appetite.ts';
import { EncodedPage } from './encoded-page.ts';
import type { Encoder } from './exchanges/exchange.ts';
import { Group, tasteKey, type Seat, type Taste } from './group.ts';
import type { Emission } from './reel.ts';
import type { Page } from './sources/source.ts';
import { Topics, type PageTopics } from './topics.ts';

/** A session's place among those who hear the same. */
export interface Ticket {
  /** Moves the session to another group; what is due from now on follows the new taste. */
  change(taste: Taste): void;
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

  join(seat: Seat, encoder: Encoder, taste: Taste): Ticket {
    let audience = this.#audiences.get(encoder);
    if (audience === undefined) {
      audience = new Audience(encoder, this.#window, this.#topics);
      this.#audiences.set(encoder, audience);
    }
    const home = audience;
    home.seat(seat, taste);
    return {
      change: (next) => home.seat(seat, next),
      leave: () => home.leave(seat),
    };
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
  readonly #groupOf = new Map<Seat, { readonly key: string; readonly group: Group }>();
  /** What any of the groups wants. */
  #appetite: Appetite;
  /** Encoded for the groups there are; forgotten when another group wants more. */
  #encoded = new WeakMap<Page, EncodedPage>();

  constructor(encoder: Encoder, window: Nanos, topics: Topics) {
    this.#encoder = encoder;
    this.#window = window;
    this.#topics = topics;
    this.#appetite = this.#ask();
  }

  seat(seat: Seat, taste: Taste): void {
    const key = tasteKey(taste);
    if (this.#groupOf.get(seat)?.key === key) return;
    this.leave(seat);
    if (taste.subscriptions.empty) return;
    let group = this.#groups.get(key);
    if (group === undefined) {
      group = new Group(taste, this.#topics);
      this.#groups.set(key, group);
      this.#appetite = this.#ask();
      this.#encoded = new WeakMap();
    }
    group.seats.add(seat);
    this.#groupOf.set(seat, { key, group });
  }

  leave(seat: Seat): void {
    const place = this.#groupOf.get(seat);
    if (place === undefined) return;
    this.#groupOf.delete(seat);
    place.group.seats.delete(seat);
    if (place.group.seats.size > 0) return;
    this.#groups.delete(place.key);
    this.#appetite = this.#ask();
  }

  publish(emission: Emission, topics: PageTopics): void {
    const { page, from, to, shift } = emission;
    if (this.#groups.size === 0) return;
    let encoded = this.#encoded.get(page);
    if (encoded === undefined || encoded.shift !== shift || encoded.from > from) {
      encoded = new EncodedPage(emission, this.#encoder, this.#window);
      this.#encoded.set(page, encoded);
    }
    encoded.encode(to, topics, this.#appetite);
    // A copy, because a client that is sent away leaves while its group is served.
    for (const group of [...this.#groups.values()]) group.publish(encoded, topics, from, to, this.#encoder);
  }

  #ask(): Appetite {
    const groups = [...this.#groups.values()];
    return new Appetite(this.#topics, (topic) => groups.some((group) => group.wants(topic)));
  }
}
