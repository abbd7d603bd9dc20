import { z } from 'zod';
import { parseInstant } from '../instant.ts';

const symbols = z
  .array(z.string().min(1))
  .min(1)
  .meta({ examples: [['AAPL', 'MSFT']] });
const date = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, 'not a date; write it as 2025-06-23')
  .refine((text) => parseInstant(text) !== undefined, 'not a day of the calendar; write one such as 2025-06-23')
  .meta({ examples: ['2025-06-23'] });
const noSpeed = 'not a speed; use 0.1 to 1000, 1.0 is real time';

const recyclerSchema = z
  .strictObject({
    server_url: z
      .string()
      .refine((text) => URL.canParse(text) && /^wss?:$/.test(new URL(text).protocol), {
        error: 'not a WebSocket address; write one such as ws://localhost:8765',
      })
      .optional()
      .meta({ examples: ['ws://localhost:8765'] }),
    replay_mode: z.enum(['loop', 'date_range', 'single_pass']).default('loop'),
    replay_speed: z.number(noSpeed).min(0.1, noSpeed).max(1000, noSpeed).default(1),
    date_range: z
      .strictObject({ start_date: date, end_date: date })
      .refine((range) => range.start_date <= range.end_date, {
        path: ['end_date'],
        error: 'before start_date; give the same day or a later one',
      })
      .optional(),
    symbols: symbols.optional(),
    loop_count: z
      .int()
      .refine((count) => count === -1 || count >= 1, 'not a number of passes; use 1 or more, or -1 for ever')
      .default(-1),
    data_retention: z
      .strictObject({
        recycled_data_days: z.number().positive('not a time to keep rows; use a number of days above 0').default(1),
        auto_cleanup: z.boolean().default(false),
      })
      .optional(),
  })
  .superRefine(({ replay_mode: mode, date_range: range }, context) => {
    if (mode !== 'date_range' || range !== undefined) return;
    context.addIssue({
      code: 'custom',
      path: ['replay_mode'],
      message: 'needs dates; add date_range with start_date and end_date',
    });
  });

/**
 * The part of prefect-trading's `config.yaml` that steers its recycler, with its own names (docs/data-systems.md and config/config.yaml at
 * 70b0003). What else the file holds belongs to that system and is not looked at.
 */
export const configurationSchema = z.looseObject({
  websocket: z.strictObject({
    mode: z.enum(['alpaca', 'recycler']).default('recycler'),
    /** What its client asks of Alpaca; the recycler goes by its own list. */
    symbols: symbols.optional(),
    recycler: recyclerSchema,
  }),
});
export type Websocket = z.output<typeof configurationSchema>['websocket'];
