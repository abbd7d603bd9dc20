import { z } from 'zod';
import type { Market, MarketEvent, Nanos, TapeLetter } from '../../market/event.ts';
import { haltReasons, statusOf } from '../../market/halts.ts';
import { faultKind } from './fault.ts';

interface Stock {
  readonly market: Market;
  readonly symbol: string;
  readonly tape: TapeLetter | undefined;
  readonly since: Nanos;
}

/** Silence with a reason: a client learns to tell a halted stock from a dead feed, and to trust no price until trading resumes. */
export const halt = faultKind({
  options: z
    .strictObject({
      reason: z.enum(haltReasons).default('news-pending').meta({
        title: 'Reason',
        description: 'Why trading stands still; statuses say so in the codes of the tape.',
      }),
      tape: z.enum(['A', 'B', 'C', 'O']).default('C').meta({
        title: 'Tape',
        description: 'Whose codes are used for the symbols of the target, whose trades may not have been seen yet.',
      }),
    })
    .meta({
      title: 'Halt',
      description:
        'Trading of the symbols halts: a status says so, no trades and no bars of them come while it lasts, and a status says when it resumes. Without symbols in its target each stock halts as it is about to trade.',
      examples: [{}, { reason: 'volatility' }],
    }),
  counts: 'event',
  explain: ({ reason }) =>
    `trading halts (${reason}): a status says so, no trades come, and another says when it resumes`,
  open: ({ reason, tape }, circumstances) => {
    const halted = new Map<string, Stock>();
    return {
      begin: (at, copies) => {
        for (const symbol of circumstances.symbols ?? []) {
          const market = circumstances.marketOf(symbol);
          if (market === undefined) continue;
          const stock = { market, symbol, tape, since: at };
          halted.set(symbol, stock);
          copies.pass(statusOf('halted', reason, at, stock));
        }
      },
      event: (event, copies) => {
        if (!tellsOfTrading(event)) return copies.pass(event);
        const { market, symbol, at } = event;
        let stock = halted.get(symbol);
        if (stock === undefined) {
          if (event.kind !== 'trade') return copies.pass(event);
          stock = { market, symbol, tape: event.tape ?? tape, since: at };
          halted.set(symbol, stock);
          copies.pass(statusOf('halted', reason, at, stock));
        }
        // A bar of the time before is still published.
        if ('start' in event && event.start < stock.since) copies.pass(event);
      },
      end: (at, copies) => {
        for (const stock of halted.values()) copies.pass(statusOf('resumed', reason, at, stock));
        halted.clear();
      },
    };
  },
});

const ofTrading = ['trade', 'price', 'second-bar', 'bar', 'updated-bar'];

function tellsOfTrading(event: MarketEvent): boolean {
  return ofTrading.includes(event.kind);
}
