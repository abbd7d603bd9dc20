import { z } from 'zod';
import { markets } from '../../../market/event.ts';

/** What can be set of the stream of prices and the history beside it. */
export const twelveDataOptions = z.strictObject({
  vendor: z.literal('twelvedata').meta({ description: 'Twelve Data.' }),
  streamUrl: z
    .url({ protocol: /^wss?$/ })
    .prefault('wss://ws.twelvedata.com')
    .meta({ description: 'Where the stream is, without its path and the key.', examples: ['ws://localhost:8765'] }),
  historyUrl: z
    .url({ protocol: /^https?$/ })
    .optional()
    .meta({
      description:
        'Where what was missed is asked for: beside the vendor’s own stream https://api.twelvedata.com unless set, else at the host of streamUrl.',
      examples: ['http://localhost:8765'],
    }),
  market: z
    .enum(markets)
    .prefault('stocks')
    .meta({
      description: 'What a symbol is of when the vendor does not say; it nearly always does.',
      examples: ['forex'],
    }),
});

export type TwelveDataOptions = z.output<typeof twelveDataOptions>;

/** A mock or a proxy answers both at one host: whoever listens there must not have his key led to the vendor. */
export function historyUrlOf({ streamUrl, historyUrl }: TwelveDataOptions): string {
  if (historyUrl !== undefined) return historyUrl;
  const { protocol, host, hostname, pathname } = new URL(streamUrl);
  if (hostname.endsWith('.twelvedata.com')) return 'https://api.twelvedata.com';
  return `${protocol === 'wss:' ? 'https:' : 'http:'}//${host}${pathname}`;
}
