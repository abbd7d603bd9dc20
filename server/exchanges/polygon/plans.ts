import { z } from 'zod';
import type { Channel } from '../../../market/event.ts';
import type { Plan, SymbolLimit } from '../exchange.ts';

/** The clusters an account may subscribe to, each sold by itself (sheet §1). */
export const clusters = ['stocks', 'options', 'indices', 'forex', 'crypto', 'futures'] as const;
export type Cluster = (typeof clusters)[number];

/** Currencies have no delayed feed (sheet §1). */
const delayable: readonly Cluster[] = ['stocks', 'options', 'indices', 'futures'];

/** What a plan calls its data, by the names of the stock channels; those of other clusters count as the one they correspond to. */
const permitted = {
  T: ['trade'],
  Q: ['quote'],
  A: ['second-bar'],
  AM: ['bar', 'updated-bar'],
  V: ['value'],
  LULD: ['luld'],
  NOI: ['imbalance'],
  XL2: ['book'],
  FMV: ['fair-value'],
  LV: ['price'],
} as const satisfies Record<string, readonly Channel[]>;
type Permitted = keyof typeof permitted;
const everyChannel = Object.keys(permitted).filter((name): name is Permitted => name in permitted);

interface PlanDefaults {
  readonly feeds: 'none' | 'delayed' | 'real-time';
  readonly channels: readonly Permitted[];
  readonly requests: number | 'unlimited';
  readonly says: string;
}

const planOption = ({ feeds, channels, requests, says }: PlanDefaults) =>
  z
    .strictObject({
      feeds: z
        .enum(['none', 'delayed', 'real-time'])
        .prefault(feeds)
        .meta({ description: 'Which web sockets it has; real-time includes the delayed ones.' }),
      clusters: z
        .array(z.enum(clusters))
        .prefault([...clusters])
        .meta({ description: 'Clusters it has; a login on another is refused.', examples: [['stocks', 'options']] }),
      channels: z
        .array(z.enum(everyChannel))
        .prefault([...channels])
        .meta({ description: 'Channels it has; another is answered not authorized.', examples: [['T', 'AM']] }),
      connections: z
        .int()
        .min(1)
        .prefault(1)
        .meta({ description: 'Connections to a cluster at a time; more are sold.', examples: [1, 3] }),
      requests: z
        .union([z.literal('unlimited'), z.int().min(0)])
        .prefault(requests)
        .meta({ description: 'HTTP requests in a minute of wall time.', examples: ['unlimited', 5] }),
    })
    .prefault({})
    .meta({ description: says, examples: [{ feeds, channels: channels.slice(0, 2), connections: 2 }] });

/**
 * What each plan includes. That a plan without web sockets, delayed plans and a connection per cluster exist is documented; which
 * channel belongs to which is the price list's of 2026, as far as it tells (inferred).
 */
export const planOptions = z
  .strictObject({
    basic: planOption({
      feeds: 'none',
      channels: [],
      requests: 5,
      says: 'No web sockets, five HTTP requests a minute (documented).',
    }),
    starter: planOption({
      feeds: 'delayed',
      channels: ['A', 'AM', 'V'],
      requests: 'unlimited',
      says: 'Delayed aggregates; currencies have no delayed feed and are real time.',
    }),
    developer: planOption({
      feeds: 'delayed',
      channels: ['T', 'A', 'AM', 'V'],
      requests: 'unlimited',
      says: 'Delayed trades and aggregates.',
    }),
    advanced: planOption({
      feeds: 'real-time',
      channels: ['T', 'Q', 'A', 'AM', 'V', 'LULD', 'XL2'],
      requests: 'unlimited',
      says: 'Everything in real time but what is sold to businesses.',
    }),
    business: planOption({
      feeds: 'real-time',
      channels: everyChannel,
      requests: 'unlimited',
      says: 'Everything; plan of keys that name none.',
    }),
  })
  .prefault({})
  .meta({
    description:
      'What each plan includes: feeds, clusters, channels (a channel that is not listed answers not authorized; T counts also for XT, Q for C and XQ, A for CAS and XAS, AM for CA and XA), connections per cluster, HTTP requests a minute.',
    examples: [{ advanced: { clusters: ['stocks', 'options'], channels: ['T', 'AM'], connections: 3 } }],
  });

export const defaultPlan = 'business';

/** The name of a cluster's feed, as plans know it: `stocks`, `delayed/stocks`. */
export function feedOf(cluster: Cluster, delayed: boolean): string {
  return delayed ? `delayed/${cluster}` : cluster;
}

/** The name of a cluster's feed on Launchpad. */
export function launchpadFeedOf(cluster: Cluster): string {
  return `launchpad/${cluster}`;
}

/** Whether a cluster has a delayed feed. */
export function isDelayable(cluster: Cluster): boolean {
  return delayable.includes(cluster);
}

/** The plans as keys have them. `contracts`: how many option contracts a connection may hold (sheet §3). */
export function plansOf(options: z.output<typeof planOptions>, contracts: number): Readonly<Record<string, Plan>> {
  const cap: SymbolLimit = { limit: contracts, counted: ['quote', 'fair-value'] };
  const symbolsOn = {
    [feedOf('options', false)]: cap,
    [feedOf('options', true)]: cap,
    [launchpadFeedOf('options')]: { limit: contracts, counted: ['bar', 'price'] as const },
  };
  return Object.fromEntries(
    Object.entries(options).map(([name, plan]) => [
      name,
      {
        feeds: plan.clusters.flatMap((cluster) => feedsOf(cluster, plan.feeds)),
        channels: plan.channels.flatMap((channel) => permitted[channel]),
        sessions: plan.connections,
        requests: plan.requests === 'unlimited' ? undefined : plan.requests,
        symbols: undefined,
        symbolsOn,
      },
    ]),
  );
}

function feedsOf(cluster: Cluster, feeds: PlanDefaults['feeds']): string[] {
  if (feeds === 'none') return [];
  const delayed = isDelayable(cluster) ? [feedOf(cluster, true)] : [];
  if (feeds === 'delayed' && delayed.length > 0) return delayed;
  return [feedOf(cluster, false), launchpadFeedOf(cluster), ...delayed];
}
