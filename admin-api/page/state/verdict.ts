import { signal } from '@preact/signals';
import type { StandingsView } from '../../sdk/index.ts';
import { api } from './api.ts';
import { chosen } from './run.ts';

/** How one expectation of the scenario stands. */
export type Standing = StandingsView['standings'][number];

/** The expectations of the run that is shown, and whether anything may still change; absent before the first answer. */
export const standings = signal<StandingsView | undefined>(undefined);

export async function readStandings(): Promise<void> {
  const run = chosen.value;
  const view = await api.value.getStandings(run);
  if (run === chosen.value) standings.value = view;
}
