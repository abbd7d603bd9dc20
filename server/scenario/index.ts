export { explainScenario } from './explain.ts';
export type { Environment } from './interpolate.ts';
export { scenarioJsonSchema, schemaId } from './json-schema.ts';
export { type LoadedScenario, loadScenario, parseScenario } from './load.ts';
export { overrides, type Override } from './overrides.ts';
export { type Problem, ScenarioError, printProblem } from './problem.ts';
export { type Scenario, type ScenarioInput, scenarioSchema } from './schema.ts';
export { closest } from './spelling.ts';
export { formatInstant } from './instant.ts';
