import { formatDuration } from '../../../market/duration.ts';
import { milli, second } from '../../../market/nanos.ts';
import { exchangeKind, type Plan } from '../exchange.ts';
import { Directory } from './instruments.ts';
import { twelveDataOptions, type TwelveDataOptions } from './options.ts';
import { priceStream } from './stream.ts';

/** Imitates Twelve Data: its stream of prices, and the REST API beside it. */
export const twelvedata = exchangeKind({
  options: twelveDataOptions,
  // Read by the SDK for JavaScript; the address is that of its REST side.
  variables: ({ key, httpUrl }) => ({ TWELVEDATA_API_KEY: key, TWELVEDATA_API_BASE_URL: httpUrl }),
  explain({ idle, eventsPerMinute, connectionLimit, symbolLimit, badKey }) {
    const drops = idle === 'never' ? 'silent clients stay' : `clients silent for ${formatDuration(idle)} are dropped`;
    return (
      `Twelve Data's price stream: the key comes in the URL and a wrong one is answered ${badKey}, ${drops}, ` +
      `${eventsPerMinute} client events a minute; plan basic may hold ${symbolLimit.basic} trial symbols ` +
      `on ${connectionLimit.basic} connection(s).`
    );
  },
  open: (options) => {
    const directory = new Directory(options.listings);
    return {
      name: 'twelvedata',
      streams: [priceStream(directory, options)],
      plans: {
        basic: {
          ...planOf('basic', options),
          requestsPerDay: options.creditsPerDay.basic,
          only: options.trialSymbols,
        },
        grow: { ...planOf('grow', options), only: options.trialSymbols },
        pro: planOf('pro', options),
        ultra: planOf('ultra', options),
      },
      defaultPlan: 'pro',
      // Bars are told over REST only, as soon as their minute is over (inferred).
      bars: { minute: { earliest: 0n, latest: 0n, slots: 1 }, updated: second, daily: milli },
      prices: true,
      rest: async () => (await import('./rest/index.ts')).twelveDataRest(directory, options),
    };
  },
});

function planOf(name: 'basic' | 'grow' | 'pro' | 'ultra', options: TwelveDataOptions): Plan {
  return {
    requests: options.creditsPerMinute[name],
    feeds: undefined,
    sessions: options.connectionLimit[name],
    symbols: { limit: options.symbolLimit[name], counted: ['price'] },
  };
}
