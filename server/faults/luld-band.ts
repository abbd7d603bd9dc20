import { z } from 'zod';
import type { Luld, Nanos, Trade } from '../../market/event.ts';
import { statusOf } from '../../market/halts.ts';
import { inStepsOf } from '../../market/prices.ts';
import { faultKind } from './fault.ts';

/** A stock in its price band: a client learns whether it knows what a limit state is, and that a pause may follow it at once. */
export const luldBand = faultKind({
  options: z
    .strictObject({
      width: z
        .number()
        .gt(0)
        .lt(1)
        .default(0.05)
        .meta({
          title: 'Width',
          description: 'How far the band reaches above and below the last price, as a share of it.',
          examples: [0.05, 0.1],
        }),
      pause: z.boolean().default(false).meta({
        title: 'Pause',
        description:
          'Whether a volatility pause follows at once, until the step is over: no trades, and a status at either end.',
      }),
    })
    .meta({
      title: 'LULD band',
      description:
        'A limit-up limit-down band is published around the next trade of each stock, and a pause if so wished.',
      examples: [{}, { width: 0.1, pause: true }],
    }),
  counts: 'event',
  explain: ({ width, pause }) =>
    `a price band of ${Number((width * 100).toFixed(4))} % is published around the next trade of each stock` +
    (pause ? ', and trading pauses' : ''),
  open: ({ width, pause }) => {
    const banded = new Map<string, Trade>();
    return {
      event: (event, copies) => {
        if (event.market !== 'stocks') return copies.pass(event);
        if (banded.has(event.symbol)) {
          if (!pause || (event.kind !== 'trade' && event.kind !== 'price')) copies.pass(event);
          return;
        }
        copies.pass(event);
        if (event.kind !== 'trade') return;
        banded.set(event.symbol, event);
        copies.pass(bandAround(event, width, event.at));
        if (pause) copies.pass(statusOf('halted', 'volatility', event.at, event));
      },
      end: (at, copies) => {
        for (const trade of banded.values()) {
          if (!pause) continue;
          copies.pass(statusOf('resumed', 'volatility', at, trade));
          copies.pass(bandAround(trade, width, at));
        }
        banded.clear();
      },
    };
  },
});

/** `B`: a band of the national best bid and offer alone, as in the protocol sheet's example (Alpaca §5); 21 says the same (Polygon §5). */
function bandAround({ market, symbol, tape, price, sequence }: Trade, width: number, at: Nanos): Luld {
  return {
    kind: 'luld',
    market,
    symbol,
    at,
    up: inStepsOf(price * (1 + width), price),
    down: inStepsOf(price * (1 - width), price),
    indicator: 'B',
    tape,
    indicators: [21],
    sequence,
  };
}
