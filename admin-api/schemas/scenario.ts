import { z } from 'zod';
import { faultSchema } from '../problem.ts';

export const scenarioParams = z.strictObject({
  name: z.string().meta({ description: 'Up to 64 letters, digits, - and _.', examples: ['market-open'] }),
});

export const scenarioSummary = z
  .strictObject({
    name: z.string().meta({ description: 'By which runs are opened with it.' }),
    origin: z.enum(['ready', 'uploaded']).meta({ description: 'ready: comes with Papertape, and stays as it is.' }),
    description: z.string().optional(),
    teaches: z.string().optional().meta({ description: 'What there is to learn from it.' }),
    isValid: z.boolean().meta({ description: 'Whether it could be read; what is wrong with it is told by itself.' }),
  })
  .meta({ id: 'ScenarioSummary' });
export type ScenarioSummary = z.infer<typeof scenarioSummary>;

export const scenarioText = z
  .strictObject({
    ...scenarioSummary.shape,
    text: z.string().meta({ description: 'As it was written, YAML.' }),
    problems: z.array(faultSchema).meta({ description: 'What is wrong with it; empty when it can be read.' }),
  })
  .meta({ id: 'Scenario' });
export type ScenarioText = z.infer<typeof scenarioText>;

/** Bytes of a body with a scenario: a text of a mebibyte, spelled with escapes where it is JSON. */
export const largestScenarioBody = 3 * 2 ** 20;

/** A scenario, as YAML or in JSON. */
export const givenText = z.union([z.string(), z.strictObject({ text: z.string() })]).meta({
  description: 'YAML as text/yaml, or as the text of a JSON object. A mebibyte at most.',
  examples: [{ text: 'name: mine\ntapes: [{ synthetic: { symbols: [AAPL] } }]\n' }],
});

export const validation = z
  .strictObject({
    isValid: z.boolean(),
    problems: z.array(faultSchema).meta({ description: 'What stands against playing it, each with line and column.' }),
    advice: z.array(faultSchema).meta({ description: 'What its writer should know although it stops nothing.' }),
  })
  .meta({ id: 'Validation' });
export type Validation = z.infer<typeof validation>;

export const explanation = z
  .strictObject({ name: z.string(), text: z.string().meta({ description: 'In plain sentences, for a person.' }) })
  .meta({ id: 'Explanation' });
export type Explanation = z.infer<typeof explanation>;
