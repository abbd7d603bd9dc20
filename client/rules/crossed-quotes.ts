import { z } from 'zod';
import { rejected, ruleKind } from './rule.ts';

/** A bid above the ask: somebody's mistake, or two markets out of step. A locked market, both sides equal, is real and passes. */
export const crossedQuotes = ruleKind({
  options: z.strictObject({}).meta({ description: 'Refuses quotes whose bid is above their ask.' }),
  create: () => ({
    judge(event) {
      if (event.kind !== 'quote' || event.askPrice === 0 || event.bidPrice <= event.askPrice) return event;
      return rejected(`bid ${event.bidPrice} is above ask ${event.askPrice}`);
    },
  }),
});
