import type { ScenarioInput } from '../server/index.ts';
import { Worker } from './pit.ts';
import { median } from './race.ts';
import type { Finding } from './report.ts';
import { parquetTape } from './tape-files.ts';
import type { Heard, ListenOrder } from './tape-listener.ts';
import type { Opened, TapeOrder, TapePlayed } from './tape-server.ts';

const [short, long] = [2_000_000, 10_000_000];

/** Row 15: the most memory the server of a long tape takes, against that of a short one. Each size has a process of its own. */
export async function measureMemory(rounds: number, scale: number): Promise<readonly Finding[]> {
  const peaks = async (events: number): Promise<number> => {
    const path = await parquetTape(events);
    const { played } = await playTape({ file: path }, events);
    process.stderr.write('.');
    return played.peak;
  };
  const [ratios, ofLong, ofShort]: [number[], number[], number[]] = [[], [], []];
  // Half a minute each: two rounds tell what five do.
  for (let round = 0; round < Math.min(rounds, 2); round++) {
    const [little, much] = [await peaks(short * scale), await peaks(long * scale)];
    ofShort.push(little);
    ofLong.push(much);
    ratios.push(much / little);
  }
  const megabytes = (sizes: readonly number[]): string => `${(median(sizes) / 1e6).toFixed(0)} MB`;
  return [
    {
      row: 15,
      what: `peak RSS of a Parquet tape of ${(long * scale) / 1e6} M / ${(short * scale) / 1e6} M`,
      sense: '≤',
      goal: 1.2,
      floor: 1.5,
      reached: median(ratios),
      note: `${megabytes(ofLong)} against ${megabytes(ofShort)}, at speed max to one client that takes all`,
    },
  ];
}

/** Plays a tape of `parquetTape`'s trades, or of the same in a database, to one client. Throws when not every event came, each once and in order. */
export async function playTape(
  tape: ScenarioInput['tapes'][number],
  events: number,
): Promise<{ readonly opened: Opened; readonly played: TapePlayed }> {
  using server = new Worker('tape-server', 0);
  const opened = await server.ask<Opened>({ do: 'open', tape } satisfies TapeOrder);
  using listener = new Worker('tape-listener', 1);
  await listener.ask({ do: 'listen', port: opened.port } satisfies ListenOrder);
  const counted = listener.ask<Heard>({ do: 'count', until: events } satisfies ListenOrder);
  const played = await server.ask<TapePlayed>({ do: 'play' } satisfies TapeOrder);
  const { events: heard, wrong } = await counted;
  if (heard !== events || wrong !== undefined || played.delivered !== events) {
    throw new Error(`of ${events} events ${played.delivered} were sent and ${heard} heard; ${wrong ?? 'all in order'}`);
  }
  return { opened, played };
}
