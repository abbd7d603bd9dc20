import type { z } from 'zod';

type Kinds = Readonly<Record<string, { readonly options: z.ZodType }>>;

/** The options of every kind under its name, for the schema of a section that names kinds. */
export function optionsOf<Named extends Kinds>(
  kinds: Named,
): { -readonly [Name in keyof Named]: Named[Name]['options'] };
export function optionsOf(kinds: Kinds): Record<string, z.ZodType> {
  return Object.fromEntries(Object.entries(kinds).map(([name, { options }]) => [name, options]));
}

/** What an entry names, of the kinds there are, with its options. Of an entry its schema has let through: just one. */
export function namedBy<Kind>(
  kinds: Readonly<Record<string, Kind>>,
  entry: Readonly<Record<string, unknown>>,
): readonly { readonly name: string; readonly kind: Kind; readonly options: unknown }[] {
  return Object.entries(kinds).flatMap(([name, kind]) => {
    const options = entry[name];
    return options === undefined ? [] : [{ name, kind, options }];
  });
}
