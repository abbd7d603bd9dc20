import { z } from 'zod';
import { optionsOf } from '../plugs.ts';
import { close } from './close.ts';
import { drop } from './drop.ts';
import type { Circumstances, Countable, Fault, FaultKind } from './fault.ts';
import { mute } from './mute.ts';

/** Everything that can go wrong, under the name a scenario calls it. A new fault is a new line here. */
export const faultKinds = { close, drop, mute } as const satisfies Record<string, FaultKind>;

/** The `inject` of a step: exactly one fault by name, with its options. */
export const faultSchema = z
  .strictObject(optionsOf(faultKinds))
  .partial()
  .refine((entry) => chosen(entry).length === 1, {
    error: `must name exactly one fault; use one of ${Object.keys(faultKinds).join(', ')}, and a step of its own for each`,
  })
  .meta({
    title: 'Fault',
    description: 'What goes wrong: exactly one fault by name, with its options.',
    examples: [{ mute: {} }, { close: { code: 1001 } }],
    minProperties: 1,
    maxProperties: 1,
  });
/** A fault after validation, defaults filled in. */
export type FaultEntry = z.output<typeof faultSchema>;

/** A fault as a step names it, ready to be opened once for each session or request it is aimed at. */
export interface ChosenFault {
  readonly name: string;
  readonly counts: Countable;
  readonly momentary: boolean;
  readonly sentence: string;
  open(circumstances: Circumstances): Fault;
}

/** The one fault of a validated entry. */
export function chosenFault(entry: FaultEntry): ChosenFault {
  const [only] = chosen(entry);
  if (only === undefined) throw new TypeError('a step without a fault; validate it with faultSchema first');
  const { name, kind, options } = only;
  const { counts, momentary = false } = kind;
  return { name, counts, momentary, sentence: kind.explain(options), open: (so) => kind.open(options, so) };
}

function chosen(entry: Readonly<Record<string, unknown>>): { name: string; kind: FaultKind; options: unknown }[] {
  const kinds: Readonly<Record<string, FaultKind>> = faultKinds;
  return Object.entries(kinds).flatMap(([name, kind]) => {
    const options = entry[name];
    return options === undefined ? [] : [{ name, kind, options }];
  });
}
