import { z } from 'zod';
import { duration } from '../../market/duration.ts';
import { patienceSettings } from '../backoff-settings.ts';

const positive = duration.refine((span) => span > 0n, 'must be above zero');

/** What counts as a gap, in market time where nothing else is said. */
export const gapSettings = z
  .strictObject({
    overlap: duration.prefault('1s').meta({
      description:
        'How far a gap reaches beyond what is known to be missing, on either side: streams are not quite in order.',
    }),
    silence: duration.prefault('30s').meta({
      description:
        'The gap of a symbol that rarely trades begins so long before the last sign of any other, and not with its own last event.',
    }),
    patience: positive.prefault('5s').meta({
      description:
        'How long a new connection may say nothing, in real time, before the end of its gaps is reckoned instead of heard.',
    }),
    file: z
      .string()
      .min(1)
      .optional()
      .meta({
        description:
          'Where what is missing is kept for the next start, a file of this feed alone; beside the store’s spool unless set. none: nowhere.',
        examples: ['./alpaca-gaps.json', 'none'],
      }),
    longest: positive.prefault('7d').meta({
      description: 'A longer gap is refilled from so long before its end; the rest is reported as lost.',
    }),
  })
  .prefault({});
export type GapSettings = z.output<typeof gapSettings>;

/** How history is asked for what is missing. Real time. */
export const backfillSettings = z
  .strictObject({
    perMinute: z.number().positive().optional().meta({
      description: 'Requests in a minute with one key; as many as the vendor’s smallest plan allows unless set.',
    }),
    timeout: positive.prefault('30s').meta({ description: 'The longest a single request may take, body and all.' }),
    largestBody: z
      .int()
      .min(1024)
      .default(64 * 1024 * 1024)
      .meta({ description: 'Bytes of the largest answer that is read.' }),
    backoff: patienceSettings({ base: '1s', cap: '60s' }),
    tries: z.int().min(1).max(1000).default(12).meta({
      description: 'Failures in a row after which a gap is given up, and reported.',
    }),
    embargo: positive.prefault('15m').meta({
      description: 'How long to wait where the plan does not yet show what is recent.',
    }),
    again: duration.prefault('1m').meta({
      description:
        'So long after a gap was refilled it is asked for once more, since vendors complete their history late; 0s: never.',
    }),
    mostPages: z.int().min(1).default(10_000).meta({ description: 'Pages of one walk through history.' }),
    mostWaiting: z.int().min(1).default(10_000).meta({
      description: 'Gaps that wait for their turn; those beyond are given up, and reported.',
    }),
  })
  .prefault({});
export type BackfillSettings = z.output<typeof backfillSettings>;
