/** Where a value of a scenario was written: in a file, or in an environment variable. Lines and columns count from 1. */
export type Place =
  { readonly file: string; readonly line: number; readonly column: number } | { readonly variable: string };

/** One thing wrong with a scenario, told so that its writer can put it right. */
export interface Problem {
  readonly place: Place;
  /** Dotted path within the scenario: `replay.speed`; empty for the scenario as a whole. */
  readonly path: string;
  /** The offending value as its writer would recognise it; `undefined` when something is missing. */
  readonly value: string | undefined;
  readonly message: string;
  readonly wayOut: string;
}

/** A scenario that cannot be used, with everything wrong with it at once. */
export class ScenarioError extends Error {
  override readonly name = 'ScenarioError';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(printProblem).join('\n'));
    this.problems = problems;
  }
}

/** One line an editor can jump to: `my.scenario.yaml:5:11 replay.speed: 5000 – not a speed; use 0.1–1000 or max`. */
export function printProblem({ place, path, value, message, wayOut }: Problem): string {
  const named = path === '' ? ':' : '';
  const where = 'variable' in place ? place.variable + named : `${place.file}:${place.line}:${place.column}`;
  const what = [path === '' ? '' : `${path}:`, value === undefined ? '' : `${value} –`].filter((part) => part !== '');
  return `${[where, ...what, message].join(' ')}${wayOut === '' ? '' : `; ${wayOut}`}`;
}

/** Dotted form of a path: `tapes[0].file.path`. */
export function printPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, part) => text + (typeof part === 'number' ? `[${part}]` : `${text === '' ? '' : '.'}${String(part)}`),
    '',
  );
}

const longestValue = 60;
const secretKeys = new Set<PropertyKey>(['secret', 'password', 'key']);

/** A value short enough for a line, without passwords. */
export function printValue(value: unknown, path: readonly PropertyKey[]): string | undefined {
  if (value === undefined) return undefined;
  if (secretKeys.has(path.at(-1) ?? '')) return '(hidden)';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const open = (value === '' ? "''" : text).replace(/(:\/\/[^:@/\s]*):[^@\s]*@/g, '$1:…@').replace(/\s+/g, ' ');
  return open.length > longestValue ? `${open.slice(0, longestValue - 1)}…` : open;
}
