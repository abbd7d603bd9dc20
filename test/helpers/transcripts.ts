import { readFileSync } from 'node:fs';
import { z } from 'zod';

const element = z.record(z.string(), z.unknown());
const evidence = {
  source: z.string(),
  certainty: z.enum(['documented', 'inferred', 'sdk-test']),
  measured: z.boolean().optional(),
  note: z.string().optional(),
  alternatives: z.array(z.string()).optional(),
  conn: z.string().optional(),
};
const timing = {
  within_ms: z.number().nullish(),
  after_ms: z.number().nullish(),
  tolerance_ms: z.number().nullish(),
  at: z.string().optional(),
};
const payload = {
  frame: z.union([z.array(element), element]).optional(),
  hex: z.string().optional(),
  raw: z.string().optional(),
  opcode: z.enum(['text', 'binary']).optional(),
  control: z.enum(['ping', 'pong']).optional(),
  payload: z.string().optional(),
};

const step = z.discriminatedUnion('dir', [
  z.strictObject({ dir: z.literal('send'), ...evidence, ...payload, fragments: z.array(z.number()).optional() }),
  z.strictObject({
    dir: z.literal('recv'),
    ...evidence,
    ...payload,
    ...timing,
    match: element.optional(),
    http: z.number().optional(),
    body: element.optional(),
    optional: z.boolean().optional(),
  }),
  z.strictObject({
    dir: z.literal('wait'),
    ...evidence,
    ...timing,
    ms: z.number().nullable(),
    expect: z.string().optional(),
  }),
  z.strictObject({
    dir: z.literal('close'),
    ...evidence,
    ...timing,
    by: z.enum(['server', 'client']),
    close_frame: z.boolean(),
    client_sees: z.number(),
    reason: z.string(),
  }),
]);

const transcript = z.strictObject({
  name: z.string(),
  path: z.string(),
  encoding: z.enum(['json', 'msgpack']),
  headers: z.record(z.string(), z.string()).optional(),
  description: z.string(),
  source: z.string().optional(),
  steps: z.array(step),
});

export type Transcript = z.output<typeof transcript>;
export type Step = Transcript['steps'][number];
export type Receipt = Extract<Step, { dir: 'recv' }>;
export type Sending = Extract<Step, { dir: 'send' }>;

/** The golden conversations of one vendor, each step with its source and certainty. */
export function transcriptsOf(vendor: string): readonly Transcript[] {
  const file = new URL(`../../fixtures/transcripts/${vendor}.json`, import.meta.url);
  return z.array(transcript).parse(JSON.parse(readFileSync(file, 'utf8')));
}
