import type { Logger } from 'pino';
import type { PipelineHappening } from '../client/index.ts';
import { formatDuration } from '../market/duration.ts';

/** What comes too often to be told each time: of each kind the first, and then every time there are ten times as many. */
const frequent = new Set(['refused', 'unreadable', 'denied', 'refill-delayed']);
const troubling = new Set([
  ...['ended', 'denied', 'trouble', 'key-offended', 'socket-error', 'gap-lost', 'refill-given-up', 'refill-delayed'],
  ...['resume-unknown', 'away', 'rejected', 'torn', 'left-over', 'unpartitioned', 'cache-away', 'listener-dropped'],
  ...['kept', 'gaps-not-kept', 'refused', 'unreadable'],
]);
const grave = new Set(['no-room', 'lost']);

/** Writes what befalls a pipeline to a log: a line for each, with its facts as fields, and never a flood of the same. */
export class HappeningLog {
  readonly #log: Logger;
  readonly #counts = new Map<string, number>();

  constructor(log: Logger) {
    this.#log = log;
  }

  readonly tell = (told: PipelineHappening): void => {
    if (told.part === 'service') return this.#log.error({ part: told.part, err: told.happening }, 'service failed');
    if (told.part === 'sink') return this.#log.error({ part: told.name, err: told.happening }, 'sink failed');
    const { happening, part } = told;
    const { kind, ...facts } = happening;
    const name = 'name' in told ? told.name : part;
    const times = frequent.has(kind) ? this.#count(`${name} ${kind}`) : undefined;
    if (times !== undefined && !Number.isInteger(Math.log10(times))) return;
    const level = grave.has(kind) ? 'error' : troubling.has(kind) ? 'warn' : 'info';
    this.#log[level]({ part: name, ...plain(facts), ...(times !== undefined && { times }) }, kind.replaceAll('-', ' '));
  };

  #count(what: string): number {
    const times = (this.#counts.get(what) ?? 0) + 1;
    this.#counts.set(what, times);
    return times;
  }
}

const spans = new Set(['wait', 'for', 'ahead']);

/** Facts as JSON can say them: times in ISO 8601, spans as durations, symbols as lists. */
function plain(facts: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, fact(name, value)]));
}

function fact(name: string, value: unknown): unknown {
  if (typeof value === 'bigint') {
    return spans.has(name) ? formatDuration(value) : new Date(Number(value / 1_000_000n)).toISOString();
  }
  if (value instanceof Map || value instanceof Set) return fact(name, [...value]);
  if (Array.isArray(value)) return value.map((item: unknown) => fact(name, item));
  if (typeof value === 'object' && value !== null) return plain(value);
  return value;
}
