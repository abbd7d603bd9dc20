import { parseArgs } from 'node:util';
import { migrate } from '../migrations/index.ts';
import { startPostgres } from '../test/services/start.ts';
import { playTape } from './memory.ts';
import { prepare } from './pit.ts';
import { fill } from './postgres-reading.ts';
import { parquetTape } from './tape-files.ts';

/** Plays twenty million trades at speed max, from Parquet and from PostgreSQL, to one client that checks every id. */
const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '20000000' },
    from: { type: 'string', default: 'parquet,postgres' },
  },
});
const events = Number(values.events);
prepare();
for (const from of values.from.split(',')) {
  if (from === 'parquet') await report(from, { file: await parquetTape(events) });
  else if (from === 'postgres') await playPostgres();
  else throw new RangeError(`--from ${from}: expected parquet or postgres`);
}

async function playPostgres(): Promise<void> {
  const running = await startPostgres();
  try {
    await migrate(running.url);
    await fill(running.url, events);
    await report('postgres', { postgres: { url: running.url } });
  } finally {
    await running.stop();
  }
}

async function report(from: string, tape: Parameters<typeof playTape>[0]): Promise<void> {
  const { opened, played } = await playTape(tape, events);
  const { delivered, seconds, weights, peak } = played;
  const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;
  // The first and the last half of the time, each by its heaviest moment: what grows with the tape shows here.
  const half = Math.ceil(weights.length / 2);
  const [early, late] = [Math.max(...weights.slice(0, half)), Math.max(...weights.slice(half))];
  console.log(
    `${from}: listened after ${(opened.millis / 1000).toFixed(2)} s with ${megabytes(opened.rss)}; ${delivered} events, each once and in order, ` +
      `in ${seconds.toFixed(1)} s (${(delivered / seconds / 1e6).toFixed(2)} M/s); ` +
      `RSS ${megabytes(early)} at most in the first half, ${megabytes(late)} in the second, peak ${megabytes(peak)}`,
  );
}
