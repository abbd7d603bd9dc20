import { parseScenario, ScenarioError } from '../../../server/scenario/index.ts';

const head = 'name: t\ntapes: [{ synthetic: {} }]\n';

/** Everything said against a scenario, one line each; the text begins on line 3, after a name and a tape. */
export async function complaintsAbout(
  text: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<readonly string[]> {
  return await complaintsAboutAll(head + text, environment);
}

/** As `complaintsAbout`, with nothing before the text. */
export async function complaintsAboutAll(
  text: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<readonly string[]> {
  return await problemsOf(parseScenario(text, 't.yaml', environment));
}

/** The lines of the ScenarioError a loading ends with; none when it succeeds. */
export async function problemsOf(loading: Promise<unknown>): Promise<readonly string[]> {
  try {
    await loading;
    return [];
  } catch (error) {
    if (error instanceof ScenarioError) return error.message.split('\n');
    throw error;
  }
}
