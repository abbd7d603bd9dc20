import { z } from 'zod';
import { duration } from '../../market/duration.ts';

/** How bars are made of trades or prices. Market time. */
export const barSettings = z
  .strictObject({
    make: z
      .enum(['auto', 'always', 'never'])
      .default('auto')
      .meta({ description: 'auto: of what is heard, unless the vendor’s own minute bars are subscribed to.' }),
    grace: duration.prefault('2s').meta({
      description: 'How long after its end a minute waits for stragglers before its bar is told.',
    }),
    settle: duration.prefault('5s').meta({
      description: 'How long changes of a bar that was told are gathered before it is told again.',
    }),
    awaits: duration.prefault('2m').meta({
      description: 'How long a bar waits for what history still has to tell of its minute, before it is told as it is.',
    }),
    keep: duration.prefault('15m').meta({
      description: 'How long after its end a minute may still change: by late trades, corrections, refilled gaps.',
    }),
    mostPrints: z.int().min(1000).default(1_000_000).meta({
      description: 'Trades that are held at most; past it the oldest minutes can change no longer.',
    }),
  })
  .prefault({});
export type BarSettings = z.output<typeof barSettings>;
