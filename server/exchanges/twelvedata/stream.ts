import { minute } from '../../../market/nanos.ts';
import type { Manners, RestAnswer, Stream } from '../exchange.ts';
import { keyOf } from './credentials.ts';
import { decode } from './decode.ts';
import { hear } from './hear.ts';
import type { Directory } from './instruments.ts';
import { noticeFrames } from './notice.ts';
import type { TwelveDataOptions } from './options.ts';
import { priceEncoder } from './price-json.ts';
import { badKey, internalError, noKey } from './texts.ts';

/** The one endpoint for all asset classes (sheet §1). */
export function priceStream(directory: Directory, options: TwelveDataOptions): Stream {
  const wire = {
    encoder: priceEncoder(directory),
    decode: (message: Buffer) => decode(message, directory),
    notice: (notice: Parameters<typeof noticeFrames>[0]) => noticeFrames(notice, directory, options),
    hear,
  };
  return {
    path: '/v1/quotes/price',
    feed: 'price',
    markets: ['stocks', 'indices', 'forex', 'crypto'],
    lag: 0n,
    house: undefined,
    manners: mannersOf(options),
    wire: () => wire,
    credentials: keyOf,
    turnAway: (why) => {
      if (why === 'internal') return refused(500, internalError);
      return why === 'no-key' ? refused(401, noKey) : refused(options.badKey, badKey);
    },
  };
}

function mannersOf({ eventsPerMinute, idle, evictionCode }: TwelveDataOptions): Manners {
  return {
    greets: false,
    // The key comes with the upgrade, so nobody is ever waited for.
    loginDeadline: minute,
    login: 'upgrade',
    ends: {
      // Only that older connections close is documented, neither how nor what is said before (sheet §1).
      'too-many-sessions': { after: 0n, code: evictionCode },
      idle: { after: 0n, code: 'none' },
      'slow-client': { after: 0n, code: 1008 },
    },
    overLimit: 'excess',
    unknownSymbols: 'refused',
    ...(eventsPerMinute === 'unlimited' ? {} : { messagesPerMinute: eventsPerMinute }),
    ...(idle === 'never' ? {} : { idle }),
    ping: undefined,
    closeFrames: true,
    ghost: 0n,
    evicts: 'oldest',
    // Unknown on the server's side (sheet §1).
    deflateFrom: undefined,
  };
}

function refused(status: number, body: object): RestAnswer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
