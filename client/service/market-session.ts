import { z } from 'zod';
import type { Calendar, TradingDay } from '../../market/calendar.ts';
import { markets, type Market, type Nanos } from '../../market/event.ts';
import { wallText } from '../../market/instant.ts';
import { second } from '../../market/nanos.ts';

const wall = z.string().meta({
  description: 'ISO 8601 on the wall of the market.',
  examples: ['2026-07-01T09:30:00-04:00'],
});
const day = z.strictObject({
  date: z.string().meta({ description: 'The date the market calls it by.', examples: ['2026-07-01'] }),
  preOpen: wall.meta({ description: 'First moment of extended hours; equals open where there are none.' }),
  open: wall,
  close: wall,
  postClose: wall,
  halfDay: z.boolean(),
});

/** Whether a market trades, and when it opens or closes next. */
export const marketSession = z
  .strictObject({
    market: z.enum(markets),
    calendar: z.string().meta({ description: 'Market identifier code where there is one.', examples: ['XNYS'] }),
    timeZone: z.string(),
    at: wall,
    phase: z.enum(['closed', 'pre', 'open', 'post']),
    open: z.boolean().meta({ description: 'Whether it trades in regular hours now.' }),
    day: day.optional().meta({ description: 'The day whose hours, extended ones included, run now.' }),
    next: day.meta({ description: 'The next day that opens.' }),
    secondsToOpen: z.int().optional().meta({ description: 'Until regular hours begin; absent while they run.' }),
    secondsToClose: z.int().optional().meta({ description: 'Until regular hours end; absent while they do not run.' }),
  })
  .meta({ id: 'ClientMarketSession' });

/** Where a market stands at an instant. */
export function sessionAt(market: Market, calendar: Calendar, at: Nanos): z.output<typeof marketSession> {
  const { zone, name } = calendar;
  const today = calendar.dayOf(at);
  const next = calendar.next(at);
  const open = calendar.isOpen(at);
  const whole = (span: Nanos): number => Number(span / second);
  const shown = ({ date, halfDay, ...hours }: TradingDay): z.output<typeof day> => ({
    date,
    preOpen: wallText(hours.preOpen, zone),
    open: wallText(hours.open, zone),
    close: wallText(hours.close, zone),
    postClose: wallText(hours.postClose, zone),
    halfDay,
  });
  return {
    ...{ market, calendar: name, timeZone: zone.name, at: wallText(at, zone), open },
    phase: today === undefined ? 'closed' : open ? 'open' : at < today.open ? 'pre' : 'post',
    ...(today === undefined ? {} : { day: shown(today) }),
    next: shown(next),
    ...(open && today !== undefined
      ? { secondsToClose: whole(today.close - at) }
      : { secondsToOpen: whole(next.open - at) }),
  };
}
