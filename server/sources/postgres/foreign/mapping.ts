import { z } from 'zod';
import { duration, formatDuration } from '../../../../market/duration.ts';
import { markets, type Nanos } from '../../../../market/event.ts';
import { eachField, fieldsOf, mappedKinds } from './fields.ts';
import { timeZone } from './time-zone-name.ts';

const column = z.string().min(1);
const maybe = column.optional();
const scalar = z.union([z.string(), z.number(), z.boolean()]);

const columns = z
  .strictObject({
    at: maybe.meta({
      title: 'Time',
      description: 'Column with the time: timestamp, timestamptz, date, or a number with `epoch`.',
      examples: ['datetime'],
    }),
    symbol: maybe.meta({ description: 'Column with the symbol; its own name when absent.', examples: ['ticker'] }),
    market: maybe.meta({ description: `Column with the market: ${markets.join(', ')}.`, examples: ['asset_class'] }),
    ...eachField(
      maybe.meta({ description: 'Column that holds it.', examples: ['price_close', 'trade_size', 'exchange_code'] }),
    ),
  })
  .meta({
    title: 'Columns',
    description:
      'Which column holds what. A price or a size that is not named here is looked for under its own name (bidPrice as bid_price).',
    examples: [{ at: 'datetime', open: 'o', high: 'h', low: 'l', close: 'c', volume: 'v' }],
  });

const epochUnits = { seconds: 1_000_000_000n, millis: 1_000_000n, micros: 1_000n, nanos: 1n } as const;
/** Nanoseconds of one unit of an epoch column. */
export const nanosOf = (unit: keyof typeof epochUnits): Nanos => epochUnits[unit];

/** How one table that is not ours plays: what its rows are and which column means what. */
export const mappingSchema = z
  .strictObject({
    table: z
      .string()
      .min(1)
      .meta({
        title: 'Table',
        description: 'Table or view, spelled as in the database, with its schema when it is not on the search path.',
        examples: ['market_data', 'archive.bars_1m'],
      }),
    kind: z.enum(mappedKinds).default('bar').meta({ title: 'Kind', description: 'What a row is.' }),
    columns: columns.prefault({}),
    timeframe: duration.optional().meta({
      title: 'Timeframe',
      description: 'How long a bar lasts; 1s, 1m or 1d after its kind when absent.',
      examples: ['1m', '5m'],
    }),
    label: z.enum(['start', 'end']).default('start').meta({
      title: 'Label',
      description: 'Whether the time of a bar is the start or the end of its bucket. Bars play when the bucket ends.',
    }),
    timeZone: timeZone.optional().meta({
      title: 'Time zone',
      description: 'On whose wall the times of a column without zone were read. Such a column is refused without it.',
      examples: ['America/New_York', 'UTC'],
    }),
    repeatedHour: z.enum(['in-turn', 'first', 'second']).optional().meta({
      title: 'Repeated hour',
      description:
        'Wall times that come twice when clocks go back: first, second, or in-turn: a second bar of a symbol at one wall time is of the second hour. in-turn for bars and first for all else when absent.',
    }),
    epoch: z.enum(['seconds', 'millis', 'micros', 'nanos']).optional().meta({
      title: 'Epoch',
      description: 'What a time that is a number counts, since 1970 in UTC.',
    }),
    symbol: z
      .string()
      .min(1)
      .optional()
      .meta({
        title: 'Symbol',
        description: 'The symbol of all rows, for a table without such a column.',
        examples: ['USD/COP'],
      }),
    market: z
      .enum(markets)
      .default('stocks')
      .meta({ title: 'Market', description: 'The market of all rows, unless columns.market is given.' }),
    where: z
      .record(column, z.union([scalar, z.array(scalar).min(1)]))
      .optional()
      .meta({
        title: 'Where',
        description: 'Only rows whose columns have these values.',
        examples: [{ data_source: 'alpaca', timeframe: ['1m', '1Min'] }],
      }),
    badRows: z.enum(['refuse', 'skip']).default('refuse').meta({
      title: 'Bad rows',
      description:
        'Rows that are no event (a price that is missing, negative or no number): refuse to start, or leave them out with one warning that counts them.',
    }),
  })
  .superRefine(({ kind, columns: named, timeframe, label, symbol }, context) => {
    const possible = fieldsOf(kind).map(({ name }) => name);
    const complain = (path: string[], message: string): void => context.addIssue({ code: 'custom', path, message });
    for (const name of Object.keys(named)) {
      if (['at', 'symbol', 'market'].includes(name) || possible.some((one) => one === name)) continue;
      complain(['columns', name], `a ${kind} has none; it has at, symbol, market, ${possible.join(', ')}`);
    }
    if (symbol !== undefined && named.symbol !== undefined) {
      complain(['symbol'], 'stands beside columns.symbol; keep one of the two');
    }
    if (kind.endsWith('bar')) return;
    if (timeframe !== undefined)
      complain(['timeframe'], `a ${kind} has none; remove it (${formatDuration(timeframe)})`);
    if (label === 'end') complain(['label'], `belongs to bars, not to a ${kind}; remove it`);
  })
  .meta({
    title: 'Mapped table',
    description: 'A table of another system, played as it stands and never written to.',
    examples: [
      {
        table: 'market_data',
        columns: { at: 'datetime' },
        timeframe: '1m',
        timeZone: 'America/New_York',
      },
    ],
  });

export type Mapping = z.output<typeof mappingSchema>;
export type MappingInput = z.input<typeof mappingSchema>;
