import { z } from 'zod';
import { duration } from '../../market/duration.ts';
import { hour } from '../../market/nanos.ts';
import { chosenFault, faultSchema } from '../faults/index.ts';
import { complaintsOf } from './complaint.ts';
import { crossCheck } from './cross-check.ts';
import { jsonSchemaOf } from './json-schema.ts';
import { type Problem, ScenarioError } from './problem.ts';
import { lasting, type Step, stepId } from './steps.ts';
import { toldSchema } from './told-schema.ts';
import { treeOf } from './tree.ts';

const longest = 24n * hour;

/** A fault that begins when it is given, as a step of a scenario would spell it. Nobody can forget it: it ends by itself. */
export const injectionSchema = z
  .strictObject({
    id: stepId.optional().meta({
      title: 'Id',
      description: 'How the journal and reports call it; now-1, now-2 … when absent.',
      examples: ['pull-the-plug'],
    }),
    inject: faultSchema,
    ...lasting,
    for: duration
      .refine((span) => span > 0n, 'too short to strike; use a longer time such as 30s')
      .refine((span) => span <= longest, 'too long to be remembered; use 24h or less')
      .optional()
      .meta({
        title: 'For',
        description: 'How long it lasts at most. Only what is over at once, such as close, needs none.',
        examples: ['30s'],
      }),
    realtime: z.boolean().default(true).meta({
      title: 'Real time',
      description:
        'Its times are those of the wall clock, so that it ends also while the tape is paused or over; else those of the tape.',
    }),
  })
  .superRefine((given, context) => {
    // Without a time it would be asked for one, or for `run`, of which nobody here may think.
    const step: Step = { ...given, id: 'now', for: given.for ?? 'run' };
    crossCheck({ timeline: [step], rules: [], expect: [] }, ([, , ...path], message) =>
      context.addIssue({ code: 'custom', path, message }),
    );
    const [named] = Object.keys(given.inject).length === 1 ? [chosenFault(given.inject)] : [];
    if (given.for !== undefined || named === undefined || (named.momentary && given.times === undefined)) return;
    const message = `does not say when ${named.name} ends at the latest; add for, such as for: 30s`;
    context.addIssue({ code: 'custom', path: ['for'], message });
  })
  .meta({
    title: 'Injection',
    description: 'A fault that begins at once.',
    examples: [{ inject: { mute: {} }, for: '30s' }],
  });

/** As a program gives it. */
export type InjectionInput = z.input<typeof injectionSchema>;
/** After validation, defaults filled in. */
export type GivenInjection = z.output<typeof injectionSchema>;

/** Reads an injection as a program, or a request, gives it. Throws a `ScenarioError` that lists everything wrong with it. */
export function readInjection(input: unknown): GivenInjection {
  const result = injectionSchema.safeParse(input);
  if (result.success) return result.data;
  throw new ScenarioError(problemsOf(result.error.issues, input));
}

function problemsOf(issues: readonly z.core.$ZodIssue[], input: unknown): Problem[] {
  const tree = treeOf(input, { variable: 'fault' });
  const schema = toldSchema(jsonSchemaOf(injectionSchema));
  return issues.flatMap((issue) => complaintsOf(issue, tree, schema));
}
