import { z } from 'zod';
import type { Countable, FaultKind } from './faults/fault.ts';
import { faultKinds } from './faults/index.ts';
import { jsonSchemaOf } from './scenario/json-schema.ts';
import { injectionSchema } from './scenario/injection-now.ts';
import { type JsonSchema, toldSchema } from './scenario/told-schema.ts';

/** A kind of fault, for those who choose one. */
export interface FaultDescription {
  /** As a scenario calls it. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** JSON Schema of its options. */
  readonly options: JsonSchema;
  /** Options as somebody might choose them. */
  readonly example: unknown;
  /** What that does, in a sentence without a full stop. */
  readonly explanation: string;
  readonly counts: Countable;
  /** It strikes and is over; all others need a time. */
  readonly momentary: boolean;
}

/** Everything that can go wrong, in the order of the documents. */
export function faultCatalogue(): readonly FaultDescription[] {
  return (catalogue ??= Object.entries<FaultKind>(faultKinds).map(([name, kind]) => describe(name, kind)));
}
/** Made once: it never changes. */
let catalogue: readonly FaultDescription[] | undefined;

/** JSON Schema of a fault that is injected by hand. */
export const injectionJsonSchema = (): JsonSchema => toldSchema(jsonSchemaOf(injectionSchema));

function describe(name: string, kind: FaultKind): FaultDescription {
  const { options, counts, momentary } = kind;
  const { title = name, description = '', examples } = z.globalRegistry.get(options) ?? {};
  const example: unknown = Array.isArray(examples) ? examples[0] : {};
  const explanation = kind.explain(options.parse(example));
  return {
    name,
    title,
    description,
    options: told(options),
    example,
    explanation,
    counts,
    momentary: momentary === true,
  };
}

function told(options: z.ZodType): JsonSchema {
  const { $schema: _, ...schema } = toldSchema(jsonSchemaOf(options));
  return schema;
}
