import type { Cancel, Clock } from '../market/clock.ts';
import type { Nanos } from '../market/event.ts';
import { hour, isoMillis } from '../market/nanos.ts';
import { databaseName, openSession, reason } from '../migrations/session.ts';
import type { Log } from './log.ts';
import type { Retention } from './scenario/chain.ts';

const dayInSeconds = 86_400;

/**
 * Deletes the rows of `market_data` that a client stored of a replay (`data_source` recycled) and that are older than the days they are
 * kept; its times are UTC by a naive wall. Rows of any other origin are never touched. Returns how many went.
 */
export async function forgetRecycled({ url, days }: Retention, now: Nanos): Promise<number> {
  await using session = await openSession(url);
  const oldest = now - BigInt(Math.round(days * dayInSeconds)) * 1_000_000_000n;
  const [row] = await session.transaction(
    async (run) =>
      await run(
        `WITH gone AS (
           DELETE FROM market_data
           WHERE data_source = 'recycled' AND "timestamp" < '${isoMillis(oldest).replace('Z', '')}'::timestamp
           RETURNING 1
         ) SELECT count(*) AS gone FROM gone`,
      ),
  );
  return Number(row?.['gone']);
}

/**
 * Cleans up at once and then every hour, until it is disposed. A database that refuses is told in the log and asked again: replays go
 * on without a cleaning.
 */
export function keepClean(retention: Retention, clock: Clock, log: Log): AsyncDisposable {
  let closed = false;
  let cancel: Cancel | undefined;
  const clean = async (): Promise<void> => {
    try {
      const rows = await forgetRecycled(retention, clock.now());
      log.info({ rows, days: retention.days }, 'old rows of replays are cleaned up');
    } catch (error) {
      log.warn(
        `old rows of replays stay in ${databaseName(retention.url)}: ${reason(error)}; is its market_data there?`,
      );
    }
    if (!closed) cancel = clock.wake(clock.now() + hour, () => void (cleaning = clean()));
  };
  let cleaning = clean();
  return {
    [Symbol.asyncDispose]: async () => {
      closed = true;
      cancel?.();
      await cleaning;
    },
  };
}
