import { z } from 'zod';
import { markets } from '../../../market/event.ts';
import type { BarColumn } from '../source.ts';

const column = (holds: string, ...examples: readonly string[]) =>
  z
    .string()
    .min(1)
    .optional()
    .meta({ description: `Column with ${holds}.`, examples });

/** How the rows of a file of another format are to be read, where the file does not tell: scenario and command line ask the same. */
export const readingSchema = z
  .strictObject({
    format: z
      .string()
      .min(1)
      .optional()
      .meta({ description: 'Name of the format, when it is not to be told from the file.', examples: ['polygon'] }),
    market: z.enum(markets).optional().meta({ description: 'Market of symbols that do not show it.' }),
    symbol: z
      .string()
      .min(1)
      .optional()
      .meta({ description: 'Symbol of the rows, when the file has none.', examples: ['AAPL'] }),
    map: z
      .strictObject({
        time: column('the time, or the time of day beside a date', 'Timestamp', '#1'),
        date: column('the date, where the time is apart from it', 'Date'),
        open: column('the first price', 'Open'),
        high: column('the highest price', 'High'),
        low: column('the lowest price', 'Low'),
        close: column('the last price', 'Close'),
        volume: column('how much was traded', 'Volume'),
        symbol: column('the symbol of each row', 'Ticker'),
        trades: column('how many trades there were', 'Transactions'),
        vwap: column('the volume-weighted average price', 'VWAP'),
      } satisfies Record<BarColumn, ReturnType<typeof column>>)
      .optional()
      .meta({
        description: 'Bars in CSV: which column holds what, by name, or as #1, #2 … in a file without a header.',
        examples: [{ time: 'Date', open: 'Open', high: 'High', low: 'Low', close: 'Close', volume: 'Volume' }],
      }),
    timeZone: z
      .string()
      .min(1)
      .optional()
      .meta({ description: 'Zone of times that are written without one.', examples: ['America/New_York'] }),
    timeFormat: z
      .string()
      .min(1)
      .optional()
      .meta({ description: 'How times are written, as strptime spells it.', examples: ['%m/%d/%Y %H:%M'] }),
    barLabel: z
      .enum(['start', 'end'])
      .optional()
      .meta({ description: 'Which end of a bar its time tells; the start when left out.' }),
    timeframe: z
      .string()
      .regex(/^[1-9]\d?[smhd]$/, 'expected 1s to 59s, 1m to 59m, 1h to 23h, or 1d')
      .optional()
      .meta({ description: 'Length of the bars.', examples: ['1m'] }),
  })
  .meta({
    title: 'Reading',
    description: 'How to read a file of another format, as `papertape tape import` asks it.',
    examples: [{ timeframe: '1m', timeZone: 'America/New_York', symbol: 'AAPL' }],
  });
