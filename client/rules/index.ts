import { z } from 'zod';
import { aheadOfTime } from './ahead-of-time.ts';
import { barShape } from './bar-shape.ts';
import { crossedQuotes } from './crossed-quotes.ts';
import { duplicates } from './duplicates.ts';
import { priceJumps } from './price-jumps.ts';
import type { Rule, RuleKind } from './rule.ts';
import { saneValues } from './sane-values.ts';

export type { Rejection, Rule } from './rule.ts';

const off = z.literal(false);

/** In the order in which they judge: nonsense goes first, so that no later rule remembers it. */
export const ruleSettings = z
  .strictObject({
    saneValues: saneValues.options.or(off).prefault({}),
    crossedQuotes: crossedQuotes.options.or(off).prefault({}),
    aheadOfTime: aheadOfTime.options.or(off).prefault({}),
    duplicates: duplicates.options.or(off).prefault({}),
    barShape: barShape.options.or(off).prefault({}),
    // It may refuse what a market really did.
    priceJumps: priceJumps.options.or(off).default(false),
  })
  .meta({ description: 'What is cleaned: each rule by its name, with what can be set of it, or false.' });
export type RuleSettings = z.output<typeof ruleSettings>;

/** A rule that judges, by its name in the settings. */
export interface NamedRule {
  readonly name: keyof RuleSettings;
  readonly rule: Rule;
}

/** The rules that are on, in the order in which they judge. Each feed has its own: what one vendor says proves nothing of another. */
export function openRules(settings: RuleSettings): NamedRule[] {
  const named = <Options extends z.ZodType>(
    name: keyof RuleSettings,
    kind: RuleKind<Options>,
    options: z.output<Options> | false,
  ): NamedRule[] => (options === false ? [] : [{ name, rule: kind.create(options) }]);
  return [
    ...named('saneValues', saneValues, settings.saneValues),
    ...named('crossedQuotes', crossedQuotes, settings.crossedQuotes),
    ...named('aheadOfTime', aheadOfTime, settings.aheadOfTime),
    ...named('duplicates', duplicates, settings.duplicates),
    ...named('barShape', barShape, settings.barShape),
    ...named('priceJumps', priceJumps, settings.priceJumps),
  ];
}
