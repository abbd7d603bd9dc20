import { z } from 'zod';
import { firstDate, lastDate, nearestDate } from '../../../market/instant.ts';

/** Events a second the generator is asked for at most: what lies within one second is held in memory. */
const rateLimit = 100_000;

/** Years of a tape at most: the hours of each of its days are worked out before it begins. */
const mostYears = 30;
const isShort = (from: string, to: string): boolean =>
  Date.parse(to) - Date.parse(from) <= mostYears * 366 * 86_400_000;

const symbol = z.string().min(1).max(32).regex(/^\S+$/, 'expected a symbol without spaces');
const beyond = `beyond what a tape can hold; give a time from ${firstDate} to ${lastDate}`;
const isHeld = (text: string): boolean => text.slice(0, 10) === nearestDate(text.slice(0, 10));
const instant = z.iso
  .datetime({
    offset: true,
    error: 'not an instant; use one with its zone, such as 2026-07-01T09:30:00-04:00',
    abort: true,
  })
  .refine(isHeld, beyond);
const rate = z.number().positive().max(rateLimit);
const share = z.number().min(0).max(1);

const instrument = z.strictObject({
  symbol: symbol.meta({ title: 'Symbol', description: 'The ticker, as clients subscribe to it.', examples: ['AAPL'] }),
  market: z.enum(['stocks', 'crypto', 'forex', 'indices', 'futures']).optional().meta({
    title: 'Market',
    description:
      'The market it trades on; guessed from the symbol when left out (a pair with a slash is no stock, SPX is an index, ESZ6 a future).',
  }),
  price: z
    .number()
    .min(0.0001)
    .max(10_000_000)
    .optional()
    .meta({
      title: 'Price',
      description: 'Price at the beginning of the tape.',
      examples: [231.5],
    }),
  tick: z
    .number()
    .positive()
    .optional()
    .meta({
      title: 'Tick',
      description: 'The price grid: 0.01 means whole cents.',
      examples: [0.01],
    }),
  volatility: z
    .number()
    .min(0)
    .max(5)
    .optional()
    .meta({
      title: 'Volatility',
      description: 'Yearly volatility: 0.3 means 30 % a year.',
      examples: [0.3],
    }),
  rate: rate.optional().meta({
    title: 'Rate',
    description:
      'Events a second of this symbol, averaged over its trading day; else its share of the overall rate, and one a second for an index.',
    examples: [20],
  }),
  tape: z.enum(['A', 'B', 'C']).optional().meta({
    title: 'Tape',
    description: 'Consolidated tape of a US stock: A = NYSE, B = regional and ETF, C = Nasdaq.',
  }),
});
/** One symbol's own settings; what is left out is guessed from the symbol. */
export type InstrumentOptions = z.output<typeof instrument>;

/** What a scenario may say about a generated market. */
export const options = z
  .strictObject({
    symbols: z
      .array(z.union([symbol, instrument]))
      .min(1)
      .max(10_000)
      .default(['AAPL', 'MSFT', 'GOOGL', 'TSLA', 'SPY', 'BTC/USD', 'EUR/USD', 'USD/COP'])
      .refine((list) => new Set(list.map(nameOf)).size === list.length, { error: 'names a symbol twice; keep one' })
      .meta({
        title: 'Symbols',
        description:
          'What trades: tickers, or tickers with settings of their own. OCC symbols are options, priced by their stock; an index such as SPX has values each second, a future such as ESZ6 trades from Sunday 17:00 to Friday 16:00 in Chicago.',
        examples: [['AAPL', 'BTC/USD', 'EUR/USD', 'SPX', 'ESZ6'], [{ symbol: 'AAPL', price: 231.5, rate: 20 }]],
      }),
    day: z.iso
      .date({ error: 'not a day; use one such as 2026-07-01', abort: true })
      .refine(isHeld, beyond)
      .optional()
      .meta({
        title: 'Day',
        description:
          'The market day to generate. With US stocks, options or indices: their trading hours; without: the whole UTC day.',
        examples: ['2026-07-01'],
      }),
    from: instant.optional().meta({
      title: 'From',
      description: 'First second of the tape instead of `day`, with its zone.',
      examples: ['2026-07-01T09:30:00-04:00'],
    }),
    to: instant.optional().meta({
      title: 'To',
      description: 'First second no longer on the tape, with its zone.',
      examples: ['2026-07-02T16:01:00-04:00'],
    }),
    rate: rate.default(70).meta({
      title: 'Rate',
      description: 'Events a second of all symbols together, averaged over the day; more at the open and the close.',
      examples: [80, 2000],
    }),
    quotesPerTrade: z.number().min(0).max(1000).default(4).meta({
      title: 'Quotes per trade',
      description: 'How many quotes there are for one trade; 0 makes a tape of trades alone.',
    }),
    oddLots: share.default(0.4).meta({
      title: 'Odd lots',
      description: 'Share of stock trades below 100 shares, marked I.',
    }),
    profile: z.enum(['u-shape', 'flat']).default('u-shape').meta({
      title: 'Profile',
      description: 'How activity runs through a stock’s day: busy at both ends, or even.',
    }),
    correlation: share.default(0.6).meta({
      title: 'Correlation',
      description: 'How much the symbols of one market move together: 0 = each on its own, 1 = all alike.',
    }),
    extendedHours: z.boolean().default(false).meta({
      title: 'Extended hours',
      description: 'Also generate the hours before the open and after the close, with condition T.',
    }),
    halts: share.default(0.02).meta({
      title: 'Halts',
      description: 'Chance that a stock is halted for five minutes once in a day.',
    }),
    corrections: z.number().min(0).max(0.1).default(0).meta({
      title: 'Corrections',
      description: 'Share of stock trades that are corrected or cancelled some seconds later.',
    }),
    books: z
      .int()
      .min(0)
      .max(100)
      .default(0)
      .meta({
        title: 'Order books',
        description:
          'Levels on each side of the order books of crypto, which change every second; 0 makes a tape without books.',
        examples: [10],
      }),
    news: z
      .number()
      .min(0)
      .max(3600)
      .default(0)
      .meta({
        title: 'News',
        description: 'Items of invented news an hour, about the stocks and the crypto on the tape.',
        examples: [60],
      }),
    seed: z
      .int()
      .nonnegative()
      .optional()
      .meta({
        title: 'Seed',
        description: 'Another market from the same settings; the scenario’s seed when left out.',
        examples: [7],
      }),
  })
  .refine(({ day, from, to }) => (day === undefined ? (from === undefined) === (to === undefined) : !from && !to), {
    error: 'day, from and to do not go together; give either `day`, or both `from` and `to`',
  })
  .refine(({ from, to }) => from === undefined || to === undefined || Date.parse(from) < Date.parse(to), {
    path: ['to'],
    error: 'is not after `from`; give a later instant',
  })
  .refine(({ from, to }) => from === undefined || to === undefined || isShort(from, to), {
    path: ['to'],
    error: `is more than ${mostYears} years after \`from\`; give an earlier instant`,
  });
export type Options = z.output<typeof options>;

/** The ticker of an entry, whichever way it is written. */
export function nameOf(entry: string | InstrumentOptions): string {
  return typeof entry === 'string' ? entry : entry.symbol;
}
