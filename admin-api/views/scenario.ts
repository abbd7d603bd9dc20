import { explainScenario, type LoadedScenario, ScenarioError } from '../../server/index.ts';
import type { Desk } from '../desk.ts';
import { faultOf } from '../failure.ts';
import { readNamed } from '../scenario-given.ts';
import type { ScenarioShelf, ShelvedScenario } from '../scenario-shelf.ts';
import type { Explanation, ScenarioText } from '../schemas/scenario.ts';

/** A scenario of the shelf as the API tells it. */
export async function scenarioView(
  shelved: ShelvedScenario,
  shelf: ScenarioShelf,
  desk: Pick<Desk, 'folders' | 'limits'>,
): Promise<ScenarioText> {
  const { name, origin } = shelved;
  const text = await shelf.read(shelved);
  const lesson = lessonOf(text);
  const about = { name, origin, text, ...(lesson === undefined ? {} : { teaches: lesson }) };
  try {
    const { description } = (await readNamed(name, desk)).scenario;
    return {
      ...about,
      ...(description === undefined ? {} : { description: description.trim() }),
      isValid: true,
      problems: [],
    };
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    return { ...about, isValid: false, problems: error.problems.map(faultOf) };
  }
}

export function explanationOf({ scenario }: Pick<LoadedScenario, 'scenario'>): Explanation {
  return { name: scenario.name, text: explainScenario(scenario) };
}

/** What a file says of itself in the comment at its head: `# Learn here: …`. */
function lessonOf(text: string): string | undefined {
  const lines: string[] = [];
  for (const line of text.split('\n', 20)) {
    const [, said] = /^# ?(.*)$/.exec(line) ?? [];
    if (said === undefined || said.startsWith('yaml-language-server')) break;
    lines.push(said.trim());
  }
  const [, lesson] = /^Learn here: (.+)$/s.exec(lines.join(' ')) ?? [];
  return lesson?.trim();
}
