import { z } from 'zod';
import { alpaca } from './alpaca/index.ts';
import type { Exchange } from './exchange.ts';

/** Every exchange Papertape imitates, under the name a scenario calls it. A new one is a new line here. */
export const exchangeKinds = { alpaca } as const;

/** The `endpoints` section of a scenario: which exchanges answer, and how their switches stand. */
export const endpointsSchema = z
  .strictObject({
    alpaca: alpaca.options.optional(),
  })
  .meta({
    title: 'Endpoints',
    description:
      'Which exchanges answer. Without this section all of them do, with their default switches; with it only those named.',
    examples: [{ alpaca: {} }, { alpaca: { ack: 'full' } }],
  });
export type Endpoints = z.output<typeof endpointsSchema>;

/** Opens the exchanges a scenario asks for: those its `endpoints` section names, or all when there is none. */
export function openExchanges(endpoints: Endpoints | undefined): readonly Exchange[] {
  const chosen = endpoints ?? { alpaca: alpaca.options.parse({}) };
  return chosen.alpaca === undefined ? [] : [alpaca.open(chosen.alpaca)];
}
