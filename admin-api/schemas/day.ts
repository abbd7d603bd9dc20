import { z } from 'zod';
import { instant } from './common.ts';

export const dayQuery = z.strictObject({
  at: z
    .string()
    .optional()
    .meta({
      description: 'An instant of the day, or a moment such as 09:30; the one under the needle when absent.',
      examples: ['2026-07-01T13:30:00Z'],
    }),
});

export const dayView = z
  .strictObject({
    from: instant.meta({ description: 'First instant of the tape on that day in New York.' }),
    to: instant,
    lengthMs: z.number().meta({ description: 'Of every stretch.' }),
    stretches: z.array(
      z.strictObject({
        at: instant,
        trades: z.int(),
        turnover: z.number().meta({ description: 'Sum of price times size.' }),
      }),
    ),
    faults: z
      .array(
        z.strictObject({
          id: z.string().meta({ description: 'Of the step.' }),
          at: instant.meta({ description: 'Market time at which it begins, as far as that can be told before.' }),
          until: instant.optional(),
          sentence: z.string(),
        }),
      )
      .meta({ description: 'Steps of the scenario that begin on that day.' }),
  })
  .meta({ id: 'Day', description: 'A day of the tape as it can be drawn, what is still to be played too.' });
export type DayView = z.infer<typeof dayView>;

export const symbolView = z.strictObject({ market: z.string(), symbol: z.string() }).meta({ id: 'Symbol' });
export type SymbolView = z.infer<typeof symbolView>;

export const barsQuery = z.strictObject({
  symbol: z.string().meta({ examples: ['AAPL'] }),
  market: z.string().optional().meta({ description: 'Where two markets have the symbol.' }),
  since: z.string().optional().meta({ description: 'Only bars that start at this instant or later.' }),
  limit: z.coerce.number().int().min(1).max(5000).default(1000).meta({ description: 'The newest of them.' }),
});

export const barView = z
  .strictObject({
    at: instant.meta({ description: 'Market time of its start.' }),
    open: z.number(),
    high: z.number(),
    low: z.number(),
    close: z.number(),
    volume: z.number(),
  })
  .meta({ id: 'Bar' });
export type BarView = z.infer<typeof barView>;
