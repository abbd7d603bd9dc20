import { z } from 'zod';
import { optionsOf } from '../plugs.ts';
import { alpaca } from './alpaca/index.ts';
import type { Exchange, ExchangeKind } from './exchange.ts';
import { polygon } from './polygon/index.ts';
import { recycler } from './recycler/index.ts';
import { twelvedata } from './twelvedata/index.ts';

/**
 * Every exchange Papertape imitates, under the name a scenario calls it. A new one is a new line here. Of those that answer, the first is
 * the one whose bars end a silence of the market and a step to the next bar.
 */
export const exchangeKinds = { recycler, alpaca, polygon, twelvedata } as const satisfies Record<string, ExchangeKind>;

/** The `endpoints` section of a scenario: which exchanges answer, and how their switches stand. */
export const endpointsSchema = z
  .strictObject(optionsOf(exchangeKinds))
  .partial()
  .meta({
    title: 'Endpoints',
    description:
      'Which exchanges answer. Without this section all vendors do, with their default switches; with it only those named.',
    examples: [{ alpaca: {} }, { alpaca: { ack: 'full' } }],
  });
export type Endpoints = z.output<typeof endpointsSchema>;

/** Opens the exchanges a scenario asks for: those its `endpoints` section names, or all when there is none. */
export function openExchanges(endpoints: Endpoints | undefined): readonly Exchange[] {
  return chosen(endpoints).map(({ kind, options }) => kind.open(options));
}

/** Tells the exchanges a scenario asks for in plain words, for `papertape explain`. */
export function explainExchanges(endpoints: Endpoints | undefined): readonly string[] {
  return chosen(endpoints).map(({ kind, options }) => kind.explain(options));
}

function chosen(endpoints: Endpoints | undefined): { readonly kind: ExchangeKind; readonly options: unknown }[] {
  const named: Readonly<Record<string, unknown>> | undefined = endpoints;
  const kinds: Readonly<Record<string, ExchangeKind>> = exchangeKinds;
  return Object.entries(kinds).flatMap(([name, kind]) => {
    const options = named !== undefined ? named[name] : kind.onRequest === true ? undefined : kind.options.parse({});
    return options === undefined ? [] : [{ kind, options }];
  });
}
