import { signal } from '@preact/signals';
import type { SessionView } from '../../sdk/index.ts';
import { api, attempt, tell } from './api.ts';
import { chosen } from './run.ts';

/** Clients that are connected to the run that is shown. */
export const sessions = signal<readonly SessionView[]>([]);

export async function readSessions(): Promise<void> {
  const run = chosen.value;
  const list = await api.value.listSessions(run);
  if (run === chosen.value) sessions.value = list;
}

/** Ends a connection without a goodbye, as a network does. */
export async function disconnect({ session }: SessionView): Promise<void> {
  const done = await attempt(async () => {
    await api.value.endSession(session, { how: 'hangUp' }, chosen.value);
    return true;
  });
  if (done) tell('done', `Connection ${session} was ended without a Close frame.`);
  await attempt(readSessions);
}
