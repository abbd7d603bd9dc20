import { z } from 'zod';
import { duration } from '../../market/duration.ts';

/** The switch of an exchange's ping frames: how often, and how long a client may take to answer; or `off`. */
export const pingOption = (every: string, patience: string) =>
  z
    .union([
      z.literal('off'),
      z
        .strictObject({
          every: duration
            .prefault(every)
            .meta({ description: 'Time between two pings; longer than patience.', examples: [every] }),
          patience: duration
            .refine((span) => span > 0n, 'no time to answer; make it longer than 0s')
            .prefault(patience)
            .meta({ description: 'An unanswered ping drops the socket after this.', examples: [patience] }),
        })
        .refine((ping) => ping.every > ping.patience, {
          path: ['every'],
          error:
            'not longer than patience, so a ping would go out before the last one could be answered; make every longer than patience',
        }),
    ])
    .prefault({});
