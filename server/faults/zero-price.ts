import { z } from 'zod';
import { repriced } from '../../market/prices.ts';
import { faultKind } from './fault.ts';

/** A price of 0 divides by zero, sets off every stop and halves every average: a client learns whether it looks first. */
export const zeroPrice = faultKind({
  options: z.strictObject({}).meta({
    title: 'Zero price',
    description: 'Every price of an event is 0; sizes and times stay.',
    examples: [{}],
  }),
  counts: 'event',
  explain: () => 'every price of an event is 0',
  open: () => ({ event: (event, copies) => copies.pass(repriced(event, () => 0)) }),
});
