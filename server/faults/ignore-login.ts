import { z } from 'zod';
import { faultKind } from './fault.ts';

/** A login that is never answered: a client without a deadline for the reply hangs, although it is connected. */
export const ignoreLogin = faultKind({
  options: z.strictObject({}).meta({
    title: 'Ignore login',
    description: 'Neither lets a client in nor tells it anything.',
    examples: [{}],
  }),
  counts: 'login',
  explain: () => 'logins get no answer and let nobody in',
  open: () => ({ login: () => 'ignored' }),
});
