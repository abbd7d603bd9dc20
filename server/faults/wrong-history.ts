import { z } from 'zod';
import type { MarketEvent } from '../../market/event.ts';
import { altered, faultKind } from './fault.ts';

/** History that will be corrected: a client that asks once keeps what is wrong, one that asks again later has it right. */
export const wrongHistory = faultKind({
  options: z
    .strictObject({
      volume: z
        .number()
        .min(0)
        .lt(1, 'nothing is missing; use a number below 1')
        .default(0.9)
        .meta({ title: 'Volume', description: 'Which part of the real sizes and volumes is told.', examples: [0.9] }),
    })
    .meta({
      title: 'Wrong history',
      description: 'Tells too small sizes and volumes over HTTP, and the right ones when it is over.',
      examples: [{ volume: 0.9 }, {}],
    }),
  counts: 'request',
  explain: ({ volume }) => `history over HTTP tells ${Math.round(volume * 100)} % of the volume`,
  open: ({ volume }, { symbols }) => {
    // Whole sizes stay whole; of coins there are parts.
    const part = (size: number): number =>
      Number.isInteger(size) ? Math.floor(size * volume) : Math.round(size * volume * 1e8) / 1e8;
    const lesser = <Event extends MarketEvent>(event: Event): Event =>
      'volume' in event
        ? { ...event, volume: part(event.volume) }
        : event.kind === 'trade'
          ? { ...event, size: part(event.size) }
          : event;
    return { history: (history) => altered(history, { event: lesser }, symbols) };
  },
});
