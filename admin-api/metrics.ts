import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Counter, Gauge, Registry } from 'prom-client';
import { second } from '../market/nanos.ts';
import type { HostedRun, JournalEntry, Trial } from '../server/index.ts';
import type { Desk } from './desk.ts';
import { phases } from './schemas/run.ts';

/** What a run has done so far, counted from its journal. */
interface Totals {
  opened: number;
  events: number;
  bytes: number;
  dropped: number;
}

/** What Prometheus is told. Every admin API has a registry of its own, so that two in one process do not meet. */
export class Metrics implements Disposable {
  readonly registry = new Registry();
  readonly #desk: Desk;
  readonly #totals = new WeakMap<Trial, Totals>();
  readonly #delay = monitorEventLoopDelay({ resolution: 10 });
  readonly #requests: Counter;

  constructor(desk: Desk) {
    this.#desk = desk;
    this.#delay.enable();
    this.#requests = this.#counter('papertape_http_requests_total', 'Requests to the admin API.', [
      'method',
      'route',
      'status',
    ]);
    this.#ofRuns();
    this.#ofProcess();
  }

  /** A request was answered. `route`: its pattern, never the path that was asked for. */
  answered(method: string, route: string, status: number): void {
    this.#requests.inc({ method, route, status: String(status) });
    this.watch();
  }

  /** Counts what runs do from now on; what they did before is counted from what their journals have kept. */
  watch(): void {
    for (const hosted of this.#desk.papertape.runs) this.#totalsOf(hosted);
  }

  [Symbol.dispose](): void {
    this.#delay.disable();
    this.registry.clear();
  }

  #ofRuns(): void {
    const perRun = (name: string, help: string, tell: (hosted: HostedRun) => number): void => {
      this.#gauge(name, help, ['run'], (gauge) => {
        for (const hosted of this.#desk.papertape.runs) gauge.set({ run: hosted.id }, tell(hosted));
      });
    };
    const total = (name: string, help: string, count: (totals: Totals) => number): void => {
      this.#counter(name, help, ['run'], (counter) => {
        for (const hosted of this.#desk.papertape.runs) counter.inc({ run: hosted.id }, count(this.#totalsOf(hosted)));
      });
    };
    this.#gauge('papertape_runs', 'Runs by phase.', ['phase'], (gauge) => {
      for (const phase of phases) gauge.set({ phase }, 0);
      for (const { run } of this.#desk.papertape.runs) gauge.inc({ phase: run.status.phase });
    });
    perRun('papertape_sessions', 'Clients that are connected.', ({ run }) => run.status.sessions);
    perRun('papertape_faults_live', 'Faults that are live.', ({ run }) => run.liveFaults.length);
    perRun('papertape_deck_position_seconds', 'Market time under the needle, since 1970.', ({ run }) =>
      toSeconds(run.status.position ?? run.span.from),
    );
    perRun(
      'papertape_deck_lag_seconds',
      'How much tape time ago the next event was due; 0 while the tape keeps up.',
      ({ run }) => toSeconds(run.status.overdue),
    );
    total('papertape_sessions_opened_total', 'Connections that were let in.', ({ opened }) => opened);
    total('papertape_events_sent_total', 'Market events sent, to all clients.', ({ events }) => events);
    total('papertape_sent_bytes_total', 'Bytes of frames with market events.', ({ bytes }) => bytes);
    total('papertape_events_dropped_total', 'Market events that clients missed.', ({ dropped }) => dropped);
    this.#counter('papertape_fault_strikes_total', 'Strikes of faults.', ['run', 'fault'], (counter) => {
      for (const { id, trial } of this.#desk.papertape.runs) {
        for (const { phase, name, times } of trial.faults) {
          if (phase === 'strikes') counter.inc({ run: id, fault: name }, times);
        }
      }
    });
  }

  #ofProcess(): void {
    const { clock, started, version } = this.#desk;
    this.#gauge('papertape_info', 'Which Papertape this is.', ['version', 'node'], (gauge) =>
      gauge.set({ version, node: process.versions.node }, 1),
    );
    this.#gauge('papertape_uptime_seconds', 'Since the admin API came up.', [], (gauge) =>
      gauge.set(toSeconds(clock.now() - started)),
    );
    this.#gauge(
      'papertape_event_loop_lag_seconds',
      'How late timers were since the last scrape, by quantile.',
      ['quantile'],
      (gauge) => {
        for (const quantile of [0.5, 0.99]) {
          const nanos = this.#delay.percentile(quantile * 100);
          gauge.set({ quantile: String(quantile) }, Number.isFinite(nanos) ? nanos / 1e9 : 0);
        }
        gauge.set({ quantile: '1' }, this.#delay.max / 1e9);
        this.#delay.reset();
      },
    );
    this.#gauge('papertape_memory_bytes', 'Memory of the process.', ['kind'], (gauge) => {
      const { rss, heapUsed, heapTotal, external } = process.memoryUsage();
      for (const [kind, bytes] of Object.entries({ rss, heapUsed, heapTotal, external })) gauge.set({ kind }, bytes);
    });
    this.#counter('papertape_cpu_seconds_total', 'Processor time of the process.', ['mode'], (counter) => {
      const { user, system } = process.cpuUsage();
      counter.inc({ mode: 'user' }, user / 1e6);
      counter.inc({ mode: 'system' }, system / 1e6);
    });
  }

  #gauge<Label extends string>(
    name: string,
    help: string,
    labelNames: Label[],
    tell: (gauge: Gauge<Label>) => void,
  ): void {
    const gauge = new Gauge<Label>({
      name,
      help,
      labelNames,
      registers: [],
      collect() {
        this.reset();
        tell(this);
      },
    });
    this.registry.registerMetric(gauge);
  }

  /** With `tell` it is counted elsewhere, and told anew at every scrape. */
  #counter(name: string, help: string, labelNames: string[], tell?: (counter: Counter) => void): Counter {
    return new Counter({
      name,
      help,
      labelNames,
      registers: [this.registry],
      ...(tell === undefined
        ? {}
        : {
            collect() {
              this.reset();
              tell(this);
            },
          }),
    });
  }

  #totalsOf({ trial }: HostedRun): Totals {
    const known = this.#totals.get(trial);
    if (known !== undefined) return known;
    const totals = { opened: 0, events: 0, bytes: 0, dropped: 0 };
    this.#totals.set(trial, totals);
    for (const entry of trial.entries) add(entry, totals);
    trial.listen((entry) => add(entry, totals));
    return totals;
  }
}

function add(entry: JournalEntry, totals: Totals): void {
  if (entry.kind === 'sent') {
    totals.events += entry.events;
    totals.bytes += entry.bytes;
  } else if (entry.kind === 'missed') totals.dropped += entry.events;
  else if (entry.kind === 'knocked' && entry.status === 101) totals.opened++;
}

const toSeconds = (nanos: bigint): number => Number(nanos) / Number(second);
