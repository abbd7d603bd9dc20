import { z } from 'zod';
import { duration } from '../market/duration.ts';
import { patienceSettings } from './backoff-settings.ts';

/** How keys are spared and rested. */
export const keyRingSettings = z
  .strictObject({
    apart: duration.prefault('500ms').meta({
      description: 'The shortest time between two uses of the same key.',
    }),
    refused: patienceSettings({ base: '2s', cap: '30s' }).meta({
      description: 'How long a key rests that was refused: vendors refuse good keys now and then.',
    }),
    badAfter: z.int().min(1).max(100).default(5).meta({
      description: 'Refusals in a row after which a key is taken for bad.',
    }),
    badRest: duration.prefault('15m').meta({
      description: 'How long a bad key rests before it is tried again: it may have been renewed.',
    }),
    crowded: patienceSettings({ base: '3s', cap: '90s' }).meta({
      description:
        'How long a key rests after too many connections or requests. A connection that vanished may hold its place at the vendor for 90 seconds.',
    }),
  })
  .prefault({});
export type KeyRingSettings = z.output<typeof keyRingSettings>;
