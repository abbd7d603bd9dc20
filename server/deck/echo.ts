import { type MarketEvent, publisherOf } from '../../market/event.ts';

/** Whether an exchange other than `publisher` made the event of others on the tape: nothing new has happened in the market then. */
export function isEcho(event: MarketEvent | undefined, publisher: string | undefined): boolean {
  const own = event && publisherOf(event);
  return own !== undefined && own !== publisher;
}
