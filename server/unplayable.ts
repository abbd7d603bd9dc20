import { printPath } from './scenario/problem.ts';
import { TapeError } from './sources/source.ts';

/** One thing a scenario asks for and cannot have, with its place within the scenario. */
export interface Objection {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly wayOut: string;
}

/** A scenario that asks for what its tapes or its exchanges do not have. Whoever knows the file can add the line. */
export class UnplayableError extends TapeError {
  readonly objections: readonly Objection[];

  constructor(...objections: readonly Objection[]) {
    super(objections.map(({ path, message, wayOut }) => `${printPath(path)}: ${message}; ${wayOut}`).join('\n'));
    this.objections = objections;
  }
}
