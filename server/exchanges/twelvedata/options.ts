import { z } from 'zod';
import { duration } from '../../../market/duration.ts';
import { TimeZone } from '../../../market/time-zone.ts';

const text = z.string().min(1, 'empty; leave it out or name it').optional();
const count = z.int().min(0);

const listing = z.strictObject({
  name: text.meta({ description: 'Name of the instrument, as /quote tells it.', examples: ['Ecopetrol S.A.'] }),
  exchange: text.meta({ description: 'Exchange by name.', examples: ['BVC', 'Binance'] }),
  mic: text.meta({ description: 'Market identifier code (ISO 10383).', examples: ['XBOG'] }),
  currency: text.meta({ description: 'Currency code of its prices.', examples: ['COP'] }),
  country: text.meta({ description: 'Country of the exchange.', examples: ['Colombia'] }),
  type: text.meta({ description: "Kind of instrument in the vendor's words.", examples: ['Common Stock', 'ETF'] }),
  base: text.meta({ description: 'Pairs: name of the first currency.', examples: ['Bitcoin'] }),
  quote: text.meta({ description: 'Pairs: name of the second currency.', examples: ['US Dollar'] }),
  zone: text
    .refine((zone) => zone === undefined || isZone(zone), 'no time zone; use an IANA name such as America/Bogota')
    .meta({ description: 'IANA time zone of the exchange.', examples: ['America/Bogota'] }),
});

/** Plans differ by numbers only. */
const byPlan = (shape: z.ZodInt, basic: number, grow: number, pro: number, ultra: number) =>
  z
    .strictObject({
      basic: shape.prefault(basic).meta({ description: `Default: ${basic}.`, examples: [basic] }),
      grow: shape.prefault(grow).meta({ description: `Default: ${grow}.`, examples: [grow] }),
      pro: shape.prefault(pro).meta({ description: `Default: ${pro}.`, examples: [pro] }),
      ultra: shape.prefault(ultra).meta({ description: `Default: ${ultra}.`, examples: [ultra] }),
    })
    .prefault({});

/** Twelve Data's switches in a scenario. Where the sources disagree or are silent, the default is the best evidence (sheet §8). */
export const twelveDataOptions = z
  .strictObject({
    badKey: z
      .union([z.literal(401), z.literal(403), z.literal(200)])
      .prefault(401)
      .meta({
        description:
          'HTTP status of an upgrade with a wrong key; the body always says code 401. SDK authors have seen all three.',
        examples: [200],
      }),
    errorStatus: z
      .enum(['code', '200'])
      .prefault('code')
      .meta({
        description:
          'HTTP status of a refused REST request. code: that of the body (documented); 200: with the error in the body, as clients have captured it.',
        examples: ['200'],
      }),
    emptyList: z
      .enum(['null', 'array'])
      .prefault('null')
      .meta({
        description: 'How an empty success or fails is written. null: in the wild; array: [] in newer samples.',
        examples: ['array'],
      }),
    resetStatus: z
      .enum(['sent', 'silent'])
      .prefault('sent')
      .meta({
        description: 'Whether a reset is answered with reset-status. Inferred: no source shows it.',
        examples: ['silent'],
      }),
    success: z
      .strictObject({
        types: z
          .enum(['words', 'codes'])
          .prefault('words')
          .meta({ description: 'Common Stock, or COMMON_STOCK as some logs have it.', examples: ['codes'] }),
        indices: z
          .enum(['sparse', 'full'])
          .prefault('sparse')
          .meta({
            description: 'sparse: symbol and type only (reported since 2023); full: with exchange, code and country.',
            examples: ['full'],
          }),
      })
      .prefault({})
      .meta({
        description: 'How the symbols of a success list are described.',
        examples: [{ types: 'codes', indices: 'full' }],
      }),
    eventsPerMinute: z
      .union([z.literal('unlimited'), z.int().min(1)])
      .prefault(100)
      .meta({
        description:
          'Events of a client in a minute, heartbeats among them; the next are answered with message-processing. Documented: 100.',
        examples: [100, 'unlimited'],
      }),
    idle: z
      .union([z.literal('never'), duration])
      .prefault('never')
      .meta({
        description:
          'A client that sends no message for so long, not even a heartbeat, is dropped without a Close frame. A heartbeat every 10 s is advised; whether there is a limit is not published, and the Python SDK, which sends none by itself, lives for hours (sheet §6, §7).',
        examples: ['60s', 'never'],
      }),
    evictionCode: z
      .union([z.literal('none'), z.int().min(1000).max(4999)])
      .prefault(1008)
      .meta({
        description:
          'Close code of a connection that a newer one pushes out; none: without a Close frame, so that the client sees 1006. Not established.',
        examples: [1008, 'none'],
      }),
    connectionLimit: byPlan(z.int().min(1), 1, 1, 3, 3).meta({
      description:
        'Connections a key may have, by plan; one more closes the oldest. Documented: 1 for basic and grow, else 3.',
      examples: [{ pro: 3 }],
    }),
    symbolLimit: byPlan(count, 8, 8, 1500, 10_000).meta({
      description: 'WebSocket credits by plan: symbols a key may hold; what is beyond comes back in fails (inferred).',
      examples: [{ pro: 500 }],
    }),
    trialSymbols: z
      .array(z.string().min(1))
      .prefault(['AAPL', 'INFY', 'TRP', 'QQQ', 'IXIC', 'EUR/USD', 'USD/JPY', 'BTC/USD', 'ETH/BTC'])
      .meta({
        description:
          "Symbols that plans basic and grow may stream. Default: those of the vendor's streaming article; the full list is not published.",
        examples: [['AAPL', 'EUR/USD', 'BTC/USD']],
      }),
    creditsPerMinute: byPlan(count, 8, 377, 1597, 10_946).meta({
      description: 'API credits that a key may spend in a minute of wall time, by plan; more is answered 429.',
      examples: [{ basic: 8 }],
    }),
    creditsPerDay: z
      .strictObject({ basic: count.prefault(800).meta({ description: 'Documented: 800.', examples: [800] }) })
      .prefault({})
      .meta({
        description:
          'API credits that a key with plan basic may spend in a day (UTC); the other plans have no such limit.',
        examples: [{ basic: 800 }],
      }),
    valuesPerCredit: z
      .union([z.literal('unlimited'), z.int().min(1)])
      .prefault('unlimited')
      .meta({
        description:
          'Values of a time series that one credit pays for, per symbol. unlimited: a credit per symbol (documented); users report 100.',
        examples: [100],
      }),
    listings: z
      .record(z.string().min(1), listing)
      .prefault({})
      .meta({
        description:
          'What is told of instruments beside their prices, where it differs from the built-in directory of well-known symbols.',
        examples: [{ ECOPETROL: { exchange: 'BVC', mic: 'XBOG', currency: 'COP', country: 'Colombia' } }],
      }),
  })
  .meta({
    title: 'Twelve Data',
    description:
      "Twelve Data's price stream (/v1/quotes/price) and REST API (/time_series, /price, /quote, /exchange_rate, /eod, /api_usage, /market_state).",
    examples: [{ badKey: 200, emptyList: 'array' }],
  });
export type TwelveDataOptions = z.output<typeof twelveDataOptions>;

function isZone(name: string): boolean {
  try {
    return new TimeZone(name).name === name;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
