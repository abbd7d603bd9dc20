import { z } from 'zod';
import { scenarioSchema } from './schema.ts';
import { type JsonSchema, toldSchema } from './told-schema.ts';

export type { JsonSchema } from './told-schema.ts';

/** The name of this version of the format, as JSON Schemas have one. Nothing is served there: files name the schema by its path. */
export const schemaId = 'https://papertape.dev/schema/scenario-v1.json';

/**
 * What a scenario file may hold, for editors. Draft-07 because the YAML language server knows no later one. A file that extends
 * another may leave out what that one says, so only the others must name their tapes.
 */
export function scenarioJsonSchema(): JsonSchema {
  return (told ??= makeSchema());
}
/** Made once: it never changes, and every mistake in a scenario is explained by it. */
let told: JsonSchema | undefined;

function makeSchema(): JsonSchema {
  const { required, properties, ...schema } = written(scenarioSchema);
  const { apiVersion, ...others } = properties ?? {};
  const text = JSON.stringify({
    $schema: schema.$schema,
    $id: schemaId,
    ...schema,
    properties: { apiVersion, extends: extendsSchema, ...others },
    anyOf: [{ required }, { required: ['extends'] }],
  });
  return toldSchema(parseSchema(text));
}

/** What a file of another shape may hold, for those who explain its mistakes. */
export const jsonSchemaOf = (schema: z.ZodType): JsonSchema => parseSchema(JSON.stringify(written(schema)));

const written = (schema: z.ZodType) =>
  z.toJSONSchema(schema, {
    target: 'draft-7',
    io: 'input',
    // zod leaves out the examples of values it transforms, since they could be examples of the result; ours are of the input.
    override: ({ zodSchema, jsonSchema }) => {
      const examples = z.globalRegistry.get(zodSchema)?.['examples'];
      if (Array.isArray(examples)) jsonSchema.examples = examples;
    },
  });

const extendsSchema = {
  title: 'Extends',
  description: 'Another scenario file, relative to this one: what this file does not say is taken from there.',
  examples: ['default.scenario.yaml'],
  type: 'string',
  minLength: 1,
};

const node: z.ZodType<JsonSchema> = z.looseObject({});
const parseSchema = (text: string): JsonSchema => node.parse(JSON.parse(text));

/** The schemas that may describe the value at this path. */
export function schemasAt(schema: JsonSchema, path: readonly PropertyKey[]): JsonSchema[] {
  const here = [
    schema,
    ...[...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])].flatMap((part) =>
      schemasAt(part, []),
    ),
  ];
  const [step, ...rest] = path;
  if (step === undefined) return here;
  return here.flatMap(({ properties, items }) => {
    const child = typeof step === 'number' ? items : properties?.[String(step)];
    return child === undefined ? [] : schemasAt(child, rest);
  });
}

/** Every path at which this key is known: `speed` → `replay.speed`. Items of lists are written `[]`. */
export function pathsOf(schema: JsonSchema, key: string, path = ''): string[] {
  const below = schemasAt(schema, []).flatMap(({ properties, items }) => [
    ...Object.entries(properties ?? {}).flatMap(([name, child]) => {
      const at = path === '' ? name : `${path}.${name}`;
      return [...(name === key ? [at] : []), ...pathsOf(child, key, at)];
    }),
    ...(items === undefined ? [] : pathsOf(items, key, `${path}[]`)),
  ]);
  return [...new Set(below)];
}
