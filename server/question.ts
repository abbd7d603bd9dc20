import type { z } from 'zod';
import type { Run } from './run.ts';
import { printPath } from './scenario/problem.ts';
import { closest } from './scenario/spelling.ts';
import { type Expect, expectSchemas } from './scenario/steps.ts';
import { objectionsToAims } from './step-objections.ts';

/** What a program asks of a run's clients in its middle, spelled as an expectation of a scenario. */
export type Question = Omit<z.input<typeof expectSchemas.element>, 'id' | 'severity'>;

/** The expectation that a question is, for this run. Throws a RangeError that names what is wrong with it, and a way out. */
export async function expectationOf(question: Question, { scenario, exchanges, chronicle }: Run): Promise<Expect> {
  const result = expectSchemas.element.safeParse({ id: 'asked', ...question });
  if (!result.success) {
    const wrong = result.error.issues.map(({ path, message }) => `${printPath(path)}: ${message}`);
    throw new RangeError(wrong.join('\n'));
  }
  const expect = result.data;
  const step = expect.after ?? expect.during;
  const steps = [...scenario.timeline, ...scenario.rules].map(({ id }) => id);
  const known = [...new Set([...steps, ...chronicle.faults.lines.map((line) => line.step)])];
  if (step !== undefined && !known.includes(step)) {
    const meant = closest(step, known);
    const list = known.length === 0 ? 'the scenario has none' : `use one of ${known.join(', ')}`;
    throw new RangeError(`no step is called ${step}; ${meant === undefined ? list : `did you mean ${meant}?`}`);
  }
  const [aimless] = await objectionsToAims({ ...scenario, timeline: [], rules: [], expect: [expect] }, exchanges);
  if (aimless === undefined) return expect;
  const part = printPath(aimless.path.slice(2));
  throw new RangeError(`${part}: ${aimless.message}; ${aimless.wayOut}`);
}
