import { z } from 'zod';

/** Times in answers. */
export const instant = z.string().meta({
  description: 'ISO 8601 with milliseconds, UTC.',
  examples: ['2026-07-01T14:30:00.000Z'],
});

export const runParams = z.strictObject({
  run: z
    .string()
    .meta({ description: 'Name of the run; the one of clients that name none is `default`.', examples: ['default'] }),
});

/** An answer without content. */
export const nothing = z.null().meta({ description: 'Done; nothing to tell.' });
