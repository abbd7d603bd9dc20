import { z } from 'zod';
import { barKinds, markets } from '../../../market/event.ts';
import { timeLength } from '../../../market/event-json.ts';

const time = z
  .string()
  .length(timeLength)
  .meta({
    description: 'ISO 8601 with nine decimals, UTC.',
    examples: ['2026-07-01T13:30:00.000000001Z'],
  });
const head = {
  at: time.meta({ description: 'When the market published it.' }),
  market: z.enum(markets),
  symbol: z.string(),
  dataSource: z.string().meta({ description: 'Who said so: alpaca, polygon, twelvedata, recycled.' }),
};
/** Kinds whose fields are read by who knows them. */
const others = ['status', 'luld', 'imbalance', 'correction', 'cancel', 'book', 'news', 'pricing'] as const;

/** An event as other programs are told it: market/event.ts as JSON, what is unknown left out. Fields that are not listed here are there too. */
export const toldEvent = z
  .discriminatedUnion('kind', [
    z.looseObject({
      ...head,
      kind: z.literal('trade'),
      id: z.string(),
      price: z.number(),
      size: z.number(),
      exchange: z.string().optional(),
      conditions: z.array(z.string()),
    }),
    z.looseObject({
      ...head,
      kind: z.literal('quote'),
      bidPrice: z.number(),
      bidSize: z.number(),
      askPrice: z.number(),
      askSize: z.number(),
    }),
    z.looseObject({
      ...head,
      kind: z.enum(barKinds),
      start: time,
      open: z.number(),
      high: z.number(),
      low: z.number(),
      close: z.number(),
      volume: z.number(),
      trades: z.number(),
      vwap: z.number(),
    }),
    z.looseObject({
      ...head,
      kind: z.literal('price'),
      price: z.number(),
      bidPrice: z.number().optional(),
      askPrice: z.number().optional(),
      dayVolume: z.number().optional(),
    }),
    z.looseObject({ ...head, kind: z.enum(['value', 'fair-value']), value: z.number() }),
    z.looseObject({ ...head, kind: z.enum(others) }),
  ])
  .meta({ id: 'Event', description: 'An event of the market: the fields of its kind, times in ISO 8601.' });

export type ToldEvent = z.output<typeof toldEvent>;
