import { z } from 'zod';
import { clusterNames } from './clusters.ts';

/** What can be set of a stream and the history beside it. */
export const polygonOptions = z.strictObject({
  vendor: z.literal('polygon').meta({ description: 'Polygon.io, since October 2025 named Massive.' }),
  cluster: z
    .enum(clusterNames)
    .prefault('stocks')
    .meta({
      description:
        'What the stream is of. Each cluster is a path and a plan of its own, with one connection per account unless more were bought.',
      examples: ['stocks', 'crypto', 'futures/cme'],
    }),
  streamUrl: z
    .url({ protocol: /^wss?$/ })
    .prefault('wss://socket.massive.com')
    .meta({
      description:
        'Where the stream is, without the cluster. Plans that are delayed by 15 minutes: wss://delayed.massive.com; business plans: wss://business.massive.com.',
      examples: ['wss://delayed.massive.com', 'ws://localhost:8765'],
    }),
  historyUrl: z
    .url({ protocol: /^https?$/ })
    .optional()
    .meta({
      description:
        'Where what was missed is asked for: beside a stream of the vendor’s its own api host unless set, else at the host of streamUrl.',
      examples: ['https://api.polygon.io', 'http://localhost:8765'],
    }),
  launchpad: z
    .boolean()
    .prefault(false)
    .meta({
      description: 'Whether the plan is Launchpad, which tells minute bars and last prices only.',
      examples: [true],
    }),
  quoteSizes: z
    .enum(['shares', 'round-lots'])
    .prefault('shares')
    .meta({
      description:
        'What the sizes of stock quotes count. The vendor changed to shares on 3 November 2025; older recordings count round lots of 100.',
      examples: ['round-lots'],
    }),
  rowsPerRequest: z
    .int()
    .min(1)
    .max(50_000)
    .prefault(10_000)
    .meta({
      description:
        'Rows of a page of history. More pages cost more of the requests of a plan; long ones take longer to read.',
      examples: [50_000],
    }),
});

export type PolygonOptions = z.output<typeof polygonOptions>;

/** A mock or a proxy answers both at one host: whoever listens there must not have his key led to the vendor. */
export function historyUrlOf({ streamUrl, historyUrl }: PolygonOptions): string {
  if (historyUrl !== undefined) return historyUrl;
  const { protocol, host, hostname, pathname } = new URL(streamUrl);
  const brand = /(?:^|\.)(massive\.com|polygon\.io)$/.exec(hostname)?.[1];
  if (brand !== undefined) return `https://api.${brand}`;
  return `${protocol === 'wss:' ? 'https:' : 'http:'}//${host}${pathname}`;
}
