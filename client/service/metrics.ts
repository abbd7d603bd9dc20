import { Counter, Gauge, Registry } from 'prom-client';
import { second } from '../../market/nanos.ts';
import type { Desk } from './desk.ts';

/** What Prometheus is told, read from the pipeline at every scrape. A registry of its own, so that two pipelines in one process do not meet. */
export function metricsOf({ watched, clock, started, version }: Desk): Registry {
  const registry = new Registry();
  const gauge = <Label extends string>(
    name: string,
    help: string,
    labelNames: Label[],
    tell: (gauge: Gauge<Label>) => void,
  ): void => {
    const made = new Gauge<Label>({
      name,
      help,
      labelNames,
      registers: [],
      collect() {
        this.reset();
        tell(this);
      },
    });
    registry.registerMetric(made);
  };
  gauge('papertape_client_info', 'Which Papertape this is.', ['version'], (one) => one.set({ version }, 1));
  gauge('papertape_client_uptime_seconds', 'Since the service came up.', [], (one) =>
    one.set(Number(clock.now() - started) / Number(second)),
  );
  gauge('papertape_client_part_state', 'How a part fares: 0 well, 1 ailing, 2 failing.', ['kind', 'name'], (one) => {
    for (const { kind, name, state } of watched.health()) {
      one.set({ kind, name }, ['well', 'ailing', 'failing'].indexOf(state));
    }
  });
  gauge('papertape_client_pending_events', 'Events taken and not yet at their end.', ['kind', 'name'], (one) => {
    for (const { kind, name, pending } of watched.health()) one.set({ kind, name }, pending);
  });
  gauge('papertape_client_gaps', 'Gaps by what has become of them.', ['state'], (one) => {
    for (const state of ['open', 'filling', 'filled', 'given-up'] as const) one.set({ state }, 0);
    for (const { state } of watched.gaps()) one.inc({ state });
  });
  gauge('papertape_client_listeners', 'Listeners over WebSockets.', ['reading'], (one) => {
    const { listeners, slow } = watched.broadcast;
    one.set({ reading: 'well' }, listeners - slow);
    one.set({ reading: 'slowly' }, slow);
  });
  gauge('papertape_client_memory_bytes', 'Resident memory of the process.', [], (one) =>
    one.set(process.memoryUsage.rss()),
  );
  counter(registry, 'papertape_client_events_total', 'Events by what became of them.', ['what'], (one) => {
    for (const [what, count] of Object.entries(watched.counts())) one.inc({ what }, count);
  });
  counter(registry, 'papertape_client_reconnects_total', 'Times a connection was made anew.', ['connection'], (one) => {
    for (const { name, reconnects } of watched.connections()) one.inc({ connection: name }, reconnects);
  });
  counter(registry, 'papertape_client_key_uses_total', 'Uses of a key, by its label.', ['vendor', 'key'], (one) => {
    for (const { vendor, label, uses } of watched.keys()) one.inc({ vendor, key: label }, uses);
  });
  return registry;
}

/** Counted by the pipeline, and told anew at every scrape. */
function counter<Label extends string>(
  registry: Registry,
  name: string,
  help: string,
  labelNames: Label[],
  tell: (counter: Counter<Label>) => void,
): void {
  const made = new Counter<Label>({
    name,
    help,
    labelNames,
    registers: [],
    collect() {
      this.reset();
      tell(this);
    },
  });
  registry.registerMetric(made);
}
