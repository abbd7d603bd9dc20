import { InjectionError, type LiveFault, ScenarioError } from '../server/index.ts';
import { faultOf } from './failure.ts';
import { ProblemError } from './problem.ts';

/** Injects a fault. Throws a `ProblemError` that tells what is wrong with it by fields of the request. `fieldOf`: where a part of it stands there. */
export async function injected(
  inject: () => Promise<LiveFault>,
  fieldOf: (path: string) => string,
): Promise<LiveFault> {
  try {
    return await inject();
  } catch (error) {
    if (error instanceof InjectionError) throw new ProblemError(409, error.message);
    if (!(error instanceof ScenarioError)) throw error;
    const faults = error.problems.map((problem) => {
      const { field, ...fault } = faultOf(problem);
      return { ...fault, field: fieldOf(field) };
    });
    const lines = faults.map(({ field, message, wayOut }) =>
      wayOut === undefined ? `${field}: ${message}` : `${field}: ${message}; ${wayOut}`,
    );
    throw new ProblemError(422, lines.join('\n'), faults);
  }
}
