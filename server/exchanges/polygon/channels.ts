import type { Channel, Market } from '../../../market/event.ts';
import type { Cluster } from './plans.ts';

/** A channel as clients name it, and which kinds of event come with it. */
export interface WireChannel {
  readonly name: string;
  readonly brings: readonly Channel[];
  /** Published on the delayed feeds too; asking for one that is not answers like any other lack of entitlement (sheet §1). */
  readonly delayed: boolean;
}

const channel = (name: string, ...brings: readonly Channel[]): WireChannel => ({ name, brings, delayed: true });
const realTime = (name: string, ...brings: readonly Channel[]): WireChannel => ({ name, brings, delayed: false });

/** A minute's bar that changed comes again under the same name (sheet §5, when bars are emitted). */
const minuteBars = (name: string): WireChannel => channel(name, 'bar', 'updated-bar');
const fairValues = channel('FMV', 'fair-value');

/** What each cluster publishes (sheet §1). The old `XS` of crypto, in two SDKs only, is none. */
export const clusterChannels: Readonly<Record<Cluster, readonly WireChannel[]>> = {
  stocks: [
    channel('T', 'trade'),
    realTime('Q', 'quote'),
    channel('A', 'second-bar'),
    minuteBars('AM'),
    realTime('LULD', 'luld'),
    realTime('NOI', 'imbalance'),
    fairValues,
  ],
  options: [channel('T', 'trade'), realTime('Q', 'quote'), channel('A', 'second-bar'), minuteBars('AM'), fairValues],
  indices: [channel('V', 'value'), channel('A', 'second-bar'), minuteBars('AM')],
  forex: [channel('C', 'quote'), channel('CAS', 'second-bar'), minuteBars('CA'), fairValues],
  crypto: [
    channel('XT', 'trade'),
    channel('XQ', 'quote'),
    channel('XAS', 'second-bar'),
    minuteBars('XA'),
    channel('XL2', 'book'),
    fairValues,
  ],
  futures: [channel('T', 'trade'), channel('Q', 'quote'), channel('A', 'second-bar'), minuteBars('AM')],
};

/** What Launchpad publishes of every cluster it has (sheet §1). */
export const launchpadChannels: readonly WireChannel[] = [minuteBars('AM'), channel('LV', 'price')];
export const launchpadClusters = ['stocks', 'options', 'forex', 'crypto'] as const satisfies readonly Cluster[];

/** The market a cluster plays. */
export const marketOf = (cluster: Cluster): Market => cluster;
