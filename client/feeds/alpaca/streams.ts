import type { Channel, Market } from '../../../market/event.ts';

/** One of the vendor's streams. */
export interface Stream {
  /** Path of the WebSocket endpoint (sheet §1). */
  readonly path: string;
  readonly market: Market;
  /** What can be subscribed to, as it is spelled there (sheet §4). Corrections and cancels come with trades and are never asked for. */
  readonly channels: ReadonlyMap<Channel, string>;
  /** What the REST calls behind the stream are named by: the `feed` of stocks, the place of crypto. None where they tell nothing of it. */
  readonly past: string | undefined;
}

const stocks = new Map<Channel, string>([
  ['trade', 'trades'],
  ['quote', 'quotes'],
  ['bar', 'bars'],
  ['updated-bar', 'updatedBars'],
  ['daily-bar', 'dailyBars'],
  ['status', 'statuses'],
  ['luld', 'lulds'],
  ['imbalance', 'imbalances'],
]);
const crypto = new Map<Channel, string>([
  ['trade', 'trades'],
  ['quote', 'quotes'],
  ['book', 'orderbooks'],
  ['bar', 'bars'],
  ['updated-bar', 'updatedBars'],
  ['daily-bar', 'dailyBars'],
]);
const perps = new Map<Channel, string>([...crypto, ['pricing', 'pricing']]);
const options = new Map<Channel, string>([
  ['trade', 'trades'],
  ['quote', 'quotes'],
]);
const news = new Map<Channel, string>([['news', 'news']]);

const ofStocks = (path: string, past: string | undefined): Stream => ({
  path,
  market: 'stocks',
  channels: stocks,
  past,
});
const ofCrypto = (place: string): Stream => ({
  path: `/v1beta3/crypto/${place}`,
  market: 'crypto',
  channels: crypto,
  past: place,
});

/** The vendor's data streams as settings name them: their paths without versions (sheet §1). */
export const streamNames = [
  'iex',
  'sip',
  'delayed_sip',
  'test',
  'boats',
  'overnight',
  'crypto/us',
  'crypto/us-1',
  'crypto/eu-1',
  'crypto-perps/global',
  'options/indicative',
  'options/opra',
  'news',
] as const;
export type StreamName = (typeof streamNames)[number];

/** Paths: sheet §1; feeds of history: sheet §7. */
export const streams: Readonly<Record<StreamName, Stream>> = {
  iex: ofStocks('/v2/iex', 'iex'),
  sip: ofStocks('/v2/sip', 'sip'),
  // What is a quarter of an hour old, REST tells every plan from the SIP; `delayed_sip` is a feed of the latest values alone.
  delayed_sip: ofStocks('/v2/delayed_sip', 'sip'),
  // FAKEPACA is made up, and REST knows nothing of it.
  test: ofStocks('/v2/test', undefined),
  boats: ofStocks('/v1beta1/boats', 'boats'),
  overnight: ofStocks('/v1beta1/overnight', undefined),
  'crypto/us': ofCrypto('us'),
  'crypto/us-1': ofCrypto('us-1'),
  'crypto/eu-1': ofCrypto('eu-1'),
  'crypto-perps/global': {
    path: '/v1beta1/crypto-perps/global',
    market: 'perps',
    channels: perps,
    past: undefined,
  },
  // No /options/ in the paths of these streams [D DOPT].
  'options/indicative': { path: '/v1beta1/indicative', market: 'options', channels: options, past: 'indicative' },
  'options/opra': { path: '/v1beta1/opra', market: 'options', channels: options, past: 'opra' },
  news: { path: '/v1beta1/news', market: 'stocks', channels: news, past: 'news' },
};
