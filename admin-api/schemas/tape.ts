import { z } from 'zod';
import { parseDuration } from '../../market/duration.ts';
import { instant } from './common.ts';

export const tapeParams = z.strictObject({
  name: z.string().meta({
    description: 'Letters, digits, dots, - and _, and one of the endings .ndjson, .ndjson.gz, .parquet.',
    examples: ['open-2026-07-01.ndjson.gz'],
  }),
});

export const tapeView = z
  .strictObject({
    name: z.string().meta({ description: 'As scenarios name it: `tapes: [{ file: <name> }]`.' }),
    origin: z.enum(['ready', 'own']).meta({ description: 'ready: comes with Papertape, and stays as it is.' }),
    bytes: z.int(),
    rows: z
      .int()
      .optional()
      .meta({ description: 'Absent, like all that follows, while nothing vouches for the tape.' }),
    symbols: z.array(z.string()).optional(),
    channels: z.array(z.string()).optional(),
    from: instant.optional(),
    to: instant.optional(),
    source: z.string().optional().meta({ description: 'Where its events come from.' }),
    licence: z.string().optional(),
    timeZone: z.string().optional(),
    sha256: z.string().optional(),
  })
  .meta({ id: 'Tape' });
export type TapeView = z.infer<typeof tapeView>;

const span = z.strictObject({ from: instant, to: instant });

export const availabilityView = z
  .strictObject({
    name: z.string(),
    rows: z.int(),
    symbols: z.array(
      z.strictObject({
        symbol: z.string(),
        market: z.string(),
        channels: z.array(z.strictObject({ channel: z.string(), from: instant, to: instant, rows: z.int() })),
        days: z
          .strictObject({ present: z.int(), missing: z.array(z.string()) })
          .optional()
          .meta({ description: 'Trading days; absent for markets without a calendar.' }),
        gaps: z
          .strictObject({ count: z.int(), longest: span.optional(), shown: z.array(span) })
          .optional()
          .meta({ description: 'Stretches of regular hours without a trade or a bar. The first thousand are shown.' }),
      }),
    ),
  })
  .meta({ id: 'Availability' });
export type AvailabilityView = z.infer<typeof availabilityView>;

export const availabilityQuery = z.strictObject({
  silence: z
    .string()
    .refine((text) => (parseDuration(text) ?? 0n) > 0n, 'expected a duration such as 90s, 5m or 1h')
    .default('5m')
    .meta({ description: 'Longest stretch without events that is no gap.', examples: ['5m'] }),
});

const uploadId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, 'expected up to 64 letters, digits, - and _')
  .optional()
  .meta({ description: 'A name of your own under which to ask how far it is, at /tapes/uploads/:id.' });

const label = (description: string) => z.string().max(200).optional().meta({ description });

export const uploadQuery = z.strictObject({
  upload: uploadId,
  format: label('Of the rows, instead of telling it from them: polygon, databento, alpaca, ohlcv …'),
  market: label('Market of symbols that do not show it, such as futures.'),
  symbol: label('Symbol of the rows when they have none.'),
  timeframe: label('Length of bars, such as 1m.'),
  timeZone: label('Zone of times that are written without one.'),
  timeFormat: label('How times are written, as strptime spells it.'),
  barLabel: label('Which end of a bar its time tells: start or end.'),
  source: label('Where the events come from.'),
  licence: label('Under which terms the tape may be passed on.'),
});
export type UploadQuery = z.infer<typeof uploadQuery>;

export const rejectView = z.strictObject({
  line: z.int(),
  place: z.string().optional(),
  reason: z.string(),
  value: z.string(),
});
export type RejectView = z.infer<typeof rejectView>;

export const tapeWork = z
  .strictObject({
    id: z.string(),
    tape: z.string(),
    phase: z.enum(['receiving', 'reading', 'writing', 'done', 'failed']),
    bytes: z.int().meta({ description: 'Received so far.' }),
    rows: z.int(),
    rejected: z.int().meta({ description: 'Rows that were left out.' }),
    rejects: z.array(rejectView).meta({ description: 'The first hundred of them.' }),
    share: z.number().optional().meta({ description: 'Of this phase, 0 to 1, where it is known.' }),
    error: z.string().optional(),
  })
  .meta({ id: 'TapeWork' });
export type TapeWork = z.infer<typeof tapeWork>;

export const uploaded = z
  .strictObject({ tape: tapeView, upload: tapeWork })
  .meta({ id: 'UploadedTape', description: 'The tape that was made, and what was left out of it.' });
export type Uploaded = z.infer<typeof uploaded>;

export const newTape = z
  .strictObject({
    name: tapeParams.shape.name,
    upload: uploadId,
    market: z.looseObject({}).meta({
      description: 'As `synthetic` in a scenario spells it.',
      examples: [{ symbols: ['AAPL', 'BTC/USD'], day: '2026-07-01', rate: 20 }],
    }),
  })
  .meta({ id: 'NewTape' });
export type NewTape = z.input<typeof newTape>;
