import { signal } from '@preact/signals';
import type { LiveMessage, SessionView } from '../../sdk/index.ts';
import { api, attempt, tell } from './api.ts';
import { chosen } from './run.ts';

/** Clients that are connected to the run that is shown. */
export const sessions = signal<readonly SessionView[]>([]);

/** How much they are sent in a second; absent before it was measured. */
export const rates = signal<Extract<LiveMessage, { type: 'rates' }> | undefined>(undefined);

/** Ends a connection without a goodbye, as a network does. */
export async function disconnect({ session }: SessionView): Promise<void> {
  const done = await attempt(async () => {
    await api.value.endSession(session, { how: 'hangUp' }, chosen.value);
    return true;
  });
  if (done) tell('done', `Connection ${session} was ended without a Close frame.`);
}
