import { z } from 'zod';
import { markets } from '../../../market/event.ts';

/** What can be set of the stream of prices and the history beside it. */
export const twelveDataOptions = z.strictObject({
  vendor: z.literal('twelvedata').meta({ description: 'Twelve Data.' }),
  streamUrl: z
    .url({ protocol: /^wss?$/ })
    .prefault('wss://ws.twelvedata.com/v1/quotes/price')
    .meta({ description: 'Where the stream is, without the key.', examples: ['ws://localhost:8765/v1/quotes/price'] }),
  historyUrl: z
    .url({ protocol: /^https?$/ })
    .prefault('https://api.twelvedata.com')
    .meta({ description: 'Where what was missed is asked for.', examples: ['http://localhost:8765'] }),
  market: z
    .enum(markets)
    .prefault('stocks')
    .meta({
      description: 'What a symbol is of when the vendor does not say; it nearly always does.',
      examples: ['forex'],
    }),
});

export type TwelveDataOptions = z.output<typeof twelveDataOptions>;
