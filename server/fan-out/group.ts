import type { Market } from '../../market/event.ts';
import { deflateFrames } from '../wire/deflate.ts';
import type { EncodedPage } from './encoded-page.ts';
import type { Encoder, Exchange } from '../exchanges/exchange.ts';
import { Selector } from './selector.ts';
import type { Place } from '../ledger/strays.ts';
import type { Subscriptions } from './subscriptions.ts';
import { TopicFilter } from './topic-filter.ts';
import type { PageTopics, Topic, Topics } from './topics.ts';

/** Receives what its session subscribed to: whole frames, ready for the socket. */
export interface Receiver {
  /** `places`: the events of the tape that are in them as they are, when that is not all the session hears of what is on air. */
  deliver(frames: Buffer, events: number, places?: readonly Place[]): void;
}

/** What makes sessions hear exactly the same bytes. */
export interface Interest {
  /** The exchange they are clients of. */
  readonly exchange: Pick<Exchange, 'name' | 'wholeBooks'>;
  readonly markets: readonly Market[];
  readonly subscriptions: Subscriptions;
  /** Compress payloads from this many bytes on; absent: the client did not ask for compression. */
  readonly deflateFrom: number | undefined;
}

export function interestKey({ exchange, markets, subscriptions, deflateFrom }: Interest): string {
  return `${exchange.name}|${markets.join()}|${deflateFrom ?? ''}|${subscriptions.key}`;
}

/** Whether somebody with that interest hears what is about that. */
export function wants(
  { exchange, markets, subscriptions }: Interest,
  { market, channel, symbols, publisher }: Topic,
): boolean {
  if (publisher === undefined ? channel === 'book' && exchange.wholeBooks !== undefined : publisher !== exchange.name) {
    return false;
  }
  return markets.includes(market) && symbols.some((symbol) => subscriptions.wants(channel, symbol));
}

/** Sessions of one interest. What one of them is sent, all are sent, from the same bytes. */
export class Group {
  readonly receivers = new Set<Receiver>();
  readonly #interest: Interest;
  readonly #encoder: Encoder;
  readonly #selector: Selector;

  constructor(interest: Interest, encoder: Encoder, topics: Topics) {
    this.#interest = interest;
    this.#encoder = encoder;
    this.#selector = new Selector(new TopicFilter(topics, (topic) => this.wants(topic)), encoder);
  }

  wants(topic: Topic): boolean {
    return wants(this.#interest, topic);
  }

  /** Sends every receiver its share of `page[from] … page[to - 1]`. */
  publish(encoded: EncodedPage, topics: PageTopics, from: number, to: number): void {
    const { bytes, events } = this.#selector.select(encoded, topics, from, to);
    if (events === 0) return;
    const { deflateFrom } = this.#interest;
    const sent = deflateFrom === undefined ? bytes : deflateFrames(bytes, this.#encoder.opcode, deflateFrom);
    for (const receiver of this.receivers) receiver.deliver(sent, events);
  }
}
