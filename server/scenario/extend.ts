import { open, realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join } from 'node:path';
import type { Chain } from './chain.ts';
import { type Confines, findScenario } from './confine.ts';
import type { Environment } from './interpolate.ts';
import { type Place, type Problem, ScenarioError } from './problem.ts';
import { overlay, placeOf, type Tree, valueAt, without } from './tree.ts';

/** Largest scenario file, in bytes. A hand-written one has a few hundred lines. */
export const largestFile = 2 ** 20;
/** Files that may extend one another. */
const longestChain = 16;

/** A file on the way from the scenario down to what it extends. */
interface Link {
  readonly file: string;
  /** The same file however it is spelled, to see that it comes round again. */
  readonly identity: string;
}

/** Reads a file and everything it extends into one tree. Throws a `ScenarioError`. */
export async function readChain(file: string, environment: Environment): Promise<Chain> {
  return follow(file, { file, line: 1, column: 1 }, [], environment);
}

/**
 * As `readChain`, for text that is not in a file; `file` names it and anchors its relative paths. With confines it extends what they hold,
 * by name, and nothing else.
 */
export async function readChainOf(
  text: string,
  file: string,
  environment: Environment,
  confines?: Confines,
): Promise<Chain> {
  if (Buffer.byteLength(text) > largestFile) throw tooLarge(file, { file, line: 1, column: 1 }, []);
  return grown(text, { file, identity: file }, [], environment, confines);
}

async function follow(
  file: string,
  from: Place,
  chain: readonly Link[],
  environment: Environment,
  confines?: Confines,
): Promise<Chain> {
  // Who is confined is not to learn where files lie.
  const shown = confines === undefined ? file : basename(file);
  const text = await readText(file, shown, from, chain);
  const identity = await realpath(file);
  if (chain.some((link) => link.identity === identity)) {
    throw refusal(from, chain, shown, 'extends itself in a circle', 'remove one of the `extends`');
  }
  return grown(text, { file: shown, identity }, chain, environment, confines);
}

async function grown(
  text: string,
  link: Link,
  chain: readonly Link[],
  environment: Environment,
  confines?: Confines,
): Promise<Chain> {
  // Loaded when there is YAML: a program may bring its scenario as an object.
  const { readYaml } = await import('./yaml.ts');
  const reading = readYaml(text, link.file, environment);
  if ('problems' in reading) throw new ScenarioError(reading.problems);
  const { tree } = reading;
  if (isRecyclerConfiguration(tree)) return (await import('./recycler/translate.ts')).translate(tree, environment);
  const base = valueAt(tree, ['extends']);
  if (tree.kind !== 'map' || base === undefined) return { tree, advice: [], retention: undefined };
  const place = placeOf(tree, ['extends']);
  if (typeof base !== 'string' || base === '') {
    const wayOut = 'use the path of one scenario file, relative to this one';
    throw new ScenarioError([{ place, path: 'extends', value: JSON.stringify(base), message: 'not a path', wayOut }]);
  }
  const links = [...chain, link];
  if (links.length >= longestChain) {
    throw refusal(place, links, base, `more than ${longestChain} files in a row`, 'extend fewer');
  }
  const path =
    confines !== undefined
      ? await findScenario(confines, base)
      : isAbsolute(base)
        ? base
        : join(dirname(link.file), base);
  if (path === undefined) {
    throw refusal(place, links, base, 'no scenario of this server', 'use the name of one that `GET /scenarios` lists');
  }
  const { tree: under, advice } = await follow(path, place, links, environment, confines);
  // Whoever extends the recycler's configuration may play other tapes: its database is not cleaned for them.
  return { tree: overlay(under, without(tree, 'extends')), advice, retention: undefined };
}

/** Is this the configuration of the recycler that Papertape replaces (docs/recycler.md), rather than a scenario? */
function isRecyclerConfiguration(tree: Tree): boolean {
  if (tree.kind !== 'map' || !tree.entries.has('websocket')) return false;
  return !['apiVersion', 'extends', 'tapes'].some((key) => tree.entries.has(key));
}

async function readText(file: string, shown: string, from: Place, chain: readonly Link[]): Promise<string> {
  let bytes: Buffer;
  try {
    await using handle = await open(file, 'r');
    const { size } = await handle.stat();
    if (size > largestFile) throw tooLarge(shown, from, chain);
    bytes = await handle.readFile();
  } catch (error) {
    if (error instanceof ScenarioError || !(error instanceof Error)) throw error;
    const code = 'code' in error ? String(error.code) : '';
    const [message, wayOut] = unreadable[code] ?? [error.message, 'make it readable'];
    throw refusal(from, chain, shown, message, wayOut);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) throw refusal(from, chain, shown, 'not UTF-8 text', 'save it as UTF-8');
    throw error;
  }
}

const unreadable: Readonly<Record<string, readonly [message: string, wayOut: string]>> = {
  ENOENT: ['no such file', 'check the path, or write a scenario with `papertape init`'],
  EISDIR: ['a folder, not a file', 'name a scenario file'],
  EACCES: ['not readable by this user', 'change its permissions'],
};

const tooLarge = (file: string, from: Place, chain: readonly Link[]): ScenarioError =>
  refusal(from, chain, file, 'larger than 1MiB', 'keep rows in a tape and settings in the scenario');

/** Points at the `extends` that led here and tells the way from the first file. */
function refusal(place: Place, chain: readonly Link[], file: string, message: string, wayOut: string): ScenarioError {
  const path = chain.length === 0 ? '' : 'extends';
  const route = chain.length === 0 ? '' : ` (${[...chain.map((link) => link.file), file].join(' → ')})`;
  const problem: Problem = {
    place,
    path,
    value: chain.length === 0 ? undefined : file,
    message: message + route,
    wayOut,
  };
  return new ScenarioError([problem]);
}
