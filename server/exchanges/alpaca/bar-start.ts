import { type Bar, type Nanos } from '../../../market/event.ts';
import { minute } from '../../../market/nanos.ts';
import { TimeZone } from '../../../market/time-zone.ts';

const day = 86_400_000_000_000n;

/**
 * Tells the start that a bar moved by `shift` carries: still a whole minute, or, for the day so far, midnight where the market's day
 * begins: New York for stocks (sheet §5.1), UTC for crypto (inferred; the sheet is silent). The midnight is that of the moment of
 * publishing, because a shift across a clock change would move the recorded midnight into the day before.
 */
export function barStarts(zone: 'America/New_York' | 'UTC'): (bar: Bar, shift: Nanos) => Nanos {
  const market = new TimeZone(zone);
  return (bar, shift) => {
    if (shift === 0n) return bar.start;
    if (bar.kind === 'daily-bar') {
      const wall = market.wall(bar.at + shift);
      return market.instant(wall - (((wall % day) + day) % day));
    }
    const start = bar.start + shift;
    return start - (((start % minute) + minute) % minute);
  };
}
