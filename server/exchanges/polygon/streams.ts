import type { Encoder, Manners, Stream, Wire } from '../exchange.ts';
import { clusterChannels, launchpadChannels, launchpadClusters, marketOf } from './channels.ts';
import { decode, type Reading } from './decode.ts';
import { clusterEncoder } from './encoders.ts';
import { clusterEar, launchpadEar } from './hear-cluster.ts';
import { launchpadEncoder } from './launchpad-json.ts';
import { mannersOf } from './manners.ts';
import { noticeFrames } from './notice.ts';
import type { PolygonOptions } from './options.ts';
import { type Cluster, clusters, feedOf, isDelayable, launchpadFeedOf } from './plans.ts';

/**
 * Hosts a feed has of its own, which are the first part of a path here, so that one port can be all of them (sheet §1: hosts tell the feed, paths
 * the cluster; the prefix is ours). All but the delayed ones play the same.
 */
const realTimeStems = [
  'socket',
  'business',
  'nasdaqfeed',
  'polyfeed',
  'polyfeedplus',
  'starterfeed',
  'edgx-business',
  'iex-business',
  'fullmarket-business',
  'nasdaq-last-sale-business',
  'nasdaq-basic-business',
];
const delayedStems = [
  'delayed',
  'delayed-business',
  'delayed-edgx-business',
  'delayed-fullmarket-business',
  'delayed-nasdaq-last-sale-business',
  'delayed-nasdaq-basic-business',
];
/** Stocks are sold to businesses exchange by exchange, and all tickers at once of all exchanges only (sheet §4; who sells what is in the stem). */
const hasWildcards = (cluster: Cluster, stem: string): boolean =>
  cluster !== 'stocks' || !stem.endsWith('business') || stem.includes('fullmarket');
/** Futures are also there exchange by exchange; a tape does not tell them apart, so each plays all of them. */
const paths = (cluster: Cluster): readonly string[] =>
  cluster === 'futures' ? ['', '/cme', '/cbot', '/nymex', '/comex'].map((part) => `/futures${part}`) : [`/${cluster}`];

/** Every stream: a cluster's path, as it is in real time and below the name of each feed. The streams of one cluster share their bytes. */
export function polygonStreams(options: PolygonOptions): readonly Stream[] {
  const manners = mannersOf(options);
  return [
    ...clusters.flatMap((cluster) => streamsOf(cluster, manners, options)),
    ...(options.launchpad ? launchpadClusters.map((cluster) => launchpadStream(cluster, manners, options)) : []),
  ];
}

function streamsOf(cluster: Cluster, manners: Manners, options: PolygonOptions): readonly Stream[] {
  const encoder = clusterEncoder(cluster, options);
  const hear = clusterEar(cluster, options);
  const lag = cluster === 'futures' ? options.delayedFuturesLag : options.delayedLag;
  const on = (stems: readonly string[], delayed: boolean): readonly Stream[] => {
    const common = (wildcards: boolean): Omit<Stream, 'path'> => {
      const reading = { market: marketOf(cluster), channels: clusterChannels[cluster], delayed, wildcards };
      const wire = wireOf(encoder, hear, reading, options);
      return { ...streamOf(feedOf(cluster, delayed), cluster, wire, manners), lag: delayed ? lag : 0n };
    };
    const [all, named] = [common(true), common(false)];
    return stems.flatMap((stem, index) =>
      paths(cluster).map((path) => ({
        ...(hasWildcards(cluster, stem) ? all : named),
        path: stem + path,
        ...(index === 0 ? {} : { alias: true as const }),
      })),
    );
  };
  return [
    ...on(['', ...realTimeStems.map(asFolder)], false),
    ...(isDelayable(cluster) ? on(delayedStems.map(asFolder), true) : []),
  ];
}

function launchpadStream(cluster: Cluster, manners: Manners, options: PolygonOptions): Stream {
  const reading = { market: marketOf(cluster), channels: launchpadChannels, delayed: false, wildcards: true };
  const market = marketOf(cluster);
  const wire = wireOf(launchpadEncoder(market, options), launchpadEar(market), reading, options);
  return { ...streamOf(launchpadFeedOf(cluster), cluster, wire, manners), path: `/launchpad/${cluster}` };
}

const asFolder = (stem: string): string => `/${stem}`;

function streamOf(feed: string, cluster: Cluster, wire: Wire, manners: Manners): Omit<Stream, 'path'> {
  return {
    feed,
    markets: [marketOf(cluster)],
    lag: 0n,
    house: undefined,
    manners,
    wire: () => wire,
    // A key is shown in a message only (sheet §1: none in the URL).
    credentials: () => undefined,
  };
}

type Ear = NonNullable<Wire['hear']>;

function wireOf(encoder: Encoder, hear: Ear, reading: Omit<Reading, 'malformed'>, options: PolygonOptions): Wire {
  const malformed = options.malformed === 'ignored' ? 'ignored' : 'bad-syntax';
  return {
    encoder,
    decode: (message) => decode(message, { ...reading, malformed }),
    notice: (notice) => noticeFrames(notice, options),
    hear,
  };
}
