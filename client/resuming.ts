import type { Channel } from '../market/event.ts';
import { reason } from '../migrations/session.ts';
import type { Collector, CollectorHappening } from './collector.ts';
import type { History } from './feeds/feed.ts';
import type { Store } from './sinks/store/index.ts';

/** Who is told where its rows end. */
type Resuming = Pick<Collector, 'name' | 'dataSource' | 'wants' | 'resume'> & {
  readonly history: Pick<History, 'refills'>;
};

/**
 * Tells each collector where its rows end, so that what came since is refilled. All is asked at once, so that a silent database delays the
 * start by one patience and not by one for each channel. What it does not answer, or not before the signal, stays unknown.
 */
export async function resume(
  collectors: readonly Resuming[],
  store: Pick<Store, 'lastStored'>,
  tell: (name: string, happening: CollectorHappening) => void,
  signal?: AbortSignal,
): Promise<void> {
  const ask = async (collector: Resuming, channel: Channel, symbols: readonly string[]): Promise<void> => {
    try {
      collector.resume(channel, await store.lastStored(collector.dataSource, channel, symbols));
    } catch (error) {
      tell(collector.name, { kind: 'resume-unknown', why: reason(error) });
    }
  };
  const answers = collectors.flatMap((collector) =>
    [...collector.wants].map(async ([channel, symbols]) => {
      const named = [...symbols].filter((symbol) => symbol !== '*');
      // Where history says it in another channel, the rows of this one do not tell what it has said.
      if (collector.history.refills(channel) === channel && named.length > 0) await ask(collector, channel, named);
    }),
  );
  const answered = Promise.all(answers);
  if (signal === undefined) return void (await answered);
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
    void answered.then(() => resolve());
  });
}
