import { readdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type LoadedScenario, loadScenario, parseScenario, parseScenarioInput } from './load.ts';
import { ScenarioError } from './problem.ts';
import type { Scenario, ScenarioInput } from './schema.ts';
import { closest } from './spelling.ts';

/** A scenario as a file spells it, for a program; it need not have a name. */
export type InlineScenario = Omit<ScenarioInput, 'name'> & { readonly name?: string | undefined };

/**
 * A scenario in any of the ways a program may say which: the name of a ready one, the path of a file, YAML text, an object as a file would
 * spell it, or one that is loaded or parsed.
 */
export type GivenScenario = string | InlineScenario | LoadedScenario | Scenario;

const ending = '.scenario.yaml';
const nameShape = /^[A-Za-z0-9][A-Za-z0-9_-]*$/;
/** Text of a scenario has several lines, or a key with its value on one; a path has neither. */
const textShape = /\n|:\s|^\s*\{/;

/**
 * Reads the scenario that a program gives. `directory`: where relative paths start, of the file and of tapes that no file names. Throws a
 * `ScenarioError`.
 */
export async function readGivenScenario(
  given: GivenScenario,
  directory = '.',
): Promise<Pick<LoadedScenario, 'scenario' | 'directory'>> {
  if (typeof given === 'string') return await readText(given, directory);
  if (typeof given !== 'object' || given === null) {
    throw new TypeError(`no scenario: ${String(given)}; give a name, a file, YAML text or an object`);
  }
  if ('scenario' in given) return given;
  if (isParsed(given)) return { scenario: given, directory };
  return { ...parseScenarioInput({ ...given, name: given.name ?? 'inline' }), directory };
}

/** The scenarios that come with the package, by name, with their files. */
export function readyScenarios(): ReadonlyMap<string, string> {
  const folder = readyFolder();
  const files = readdirSync(folder).filter((name) => name.endsWith(ending));
  return new Map(files.toSorted().map((file) => [file.slice(0, -ending.length), join(folder, file)]));
}

/** The file of a ready scenario. Throws a `ScenarioError` that tells which there are. */
export function readyScenario(name: string): string {
  const ready = readyScenarios();
  const found = ready.get(name);
  if (found !== undefined) return found;
  const meant = closest(name, [...ready.keys()]);
  const list = `the ready ones are ${[...ready.keys()].join(', ')}`;
  throw new ScenarioError([
    {
      place: { file: name, line: 1, column: 1 },
      path: '',
      value: undefined,
      message: 'no such file, and no ready scenario',
      wayOut: meant === undefined ? list : `did you mean ${meant}? (${list})`,
    },
  ]);
}

async function readText(text: string, directory: string): Promise<LoadedScenario> {
  if (textShape.test(text)) return await parseScenario(text, join(directory, 'inline'));
  const file = resolve(directory, text);
  if (!nameShape.test(text) || statSync(file, { throwIfNoEntry: false })?.isFile() === true) {
    return await loadScenario(file);
  }
  return await loadScenario(readyScenario(text));
}

/** Spelled as in a file, a time is a text; parsed, it is a number of nanoseconds, and always there. */
const isParsed = (given: InlineScenario | Scenario): given is Scenario => typeof given.limits?.stall === 'bigint';

/** Beside the sources, or above them where they are compiled. */
function readyFolder(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const ready = join(folder, 'scenarios');
    if (statSync(join(ready, `default${ending}`), { throwIfNoEntry: false })?.isFile() === true) return ready;
    if (folder === dirname(folder))
      throw new Error('the ready scenarios are missing from the package; install it again');
  }
}
