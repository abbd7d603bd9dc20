import { isoMillis } from '../../market/nanos.ts';
import type { HostedRun } from '../../server/index.ts';
import type { Desk } from '../desk.ts';
import type { RunView } from '../schemas/run.ts';

/** A run as the API tells it. */
export function viewOf(hosted: HostedRun, { papertape }: Pick<Desk, 'papertape'>): RunView {
  const { id, run, opened, key } = hosted;
  const { phase, speed, pass, position, sessions } = run.status;
  const reach = papertape.reach(hosted);
  const { name, description, seed } = run.scenario;
  return {
    id,
    scenario: name,
    ...(description === undefined ? {} : { description: description.trim() }),
    seed,
    phase,
    speed,
    pass,
    ...(position === undefined ? {} : { position: isoMillis(position) }),
    from: isoMillis(run.span.from),
    to: isoMillis(run.span.to),
    opened: isoMillis(opened),
    sessions,
    faults: run.chronicle.live.size,
    url: reach.url,
    httpUrl: reach.httpUrl,
    streams: Object.fromEntries(run.streams.map((path) => [path, reach.streamUrl(path)])),
    ...key,
    env: { ...reach.env },
  };
}
