import { signal } from '@preact/signals';
import type { ScenarioSummary } from '../../sdk/index.ts';
import type { Flaw } from '../editor/editor.ts';
import type { JsonSchema } from '../editor/json-schema.ts';
import { api, attempt, tell } from './api.ts';
import { open as openRun } from './run.ts';
import { goTo } from './place.ts';

/** Scenarios that come with Papertape, and those that were uploaded. */
export const shelf = signal<readonly ScenarioSummary[]>([]);
/** Name of the scenario that is in the editor, and its text. */
export const name = signal('default');
export const text = signal('');
/** What is wrong with the text; absent before it was checked. */
export const flaws = signal<readonly Flaw[] | undefined>(undefined);
/** What the text means, in plain sentences, when it was asked for. */
export const meaning = signal<string | undefined>(undefined);
/** The JSON Schema of scenarios, for completion. */
export const schema = signal<JsonSchema | undefined>(undefined);

export async function readShelf(): Promise<void> {
  shelf.value = await api.value.listScenarios();
  schema.value ??= await api.value.scenarioSchema();
}

/** Puts a scenario of the shelf into the editor. */
export async function open(wanted: string): Promise<void> {
  const found = await attempt(async () => await api.value.getScenario(wanted));
  if (found === undefined) return;
  name.value = found.name;
  text.value = found.text;
  meaning.value = undefined;
}

/** What is wrong with a text, in its lines; what only should be known comes as a warning. */
export async function check(written: string): Promise<readonly Flaw[]> {
  const found = await attempt(async () => await api.value.validateScenario(written));
  if (found === undefined) return [];
  const { problems, advice } = found;
  const flawOf =
    (severity: Flaw['severity']) =>
    ({ message, field, wayOut, line, column }: (typeof problems)[number]): Flaw => ({
      line,
      column,
      severity,
      message: `${field === '' ? '' : `${field}: `}${message}${wayOut === undefined ? '' : ` – ${wayOut}`}`,
    });
  const all = [...problems.map(flawOf('error')), ...advice.map(flawOf('warning'))];
  if (written === text.value) flaws.value = all;
  return all;
}

/** Opens a run of what is in the editor, and shows it. */
export async function play(): Promise<void> {
  if (await openRun({ scenario: text.value })) goTo('chart');
}

export async function save(): Promise<void> {
  const saved = await attempt(async () => await api.value.putScenario(name.value, text.value));
  if (saved === undefined) return;
  tell('done', `Saved ${saved.name}.`);
  await attempt(readShelf);
}

export async function remove(): Promise<void> {
  const gone = name.value;
  const done = await attempt(async () => {
    await api.value.deleteScenario(gone);
    return true;
  });
  if (done === undefined) return;
  tell('done', `Deleted ${gone}.`);
  await attempt(readShelf);
}

export async function explain(): Promise<void> {
  if (meaning.value !== undefined) return void (meaning.value = undefined);
  const told = await attempt(async () => await api.value.explainScenario(text.value));
  if (told !== undefined) meaning.value = told.text;
}
