import type { Lane, Played, Testimony } from './lane.ts';
import { ServerProcess, Worker } from './pit.ts';

/** Events per run that are looked at, over all clients. */
const looks = 1_000_000;

/** One run per lane whose receiver reads everything. Shorter than the run for speed, otherwise the same. */
export async function hearTruth(lane: Lane): Promise<Testimony> {
  using server = new ServerProcess();
  using witness = new Worker('witness', 1);
  const passes = Math.min(lane.passes ?? 1, 3);
  const events = Math.min(lane.events, Math.max(1024, Math.round(looks / lane.clients / passes)));
  const short = { ...lane, events, ...(passes > 1 ? { passes } : {}) };
  const { port } = await server.order<{ port: number }>({ do: 'open', lane: short });
  await witness.ask({ do: 'watch', lane: short, port });
  await server.order<Played>({ do: 'play', clients: lane.clients });
  return await witness.ask<Testimony>({ do: 'testify' });
}
