import { z } from 'zod';
import type { MarketEvent } from '../../market/event.ts';
import { inStepsOf, nextAbove } from '../../market/prices.ts';
import { faultKind } from './fault.ts';

/** By how much of its price the bid of a locked market is raised. */
const raise = 1.01;

/** Bid above ask, as after a missed update: a client learns whether it trades on a market that cannot be. */
export const crossQuote = faultKind({
  options: z.strictObject({}).meta({
    title: 'Cross quote',
    description: 'Bid and ask of a quote change places, so that the bid is above the ask; sizes stay.',
    examples: [{}],
  }),
  counts: 'event',
  explain: () => 'the bid of a quote is above its ask',
  open: () => ({ event: (event, copies) => copies.pass(crossed(event)) }),
});

/** The event itself where it has no two sides, or is crossed already. */
function crossed(event: MarketEvent): MarketEvent {
  if (event.kind !== 'quote' && event.kind !== 'price') return event;
  const { bidPrice = 0, askPrice = 0 } = event;
  if (bidPrice <= 0 || askPrice <= 0 || bidPrice > askPrice) return event;
  return {
    ...event,
    bidPrice: bidPrice < askPrice ? askPrice : Math.max(inStepsOf(bidPrice * raise, bidPrice), nextAbove(bidPrice)),
    askPrice: bidPrice,
  };
}
