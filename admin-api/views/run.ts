import { isoMillis } from '../../market/nanos.ts';
import { type HostedRun, labelOf } from '../../server/index.ts';
import type { Desk } from '../desk.ts';
import type { OpenedRun, RunView } from '../schemas/run.ts';

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

/** Keys that a warning names one by one. */
const shown = 10;

/** A run as it is told to whoever has just opened it. */
export function openedViewOf(hosted: HostedRun, desk: Pick<Desk, 'papertape'>): OpenedRun {
  const view = viewOf(hosted, desk);
  const shared = new Map<string, string[]>();
  for (const { key } of hosted.run.scenario.keys ?? []) {
    const { id } = desk.papertape.runs.ofKey(key) ?? hosted;
    if (id !== hosted.id) shared.set(id, [...(shared.get(id) ?? []), labelOf(key)]);
  }
  const warnings = [...shared].map(([id, labels]) => {
    const more = labels.length > shown ? ` and ${labels.length - shown} more` : '';
    return `run ${id}, which is older, also knows ${labels.slice(0, shown).join(', ')}${more}: clients that show such a key and name no run are led there; give them ${view.url}`;
  });
  return { ...view, warnings };
}
