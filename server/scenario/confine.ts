import { lstat, realpath } from 'node:fs/promises';
import { isAbsolute, join, resolve, sep } from 'node:path';
import { type Place, printPath, printValue, type Problem, ScenarioError } from './problem.ts';
import type { Scenario } from './schema.ts';

/** What a scenario may reach that comes from somebody who may not read this machine's files, such as over a network. */
export interface Confines {
  /** Folders whose scenarios may be extended, by their names; the first that has one counts. */
  readonly scenarios: readonly string[];
  /** Folders whose tapes may be played, by their names; the first that has one counts. */
  readonly tapes: readonly string[];
}

/** Expectations that look at files or databases of the machine. */
export const reachingExpectations = ['posted', 'store'] as const;

/** What of a loaded scenario is looked at. */
interface Written {
  readonly scenario: Scenario;
  readonly directory: string;
  readonly place: (path: readonly PropertyKey[]) => Place;
  readonly written: (path: readonly PropertyKey[]) => unknown;
}

const scenarioName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;
const scenarioEndings = ['', '.scenario.yaml'];

/** The file of a scenario that may be extended; absent when there is none of that name in the folders. */
export async function findScenario({ scenarios }: Confines, name: string): Promise<string | undefined> {
  if (!scenarioName.test(name)) return undefined;
  const names = scenarioEndings.map((ending) => name + ending);
  return await firstOf(scenarios.flatMap((folder) => names.map((file) => ({ folder, path: join(folder, file) }))));
}

/**
 * The scenario with its tapes found within the confines. Throws a `ScenarioError` that names everything it reaches for beyond them: other
 * files, databases, and the wide world.
 */
export async function confine<Loaded extends Written>(loaded: Loaded, confines: Confines): Promise<Loaded> {
  const { scenario, place, written } = loaded;
  const problems: Problem[] = [];
  const refuse = (path: readonly PropertyKey[], message: string, wayOut: string): void => {
    problems.push({
      place: place(path),
      path: printPath(path),
      value: printValue(written(path), path),
      message,
      wayOut,
    });
  };
  const tapes: Scenario['tapes'] = [];
  for (const [index, tape] of scenario.tapes.entries()) {
    const path = ['tapes', index];
    if (tape.postgres !== undefined) {
      refuse([...path, 'postgres', 'url'], 'a database is out of reach from here', fromFile('play a tape file'));
    }
    if (tape.file === undefined) {
      tapes.push(tape);
      continue;
    }
    const given = typeof tape.file === 'string' ? tape.file : tape.file.path;
    const at = typeof tape.file === 'string' ? [...path, 'file'] : [...path, 'file', 'path'];
    const found = await findTape(confines, given);
    if (found === undefined) {
      const beyond = isAbsolute(given) || given.split(/[/\\]/).includes('..') || given.includes('\0');
      const message = beyond ? 'a path that leaves the folder of tapes' : 'no such tape here';
      refuse(at, message, 'use the name of one that `GET /tapes` lists, or upload it first');
    } else tapes.push({ file: typeof tape.file === 'string' ? found : { ...tape.file, path: found } });
  }
  for (const [index, { must }] of scenario.expect.entries()) {
    for (const name of reachingExpectations) {
      if (must[name] === undefined) continue;
      const wayOut = fromFile('ask the journal or the rows of the run instead');
      refuse(['expect', index, 'must', name], 'a file or a database is out of reach from here', wayOut);
    }
  }
  if (problems.length > 0) throw new ScenarioError(problems);
  return { ...loaded, scenario: { ...scenario, tapes }, directory: confines.tapes[0] ?? '.' };
}

const fromFile = (instead: string): string => `${instead}, or serve the scenario from its file: papertape serve FILE`;

/** A tape by its name, or by its path below a folder of tapes. */
async function findTape({ tapes }: Confines, name: string): Promise<string | undefined> {
  if (isAbsolute(name) || name.includes('\0') || name.split(/[/\\]/).includes('..')) return undefined;
  return await firstOf(tapes.map((folder) => ({ folder, path: join(folder, name) })));
}

async function firstOf(candidates: readonly { folder: string; path: string }[]): Promise<string | undefined> {
  for (const { folder, path } of candidates) if (await isWithin(folder, path)) return resolve(path);
  return undefined;
}

/** Whether a path is a file of a folder, or below it, once all links are followed. */
async function isWithin(folder: string, path: string): Promise<boolean> {
  try {
    const [home, real] = [await realpath(folder), await realpath(path)];
    return real.startsWith(home + sep) && (await lstat(real)).isFile();
  } catch (error) {
    if (error instanceof Error && 'code' in error) return false;
    throw error;
  }
}
