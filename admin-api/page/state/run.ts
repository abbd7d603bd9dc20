import { computed, signal } from '@preact/signals';
import type { NewRun, RunView } from '../../sdk/index.ts';
import { api, attempt, reasonOf, tell } from './api.ts';

/** All runs of this Papertape, the default one first; empty before the first answer. */
export const runs = signal<readonly RunView[]>([]);

/** Name of the run that the page shows; the address of the page holds it. */
export const chosen = signal(runInAddress());

/** The run that the page shows; absent before the first answer, and when it was stopped. */
export const run = computed(() => runs.value.find(({ id }) => id === chosen.value));

/** How fast a run may be played, as the page offers it. */
export const speeds = [0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 1000, 'max'] as const;

export function choose(id: string): void {
  history.replaceState(null, '', id === 'default' ? '#' : `#${encodeURIComponent(id)}`);
  chosen.value = id;
}

addEventListener('hashchange', () => (chosen.value = runInAddress()));

function runInAddress(): string {
  const named = decodeURIComponent(location.hash.slice(1));
  return named === '' ? 'default' : named;
}

/** Takes in what the API says of a run. */
export function take(view: RunView): void {
  const known = runs.value.some(({ id }) => id === view.id);
  runs.value = known ? runs.value.map((one) => (one.id === view.id ? view : one)) : [...runs.value, view];
}

/** Opens a run and shows it; false when it was refused, which is told. */
export async function open(asked: NewRun): Promise<boolean> {
  const opened = await attempt(async () => await api.value.createRun(asked));
  if (opened === undefined) return false;
  const { warnings, ...view } = opened;
  take(view);
  choose(view.id);
  tell('done', `Run ${view.id} is open. Its clients find it at ${view.url}.`);
  for (const warning of warnings) tell('warned', `Run ${view.id}: ${warning}.`);
  return true;
}

/** Turns a knob of the run that is shown, and takes in where that leaves it. */
export async function turn(deed: (id: string) => Promise<RunView>): Promise<void> {
  const view = await attempt(async () => await deed(chosen.value));
  if (view !== undefined) take(view);
}

export async function readRuns(): Promise<void> {
  const list = await api.value.listRuns();
  runs.value = list;
  if (!list.some(({ id }) => id === chosen.value)) {
    tell('failed', `There is no run ${chosen.value} any more.`);
    choose('default');
  }
}

export async function playOrPause(): Promise<void> {
  const isPlaying = run.value?.phase === 'playing';
  await turn(async (id) => (isPlaying ? await api.value.pause(id) : await api.value.play(id)));
}

export async function step(what: 'event' | 'bar'): Promise<void> {
  if (run.value?.phase === 'playing') await turn(async (id) => await api.value.pause(id));
  await turn(async (id) => await api.value.step(what, id));
}

export async function setSpeed(speed: number | 'max'): Promise<void> {
  await turn(async (id) => await api.value.setSpeed(speed, id));
}

/** So many presets faster, or slower. */
export async function shiftSpeed(by: 1 | -1): Promise<void> {
  const speed = run.value?.speed ?? 1;
  const rank = (of: number | 'max'): number => (of === 'max' ? Infinity : of);
  const next =
    by > 0 ? speeds.find((one) => rank(one) > rank(speed)) : speeds.findLast((one) => rank(one) < rank(speed));
  if (next !== undefined) await setSpeed(next);
}

/** To an instant, or a moment such as `09:30` or `open+5m`. False when that names none. */
export async function seek(to: string): Promise<boolean> {
  try {
    take(await api.value.seek(to, chosen.value));
    return true;
  } catch (error) {
    tell('failed', reasonOf(error));
    return false;
  }
}

/** So many milliseconds of market time back or on, within the tape. */
export async function shift(millis: number): Promise<void> {
  const { value } = run;
  if (value === undefined) return;
  const [from, to] = [Date.parse(value.from), Date.parse(value.to)];
  const at = Date.parse(value.position ?? value.from) + millis;
  await seek(new Date(Math.min(Math.max(at, from), to)).toISOString());
}
