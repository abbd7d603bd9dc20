import { signal } from '@preact/signals';
import type { FaultKind, LiveFaultView } from '../../sdk/index.ts';
import { api, attempt, tell } from './api.ts';
import { chosen } from './run.ts';

/** Everything that can go wrong; empty before the first answer. */
export const faultKinds = signal<readonly FaultKind[]>([]);
/** What goes wrong in the run that is shown. */
export const liveFaults = signal<readonly LiveFaultView[]>([]);
/** How long what is injected lasts. */
export const lasting = signal('30s');
/** Number of the session it is aimed at; everybody when absent. */
export const aimedAt = signal<number | undefined>(undefined);

export async function readFaultKinds(): Promise<void> {
  faultKinds.value = await api.value.listFaultKinds();
}

/** Makes something go wrong at once. */
export async function inject({ name, title, momentary, counts }: FaultKind, options: unknown): Promise<void> {
  const session = aimedAt.value;
  const live = await attempt(
    async () =>
      await api.value.injectFault(
        {
          inject: { [name]: options },
          ...(momentary ? {} : { for: lasting.value }),
          ...(session === undefined || counts === 'request' ? {} : { target: { sessions: [session] } }),
        },
        chosen.value,
      ),
  );
  if (live === undefined) return;
  tell('done', `${title}: ${live.sentence}`);
}

export async function lift({ id }: LiveFaultView): Promise<void> {
  await attempt(async () => await api.value.liftFault(id, chosen.value));
}
