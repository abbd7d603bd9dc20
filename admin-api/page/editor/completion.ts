import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import { isNested, type JsonSchema, schemasAt, valuesOf } from './json-schema.ts';
import { yamlPlace } from './yaml-place.ts';

/** Completes keys and values of a scenario by its JSON Schema. */
export function completeBy(schema: () => JsonSchema | undefined) {
  return (context: CompletionContext): CompletionResult | null => {
    const known = schema();
    const place = yamlPlace(context.state.doc.toString(), context.pos);
    if (known === undefined || place === undefined) return null;
    if (place.typed === '' && !context.explicit) return null;
    const ways = schemasAt(known, place.path);
    const options = place.kind === 'key' ? keysOf(ways) : values(ways);
    return options.length === 0 ? null : { from: place.from, options, validFor: /^[\w.+/:-]*$/ };
  };
}

function keysOf(ways: readonly JsonSchema[]): Completion[] {
  return ways.flatMap(({ properties = {}, required = [] }) =>
    Object.entries(properties).map(([key, schema]) => ({
      label: key,
      type: 'property',
      apply: isNested(schema) ? `${key}:` : `${key}: `,
      boost: required.includes(key) ? 1 : 0,
      ...(schema.description === undefined ? {} : { info: schema.description }),
    })),
  );
}

function values(ways: readonly JsonSchema[]): Completion[] {
  const seen = new Set<string>();
  return ways.flatMap((way) =>
    valuesOf(way).flatMap((label) => {
      if (seen.has(label)) return [];
      seen.add(label);
      return [{ label, type: 'enum', ...(way.description === undefined ? {} : { info: way.description }) }];
    }),
  );
}
