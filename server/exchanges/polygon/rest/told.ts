import type { Bar, Channel, MarketEvent } from '../../../../market/event.ts';
import type { Access, Last } from '../../exchange.ts';

/** Takes down that an answer tells an event. */
export function tellEvent(last: Last<MarketEvent> | undefined, { scribe }: Pick<Access, 'scribe'>): void {
  if (last !== undefined) scribe?.(last.event, last.event.kind, last.event.at + last.shift, true);
}

/** Takes down that an answer tells a bar, which has its start on the wire. */
export function tellBar(bar: Bar | undefined, channel: Channel, { scribe }: Pick<Access, 'scribe'>): void {
  if (bar !== undefined) scribe?.(bar, channel, bar.start, true);
}
