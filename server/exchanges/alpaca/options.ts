import { z } from 'zod';
import { duration } from '../../../market/duration.ts';
import { pingOption } from '../exchange.ts';

const never = z.literal('never').meta({ description: 'The socket stays open.' });
const dropped = z.union([never, duration]);

/** Alpaca's switches in a scenario. Where the sources disagree or are silent, the default is the best evidence (sheet §10). */
export const alpacaOptions = z
  .strictObject({
    ack: z
      .enum(['auto', 'compact', 'full'])
      .prefault('auto')
      .meta({
        description:
          'Which channels a subscription reply lists. compact: only those that hold symbols (measured on JSON, 2026); full: every one (documented, and needed by alpaca-trade-api-js 3); auto: compact for JSON, full for MessagePack.',
        examples: ['full'],
      }),
    emptySubscribe: z
      .enum(['400', 'ack'])
      .prefault('400')
      .meta({
        description:
          'Answer to a request that names no symbol of a known channel. 400: invalid syntax (measured, 2026); ack: the current state.',
        examples: ['ack'],
      }),
    authDeadline: duration.prefault('10s').meta({
      description:
        'A client that has not authenticated within this hears 404 and is dropped. 10 s is documented, the drop inferred.',
      examples: ['10s'],
    }),
    afterAuthError: z
      .strictObject({
        '402': dropped.prefault('never').meta({ description: 'After auth failed. Measured: stays open.' }),
        '406': dropped
          .prefault('10s')
          .meta({ description: 'After connection limit exceeded. Measured: dropped 9.96 s later.' }),
        '409': dropped
          .prefault('never')
          .meta({ description: 'After insufficient subscription. Measured: open for at least 5 s.' }),
      })
      .prefault({})
      .meta({
        description: 'How long after a refused auth the socket is dropped.',
        examples: [{ '402': '5s', '406': '10s', '409': 'never' }],
      }),
    closeFrames: z
      .enum(['none', 'clean'])
      .prefault('none')
      .meta({
        description:
          'How the server ends a connection. none: the socket is torn down and the client sees 1006 (measured, also after a Close of the client); clean: with Close frames.',
        examples: ['clean'],
      }),
    slotRelease: duration.prefault('0s').meta({
      description:
        'How long a client that vanished without a Close frame still holds its connection slot (users report about 90 s; a clean end frees it at once).',
      examples: ['0s', '90s'],
    }),
    serverPing: pingOption('54s', '6s').meta({
      description: "The server's ping frames. Measured: every 54 s, drop 6 s after a missed pong.",
      examples: [{ every: '54s', patience: '6s' }, 'off'],
    }),
    deflateFrom: z
      .union([z.literal('off'), z.int().min(0)])
      .prefault(1024)
      .meta({
        description:
          'Frames of at least so many bytes are compressed for clients that offer permessage-deflate (documented as supported; the threshold is ours).',
        examples: [0, 'off'],
      }),
    barDelay: z
      .strictObject({
        earliest: duration
          .prefault('250ms')
          .meta({ description: 'First bars of a minute, after the minute.', examples: ['250ms'] }),
        latest: duration
          .prefault('550ms')
          .meta({ description: 'Last bars of a minute, after the minute.', examples: ['550ms'] }),
        slots: z.int().min(1).max(1000).prefault(9).meta({ description: 'Bursts in which a minute of bars leaves.' }),
      })
      .refine(({ earliest, latest }) => earliest <= latest, {
        path: ['earliest'],
        error: 'after latest; make it the same or shorter',
      })
      .prefault({})
      .meta({
        description:
          'When the minute bars made from trades are sent. Measured: about 9 frames, 0.25 to 0.55 s after the minute.',
        examples: [{ earliest: '250ms', latest: '550ms', slots: 9 }],
      }),
    updatedBarDelay: duration.prefault('29.5s').meta({
      description: 'An updated bar follows so long after the bar that a late trade changed. Measured: 29.1 to 30.1 s.',
      examples: ['29.5s'],
    }),
    dailyBarDelay: duration.prefault('250ms').meta({
      description:
        'The daily bar is sent so long after every minute mark. Documented as once a minute; the moment is inferred.',
      examples: ['250ms'],
    }),
    delayedLag: duration.prefault('15m').meta({
      description: 'How far /v2/delayed_sip is behind the tape (documented).',
      examples: ['15m'],
    }),
    restAuthError: z
      .union([z.literal(401), z.literal(403)])
      .prefault(401)
      .meta({
        description:
          'Status of an HTTP request without a good key. 401: the page of the web server in front (measured, 2026); 403: forbidden., as the FAQ has it.',
        examples: [403],
      }),
    requestLimit: z
      .strictObject({
        basic: z.int().min(0).prefault(200).meta({ description: 'Documented: 200.' }),
        plus: z.int().min(0).prefault(10_000).meta({ description: 'Documented: 10,000.' }),
        broker: z.int().min(0).prefault(10_000).meta({ description: 'As plus.' }),
      })
      .prefault({})
      .meta({
        description:
          'HTTP requests that a key may make in a minute of wall time, by plan; the next one is answered 429.',
        examples: [{ basic: 200, plus: 10_000, broker: 10_000 }],
      }),
    basicFeeds: z
      .array(
        z.enum(['iex', 'sip', 'delayed_sip', 'boats', 'overnight', 'test', 'crypto', 'indicative', 'opra', 'news']),
      )
      .prefault(['iex', 'test', 'crypto', 'indicative', 'news'])
      .meta({
        description:
          'Feeds that a key with plan basic may use; the others answer 409. Documented: iex, and test with any plan; crypto, indicative and news inferred. /stream is open to all.',
        examples: [['iex', 'delayed_sip', 'test']],
      }),
    symbolLimit: z
      .int()
      .min(0)
      .prefault(30)
      .meta({
        description:
          'Symbols that plan basic may hold, trades and quotes together; bars are exempt (documented, measured).',
        examples: [30],
      }),
    optionQuoteLimit: z
      .strictObject({
        basic: z.int().min(0).prefault(200).meta({ description: 'Reported by a third party: 200.' }),
        plus: z.int().min(0).prefault(1000).meta({ description: 'Reported by a third party: 1000.' }),
      })
      .prefault({})
      .meta({
        description:
          'Contracts whose quotes a key may hold on an option stream, by plan (broker as plus); trades are exempt.',
        examples: [{ basic: 200, plus: 1000 }],
      }),
    connectionLimit: z
      .strictObject({
        basic: z.int().min(1).prefault(1).meta({ description: 'Documented: 1.' }),
        plus: z.int().min(1).prefault(1).meta({ description: 'Documented: 1.' }),
        broker: z.int().min(1).prefault(5).meta({ description: 'Documented: 5.' }),
      })
      .prefault({})
      .meta({
        description: 'Connections that a key may hold on one stream, by plan; the next one hears 406.',
        examples: [{ basic: 1, plus: 1, broker: 5 }],
      }),
  })
  .meta({
    title: 'Alpaca',
    description:
      "Alpaca's streams: stocks (/v2/iex, /v2/sip, /v2/delayed_sip, /v1beta1/boats, /v1beta1/overnight, /v2/test), crypto (/v1beta3/crypto/us, us-1, eu-1), options (/v1beta1/indicative, /v1beta1/opra), /v1beta1/news, and /stream.",
    examples: [{ ack: 'full', closeFrames: 'clean' }],
  });
