import { z } from 'zod';
import { type InjectionInput, injectionJsonSchema } from '../../server/index.ts';
import { runParams } from './common.ts';

export { type LiveFaultView, liveFaultView as liveFault } from './live-fault.ts';

export const faultKind = z
  .strictObject({
    name: z.string().meta({ description: 'As a scenario calls it.', examples: ['mute'] }),
    title: z.string(),
    description: z.string(),
    options: z.record(z.string(), z.unknown()).meta({ description: 'JSON Schema of its options.' }),
    example: z.unknown().meta({ description: 'Options as somebody might choose them.' }),
    explanation: z.string().meta({ description: 'What that does, in a sentence.' }),
    counts: z.string().meta({ description: 'What it strikes one by one: event, connection, request …' }),
    momentary: z.boolean().meta({ description: 'It strikes and is over; all others need a `for`.' }),
  })
  .meta({ id: 'FaultKind' });
export type FaultKind = z.infer<typeof faultKind>;

const { $schema: _, ...injection } = injectionJsonSchema();
/** What is wrong with it is told by the reader of scenarios, in its words: here it is only described. */
export const newFault = z.custom<InjectionInput>(() => true).meta({ ...injection, id: 'NewFault' });
export type NewFault = InjectionInput;

export const faultParams = runParams.extend({
  fault: z.string().meta({ description: 'Id of what is live.', examples: ['now-1'] }),
});
