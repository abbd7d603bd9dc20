import { item, type Step } from './yaml-place.ts';

/** As much of JSON Schema as completion reads. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
}

/** Everything that may stand at a place, each way of it. */
export function schemasAt(schema: JsonSchema, path: readonly Step[]): readonly JsonSchema[] {
  return path.reduce<readonly JsonSchema[]>(
    (ways, step) =>
      ways.flatMap((way) => (step === item ? (way.items ?? []) : (way.properties?.[step] ?? []))).flatMap(waysOf),
    waysOf(schema),
  );
}

/** A schema with its alternatives, flat. */
function waysOf(schema: JsonSchema): readonly JsonSchema[] {
  const others = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])];
  return [schema, ...others.flatMap(waysOf)];
}

/** Words that may stand for a value. */
export function valuesOf(schema: JsonSchema): readonly string[] {
  const told = [...(schema.enum ?? []), ...(schema.const === undefined ? [] : [schema.const])];
  if (told.length > 0) return told.map(spelled);
  if (schema.type === 'boolean') return ['true', 'false'];
  return (schema.examples ?? []).filter((example) => typeof example !== 'object').map(spelled);
}

/** Whether what comes after its key stands on lines of its own. */
export const isNested = ({ type, properties, items }: JsonSchema): boolean =>
  type === 'object' || properties !== undefined || items !== undefined;

const spelled = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
