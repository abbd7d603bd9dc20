import type { z } from 'zod';

type Kinds = Readonly<Record<string, { readonly options: z.ZodType }>>;

/** The options of every kind under its name, for the schema of a section that names kinds. */
export function optionsOf<Named extends Kinds>(
  kinds: Named,
): { -readonly [Name in keyof Named]: Named[Name]['options'] };
export function optionsOf(kinds: Kinds): Record<string, z.ZodType> {
  return Object.fromEntries(Object.entries(kinds).map(([name, { options }]) => [name, options]));
}
