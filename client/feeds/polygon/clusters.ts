import type { Channel, Market } from '../../../market/event.ts';

/** The clusters by path (sheet §1); futures come of all exchanges at once, or of one. */
export const clusterNames = [
  'stocks',
  'options',
  'indices',
  'forex',
  'crypto',
  'futures',
  'futures/cme',
  'futures/cbot',
  'futures/nymex',
  'futures/comex',
] as const;
export type ClusterName = (typeof clusterNames)[number];

/** What a cluster publishes: the prefixes of its channels, which are also the `ev` of their events. */
export interface Cluster {
  readonly market: Market;
  readonly prefixes: ReadonlyMap<Channel, string>;
  readonly channels: ReadonlyMap<string, Channel>;
}

type Prefixes = readonly (readonly [Channel, string])[];

const ticks: Prefixes = [['trade', 'T'], ['quote', 'Q']]; // prettier-ignore
const aggregates: Prefixes = [['second-bar', 'A'], ['bar', 'AM']]; // prettier-ignore
const fairValue: Prefixes = [['fair-value', 'FMV']];
/** Channels by cluster (sheet §1). */
const prefixes: Readonly<Record<string, Prefixes>> = {
  stocks: [...ticks, ...aggregates, ['luld', 'LULD'], ['imbalance', 'NOI'], ...fairValue],
  options: [...ticks, ...aggregates, ...fairValue],
  indices: [['value', 'V'], ...aggregates],
  forex: [['quote', 'C'], ['second-bar', 'CAS'], ['bar', 'CA'], ...fairValue],
  crypto: [['trade', 'XT'], ['quote', 'XQ'], ['second-bar', 'XAS'], ['bar', 'XA'], ['book', 'XL2'], ...fairValue],
  futures: [...ticks, ...aggregates],
}; // prettier-ignore
/** Launchpad's feed, alike in all clusters (sheet §1). */
const launchpad: Prefixes = [['bar', 'AM'], ['price', 'LV']]; // prettier-ignore

const markets: Readonly<Record<ClusterName, Market>> = {
  stocks: 'stocks',
  options: 'options',
  indices: 'indices',
  forex: 'forex',
  crypto: 'crypto',
  futures: 'futures',
  'futures/cme': 'futures',
  'futures/cbot': 'futures',
  'futures/nymex': 'futures',
  'futures/comex': 'futures',
};

export function clusterOf(name: ClusterName, isLaunchpad: boolean): Cluster {
  const market = markets[name];
  const pairs = isLaunchpad ? launchpad : (prefixes[market] ?? []);
  return {
    market,
    prefixes: new Map(pairs),
    channels: new Map(pairs.map(([channel, prefix]) => [prefix, channel])),
  };
}
