import type { MarketEvent, Market } from '../../../market/event.ts';
import {
  type Feed,
  type Fields,
  type FrameReader,
  JsonFrames,
  type JsonScan,
  type Listener,
  Unreadable,
} from '../feed.ts';
import { messagesOf } from './asking.ts';
import { streamedBar } from './bars.ts';
import { type Cluster, clusterOf } from './clusters.ts';
import type { PolygonOptions } from './options.ts';
import {
  streamedBook,
  streamedFairValue,
  streamedImbalance,
  streamedLuld,
  streamedPrice,
  streamedValue,
} from './others.ts';
import { streamedCoinQuote, streamedCurrencyQuote, streamedQuote } from './quotes.ts';
import { refusalOf } from './refusals.ts';
import { QuickReader } from './quick.ts';
import { noticeOf } from './statuses.ts';
import { streamedCoinTrade, streamedTrade } from './trades.ts';

type Read = (fields: Fields, market: Market, lot: number) => MarketEvent;

/** Events by their `ev`, as far as their clusters publish them. */
const reads: Readonly<Record<string, Read>> = {
  T: streamedTrade,
  XT: streamedCoinTrade,
  Q: streamedQuote,
  C: streamedCurrencyQuote,
  XQ: streamedCoinQuote,
  A: (fields, market) => streamedBar(fields, market, 'second-bar'),
  AM: (fields, market) => streamedBar(fields, market, 'bar'),
  CAS: (fields, market) => streamedBar(fields, market, 'second-bar'),
  CA: (fields, market) => streamedBar(fields, market, 'bar'),
  XAS: (fields, market) => streamedBar(fields, market, 'second-bar'),
  XA: (fields, market) => streamedBar(fields, market, 'bar'),
  LULD: streamedLuld,
  NOI: streamedImbalance,
  FMV: streamedFairValue,
  LV: streamedPrice,
  V: streamedValue,
  XL2: streamedBook,
};

/** Shares that one of a quote's sizes counts. */
export function lotOf(market: Market, { quoteSizes }: PolygonOptions): number {
  return market === 'stocks' && quoteSizes === 'round-lots' ? 100 : 1;
}

/** The stream of a cluster. */
export function polygonFeed(options: PolygonOptions): Feed {
  const cluster = clusterOf(options.cluster, options.launchpad);
  const frames = new ClusterReader(cluster, lotOf(cluster.market, options));
  return {
    vendor: 'polygon',
    name: `polygon ${options.cluster}${options.launchpad ? ' launchpad' : ''}`,
    market: cluster.market,
    channels: [...cluster.prefixes.keys()],
    address: () => ({ url: `${options.streamUrl.replace(/\/+$/, '')}/${options.cluster}`, headers: {} }),
    greets: true,
    login: ({ id }) => JSON.stringify({ action: 'auth', params: id }),
    subscribe: (wants) => messagesOf('subscribe', wants, cluster),
    unsubscribe: (wants) => messagesOf('unsubscribe', wants, cluster),
    // Except for what is held already, and for channels unknown to it, of which it says nothing at all (sheet §3, rules 3 and 5): who
    // waits must not wait forever, and unsubscribes before asking afresh.
    acknowledges: true,
    // The vendor pings (sheet §2).
    heartbeat: undefined,
    hear: (frame, listener) => frames.hear(frame, listener),
    refusal: refusalOf,
  };
}

/** Reads frames: lists of events and statuses, of several channels at once (sheet §2, batching). */
class ClusterReader implements FrameReader {
  readonly #cluster: Cluster;
  readonly #lot: number;
  readonly #quick: QuickReader;
  readonly #frames = new JsonFrames(this);
  #listener: Listener | undefined;

  constructor(cluster: Cluster, lot: number) {
    this.#cluster = cluster;
    this.#lot = lot;
    this.#quick = new QuickReader(cluster, lot);
  }

  hear(frame: Buffer, listener: Listener): void {
    this.#listener = listener;
    this.#frames.read(frame);
    this.#listener = undefined;
  }

  quick(scan: JsonScan): boolean {
    const event = this.#quick.read(scan);
    if (event !== undefined) this.#listener?.event(event);
    return event !== undefined;
  }

  element(fields: Fields): void {
    const type = fields.text('ev');
    if (type === 'status') {
      this.#listener?.notice(noticeOf(fields, this.#cluster));
      return;
    }
    const read = this.#cluster.channels.has(type) ? reads[type] : undefined;
    if (read === undefined) throw new Unreadable(`${type} is no event of ${this.#cluster.market}`);
    this.#listener?.event(read(fields, this.#cluster.market, this.#lot));
  }

  unreadable(why: string, excerpt: string): void {
    this.#listener?.notice({ kind: 'unreadable', why, excerpt });
  }
}
