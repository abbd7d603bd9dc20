import { z } from 'zod';
import { duration, formatDuration } from '../../market/duration.ts';
import { rejected, ruleKind } from './rule.ts';

/** Events stamped later than it is: a clock somewhere is wrong, and one such event would make all others look late. The past is no fault: history and replays are of it. */
export const aheadOfTime = ruleKind({
  options: z
    .strictObject({
      lead: duration.prefault('1m').meta({ description: 'How far ahead of our own clock an event may be.' }),
    })
    .meta({ description: 'Refuses events that are stamped later than it is.' }),
  create: ({ lead }) => ({
    judge(event, heardAt) {
      // The bar of a day under way is stamped with the day's end.
      if (event.kind === 'daily-bar') return event;
      const ahead = event.at - heardAt;
      return ahead <= lead ? event : rejected(`stamped ${formatDuration(ahead)} ahead of our clock`);
    },
  }),
});
