import { z } from 'zod';
import { isBar } from '../../market/event.ts';
import { rejected, ruleKind } from './rule.ts';

/** Bars whose high is not the highest of their prices, or whose low is not the lowest, as half-formed ones are. */
export const barShape = ruleKind({
  options: z
    .strictObject({
      mend: z
        .boolean()
        .default(true)
        .meta({ description: 'Widens high and low to hold open and close; false: refuses the bar.' }),
    })
    .meta({ description: 'Mends bars whose open or close lies outside their range.' }),
  create: ({ mend }) => ({
    judge(event) {
      if (!isBar(event)) return event;
      const { open, high, low, close } = event;
      if (low <= open && low <= close && high >= open && high >= close) return event;
      if (!mend) return rejected(`open ${open} or close ${close} lies outside ${low} to ${high}`);
      return { ...event, high: Math.max(open, high, low, close), low: Math.min(open, high, low, close) };
    },
  }),
});
