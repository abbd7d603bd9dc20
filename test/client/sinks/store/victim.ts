import { openStore, storeSettings } from '../../../../client/sinks/store/index.ts';
import { SystemClock } from '../../../../market/clock.ts';
import { opening, trade } from '../../../helpers/events.ts';

// A client that stores trade after trade until it is killed, and tells of each ten that they are safe.
const [database = '', folder = ''] = process.argv.slice(2);
const settings = storeSettings.parse({ database, rows: 4, maxDelay: '1ms', spool: { folder, sync: 'never' } });
const store = await openStore(settings, { clock: new SystemClock(), listen: () => undefined });
for (let n = 0; ; n += 10) {
  const events = Array.from({ length: 10 }, (_, i) => trade(opening + BigInt(n + i), { id: String(n + i) }));
  await store.take({ events, dataSource: 'killed', origin: 'stream', heardAt: opening });
  await store.flush();
  process.stdout.write(`${n + 10}\n`);
}
