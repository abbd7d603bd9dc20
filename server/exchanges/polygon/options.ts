import { z } from 'zod';
import { duration } from '../../../market/duration.ts';
import { pingOption } from '../exchange.ts';
import { planOptions } from './plans.ts';

/** Polygon's switches in a scenario. Where the sources disagree or are silent, the default is the best evidence (sheet §10). */
export const polygonOptions = z
  .strictObject({
    ack: z
      .enum(['array', 'frame-per-param'])
      .prefault('array')
      .meta({
        description:
          'How a subscription is answered. array: one frame with the status of every param, refusals first (measured, 2026); frame-per-param: a frame for each, as older documents and the Python test server have it.',
        examples: ['frame-per-param'],
      }),
    words: z
      .enum(['current', 'legacy'])
      .prefault('current')
      .meta({
        description:
          'Words of the login. current: auth_success and auth_failed; legacy: success and error, as in 2019, before those existed.',
        examples: ['legacy'],
      }),
    brand: z
      .enum(['massive', 'polygon'])
      .prefault('massive')
      .meta({
        description: 'Whose web site the texts name: massive.com, or polygon.io as until October 2025.',
        examples: ['polygon'],
      }),
    authDeadline: duration.prefault('10s').meta({
      description:
        'A client that has not authenticated within this hears auth_timeout and is dropped. The real number is not published.',
      examples: ['10s'],
    }),
    malformed: z
      .enum(['ignored', '1003', '1008'])
      .prefault('ignored')
      .meta({
        description:
          'What becomes of a message that is no JSON object or has no known action: passed over in silence, or the connection is closed with that code. Not established.',
        examples: ['1003'],
      }),
    connectionCap: z
      .strictObject({
        mode: z.enum(['evict_oldest', 'refuse_newest']).prefault('evict_oldest').meta({
          description:
            'Who has to go: the oldest connection at the login of another (reported by most), or the newcomer when its first subscription has been acknowledged.',
        }),
        wording: z.enum(['counted', 'spec', 'plain', 'account', 'contact']).prefault('counted').meta({
          description:
            'The text, which has changed over time. counted: You may only use 1 connections at a time; spec: that of 2020; account: of October 2025; contact: of February 2026; plain: of September 2026.',
        }),
        close: z
          .enum(['1008', 'abort'])
          .prefault('1008')
          .meta({ description: 'How it ends: with that code, or without a Close frame. Both were seen.' }),
      })
      .prefault({})
      .meta({
        description: 'What happens when a key opens more connections to a cluster than its plan has.',
        examples: [{ mode: 'refuse_newest', wording: 'plain', close: 'abort' }],
      }),
    slotRelease: duration.prefault('0s').meta({
      description:
        'How long a client that vanished without a Close frame still holds its connection. Real length unknown.',
      examples: ['30s'],
    }),
    serverPing: pingOption('30s', '10s').meta({
      description: "The server's ping frames. That it pings was measured, how often was not.",
      examples: [{ every: '30s', patience: '10s' }, 'off'],
    }),
    deflateFrom: z
      .union([z.literal('off'), z.int().min(0)])
      .prefault('off')
      .meta({
        description:
          'Frames of at least so many bytes are compressed for clients that offer permessage-deflate. off: it is not negotiated; nothing is documented.',
        examples: ['off', 1024],
      }),
    decimalSizes: z
      .enum(['always', 'fractional', 'never'])
      .prefault('always')
      .meta({
        description:
          'When stocks carry their sizes and volumes once more as decimal text (ds, dv, dav; since February 2026): always, only where there is a fraction, or never, as before.',
        examples: ['never'],
      }),
    quoteSizes: z
      .enum(['shares', 'round-lots'])
      .prefault('shares')
      .meta({
        description:
          'Unit of bs and as of stocks. shares: since 3 November 2025 (announced by the vendor); round-lots: hundreds of shares, as before and as the machine-readable specification still says.',
        examples: ['round-lots'],
      }),
    participantTime: z
      .boolean()
      .prefault(false)
      .meta({
        description:
          "Whether stock trades carry pt, the participant's time, which one article names and no specification has.",
        examples: [true],
      }),
    barDelay: z
      .strictObject({
        earliest: duration
          .prefault('0s')
          .meta({ description: 'First bars of a minute, after the minute.', examples: ['0s'] }),
        latest: duration
          .prefault('0s')
          .meta({ description: 'Last bars of a minute, after the minute.', examples: ['2s'] }),
        slots: z.int().min(1).max(1000).prefault(1).meta({ description: 'Bursts in which a minute of bars leaves.' }),
      })
      .refine(({ earliest, latest }) => earliest <= latest, {
        path: ['earliest'],
        error: 'after latest; make it the same or shorter',
      })
      .prefault({})
      .meta({
        description:
          'When the minute bars made from trades are sent. Not published; users see a whole market take up to 2 s.',
        examples: [{ earliest: '300ms', latest: '2s', slots: 20 }],
      }),
    updatedBarDelay: duration.prefault('1s').meta({
      description:
        'A minute bar that a late trade changed is sent again so long after that trade, with all others that came by then. Documented is only that it is sent again.',
      examples: ['0s'],
    }),
    barRevised: duration.prefault('15m').meta({
      description:
        'Until so long after it was first sent, a minute bar is sent again whenever a late trade changes it (documented).',
      examples: ['15m'],
    }),
    secondBarDelay: duration.prefault('2s').meta({
      description: "A second's bar leaves so long after the second (documented).",
      examples: ['2s'],
    }),
    secondBarRevised: duration.prefault('15m').meta({
      description:
        "So long after it was first sent, a second's bar is sent again when a late trade changes it (documented).",
      examples: ['15m'],
    }),
    delayedLag: duration.prefault('15m').meta({
      description: 'How far the delayed feeds are behind the tape (documented).',
      examples: ['15m'],
    }),
    delayedFuturesLag: duration.prefault('10m').meta({
      description: 'How far the delayed feeds of futures are behind the tape (documented).',
      examples: ['10m'],
    }),
    launchpad: z
      .boolean()
      .prefault(false)
      .meta({
        description:
          'Whether the paths below /launchpad exist: minute bars (AM) and last values (LV). Its host was not provisioned when probed in September 2026.',
        examples: [true],
      }),
    optionContractLimit: z
      .int()
      .min(0)
      .prefault(1000)
      .meta({
        description:
          'Contracts whose quotes and fair values, or on Launchpad bars and last values, a connection may hold on options, * being too many; a request that goes beyond it is refused whole (documented, measured).',
        examples: [1000],
      }),
    plans: planOptions,
  })
  .meta({
    title: 'Polygon (Massive)',
    description:
      "Polygon's (Massive's) clusters: /stocks, /options, /indices, /forex, /crypto, /futures (and /futures/cme, cbot, nymex, comex), each also below the name of a feed, such as /delayed/stocks or /business/stocks.",
    examples: [{ ack: 'frame-per-param', connectionCap: { mode: 'refuse_newest' } }],
  });

export type PolygonOptions = z.output<typeof polygonOptions>;

/** Where the vendor sends whoever has the wrong plan. */
export const pricingPage = (brand: PolygonOptions['brand']): string =>
  `https://${brand === 'massive' ? 'massive.com' : 'polygon.io'}/pricing`;
