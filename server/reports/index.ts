export { htmlReport } from './html.ts';
export { jsonReport, jsonReportVersion } from './json.ts';
export { junitReport } from './junit.ts';
export type { RunFacts } from './run-facts.ts';
