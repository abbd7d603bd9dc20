import { type LoadedScenario, readGivenScenario } from '../server/index.ts';
import type { Desk } from './desk.ts';

/** The scenario that a request names or holds. Throws a `ScenarioError`. */
export async function readScenario(
  given: string | Record<string, unknown>,
  { folders }: Pick<Desk, 'folders'>,
): Promise<Pick<LoadedScenario, 'scenario' | 'directory'>> {
  // JSON is YAML: an object goes through the same door as a text, and is refused in the same words.
  const text = typeof given === 'string' ? given : JSON.stringify({ name: 'inline', ...given }, undefined, 2);
  return await readGivenScenario(text, folders.scenarios);
}
