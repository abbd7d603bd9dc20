import { z } from 'zod';
import { TimeZone } from '../../../../market/time-zone.ts';

/** An IANA zone by name, checked against the zone tables of this machine. */
export const timeZone = z
  .string()
  .min(1)
  .superRefine((name, context) => {
    try {
      void new TimeZone(name);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      context.addIssue({
        code: 'custom',
        message: 'not a time zone; use an IANA name such as America/New_York or UTC',
      });
    }
  });
