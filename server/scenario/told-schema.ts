/** The part of a JSON Schema that this folder writes and reads. */
export interface JsonSchema {
  readonly [key: string]: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly examples?: readonly unknown[];
}

/**
 * The schema with what every setting tells of itself without its saying so twice: a title made of its name, and as examples what it may
 * be, or what it is by default.
 */
export function toldSchema(schema: JsonSchema, name?: string): JsonSchema {
  const { properties, items, anyOf, oneOf, allOf } = schema;
  const parts = (list: readonly JsonSchema[] | undefined, key: string): JsonSchema =>
    list === undefined ? {} : { [key]: list.map((part) => toldSchema(part)) };
  return {
    ...(name === undefined ? {} : { title: titleOf(name), ...examplesOf(schema) }),
    ...schema,
    ...(properties && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([child, value]) => [child, toldSchema(value, child)]),
      ),
    }),
    ...(items && { items: toldSchema(items) }),
    ...parts(anyOf, 'anyOf'),
    ...parts(oneOf, 'oneOf'),
    ...parts(allOf, 'allOf'),
  };
}

/** `barDelay` as people write it: Bar delay. */
function titleOf(name: string): string {
  const words = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function examplesOf({ enum: allowed, const: only, type, default: usual }: JsonSchema): JsonSchema {
  if (Array.isArray(allowed)) return { examples: allowed };
  if (only !== undefined) return { examples: [only] };
  if (type === 'boolean') return { examples: [true, false] };
  return usual === undefined || typeof usual === 'object' ? {} : { examples: [usual] };
}
