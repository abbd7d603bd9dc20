import type { Quota, Rest } from '../../exchange.ts';
import { keyOf } from '../credentials.ts';
import type { Directory } from '../instruments.ts';
import type { TwelveDataOptions } from '../options.ts';
import { badKey, internalError, outOfCredits } from '../texts.ts';
import { marketStateRoute, usageRoute } from './account.ts';
import { failure } from './answers.ts';
import { endOfDayRoute, quoteRoute } from './quote.ts';
import { exchangeRateRoute, priceRoute } from './prices.ts';
import { timeSeriesRoute } from './time-series.ts';

/** Twelve Data's HTTP side (sheet §5). */
export function twelveDataRest(directory: Directory, options: TwelveDataOptions): Rest {
  const { errorStatus } = options;
  const desk = { directory, errorStatus };
  return {
    routes: [
      timeSeriesRoute(desk, options),
      priceRoute(desk),
      quoteRoute(desk),
      endOfDayRoute(desk),
      exchangeRateRoute(desk),
      usageRoute(desk),
      marketStateRoute(desk),
    ],
    credentials: keyOf,
    refusal(why, quota) {
      switch (why) {
        case 'no-key':
        case 'bad-key':
        case 'not-in-plan':
          return failure(badKey, errorStatus);
        case 'over-quota':
          return failure(outOfCredits(quota?.span ?? 'minute', quota?.used ?? 0, quota?.limit ?? 0), errorStatus);
        case 'internal':
          return failure(internalError, errorStatus);
      }
    },
    headers: (quota) => (quota === undefined ? {} : credits(quota)),
  };
}

/** Seen by several clients (sheet §4). */
function credits({ used, remaining }: Quota): Record<string, string> {
  return { 'api-credits-used': String(used), 'api-credits-left': String(remaining) };
}
