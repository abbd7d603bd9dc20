import { z } from 'zod';
import type { Route } from '../../exchange.ts';
import { plain } from './answers.ts';
import { choice, read } from './query.ts';
import { conditionNames, exchangeNames } from './stock-codes.ts';

/** What the codes in trades and quotes of stocks mean. */
export function metaRoutes(): readonly Route[] {
  const shape = z.strictObject({ tape: choice('tape', ['A', 'B', 'C', 'O']) });
  const conditions = (kind: 'trade' | 'quote'): Route => ({
    method: 'GET',
    path: `/v2/stocks/meta/conditions/${kind}`,
    answer(request) {
      const given = read(shape, request);
      return 'refusal' in given ? given.refusal : plain(conditionNames[kind][given.asked.tape]);
    },
  });
  return [
    conditions('trade'),
    conditions('quote'),
    { method: 'GET', path: '/v2/stocks/meta/exchanges', answer: () => plain(exchangeNames) },
  ];
}
