import { reason } from '../../migrations/session.ts';
import type { Clock } from '../../market/clock.ts';
import type { MarketEvent, Nanos } from '../../market/event.ts';
import { minute } from '../../market/nanos.ts';
import { delayAfter } from '../backoff.ts';
import type { Answer, Ask, History, Key, Request, Trouble } from '../feeds/feed.ts';
import type { KeyRingSettings } from '../key-ring-settings.ts';
import { accepted, nextKey, offended, ringOf, used, type KeyRing } from '../key-ring.ts';
import { retryAfter } from '../retry-after.ts';
import { until } from '../until.ts';
import { fetched } from './fetched.ts';
import type { BackfillSettings } from './settings.ts';

/** What became of a request for what was missing. */
export type BackfillReport =
  | {
      readonly kind: 'refilled';
      readonly ask: Ask;
      readonly events: number;
      readonly pages: number;
      readonly again: boolean;
    }
  /** It is asked for once more after `wait`. */
  | {
      readonly kind: 'refill-delayed';
      readonly ask: Ask;
      readonly why: Trouble;
      readonly message: string;
      readonly wait: Nanos;
    }
  /** It stays missing. */
  | {
      readonly kind: 'refill-given-up';
      readonly ask: Ask;
      readonly why: Trouble | 'too-many';
      readonly message: string;
    };

/** What is asked for, and how far it is. */
export interface Refill {
  readonly ask: Ask;
  readonly events: number;
  readonly pages: number;
  /** Failures in a row. */
  readonly failures: number;
  /** When it is asked for next. */
  readonly due: Nanos;
  /** Whether it was refilled before and is looked at once more. */
  readonly again: boolean;
}

interface Job {
  readonly ask: Ask;
  readonly again: boolean;
  /** Which walk this is; another once it begins anew. */
  asking: number;
  key: number;
  /** The page to ask for; `undefined` for the first. */
  request: Request | undefined;
  events: number;
  pages: number;
  failures: number;
  due: Nanos;
}

export interface BackfillParts {
  readonly history: History;
  readonly keys: readonly Key[];
  readonly clock: Clock;
  /** Chance, in [0, 1). */
  readonly draw: () => number;
  readonly settings: BackfillSettings;
  readonly keySettings: KeyRingSettings;
  /** A number that no walk has had: those of all backfills that share a store come from one count. */
  readonly nextAsking: () => number;
  /** Takes a page, and which walk it is of (`Batch.asking`); the next page is asked for when it resolves. */
  readonly deliver: (events: readonly MarketEvent[], asking: number) => Promise<void>;
  readonly report: (report: BackfillReport) => void;
}

/**
 * Asks history for what is missing, one request at a time, at the pace that the vendor allows, until it has it or has tried often enough.
 * A failed page is asked for again, not the pages before it. Disposing it ends the request under way.
 */
export class Backfill implements AsyncDisposable {
  readonly #parts: BackfillParts;
  readonly #keySettings: KeyRingSettings;
  readonly #stop = new AbortController();
  readonly #jobs: Job[] = [];
  readonly #work: Promise<void>;
  #ring: KeyRing;
  /** Tells the worker that there is something to do. */
  #stir = new AbortController();

  constructor(parts: BackfillParts) {
    const { settings, history, keys, keySettings } = parts;
    this.#parts = parts;
    const apart = BigInt(Math.ceil(Number(minute) / (settings.perMinute ?? history.perMinute)));
    this.#keySettings = { ...keySettings, apart };
    this.#ring = ringOf(keys);
    this.#work = this.#run();
  }

  /** Asks for these, as soon as it may. */
  refill(asks: readonly Ask[]): void {
    for (const ask of asks) this.#add(ask, this.#parts.clock.now(), false);
  }

  /** What is not refilled yet, the next first. */
  waiting(): Refill[] {
    return this.#jobs.map(({ ask, events, pages, failures, due, again }) => ({
      ask,
      events,
      pages,
      failures,
      due,
      again,
    }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    this.#stir.abort();
    await this.#work;
  }

  #add(ask: Ask, due: Nanos, again: boolean): void {
    const { settings, nextAsking } = this.#parts;
    const { mostWaiting } = settings;
    if (this.#jobs.length >= mostWaiting) {
      const message = `${mostWaiting} gaps wait already`;
      this.#parts.report({ kind: 'refill-given-up', ask, why: 'too-many', message });
      return;
    }
    const asking = nextAsking();
    this.#jobs.push({ ask, again, asking, key: 0, request: undefined, events: 0, pages: 0, failures: 0, due });
    this.#jobs.sort((left, right) => (left.due < right.due ? -1 : left.due > right.due ? 1 : 0));
    this.#stir.abort();
  }

  async #run(): Promise<void> {
    const { clock } = this.#parts;
    const { signal } = this.#stop;
    while (!signal.aborted) {
      const [job] = this.#jobs;
      const now = clock.now();
      if (job !== undefined && job.due <= now) {
        await this.#step(job);
        continue;
      }
      this.#stir = new AbortController();
      if (job !== undefined) await until(clock, job.due, AbortSignal.any([signal, this.#stir.signal]));
      else await stirred(AbortSignal.any([signal, this.#stir.signal]));
    }
  }

  /** Asks for one page. */
  async #step(job: Job): Promise<void> {
    const { history, keys, clock } = this.#parts;
    const now = clock.now();
    // A walk keeps its key: the vendor's pages may belong to it.
    const choice = job.request === undefined ? nextKey(this.#ring, now, this.#keySettings) : this.#turn(job.key, now);
    const key = keys[choice.key];
    if (choice.at > now || key === undefined) return this.#postpone(job, choice.at);
    job.key = choice.key;
    const request = job.request ?? history.request(job.ask, key);
    this.#ring = used(this.#ring, job.key, now);
    const { answer, told } = await this.#ask(job.ask, request);
    if (this.#stop.signal.aborted) return;
    if (answer.kind === 'refused') this.#refused(job, answer.why, answer.message, told);
    else await this.#page(job, request, answer);
  }

  /** When a key may be used again. */
  #turn(key: number, now: Nanos): { readonly key: number; readonly at: Nanos } {
    const record = this.#ring[key];
    return record === undefined ? { key, at: now } : { key, at: nextKey([record], now, this.#keySettings).at };
  }

  async #ask(ask: Ask, request: Request): Promise<{ readonly answer: Answer; readonly told: Nanos | undefined }> {
    const { history, clock, settings } = this.#parts;
    try {
      const { status, headers, body } = await fetched(request, clock, settings, this.#stop.signal);
      return {
        answer: history.read(ask, request, status, headers, body),
        told: retryAfter(headers['retry-after'], clock.now()),
      };
    } catch (error) {
      const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
      return { answer: { kind: 'refused', why: 'vendor-error', message: reason(cause) }, told: undefined };
    }
  }

  async #page(job: Job, request: Request, { events, next }: Extract<Answer, { kind: 'page' }>): Promise<void> {
    const { deliver, settings, clock, report } = this.#parts;
    this.#ring = accepted(this.#ring, job.key);
    job.failures = 0;
    job.pages++;
    job.events += events.length;
    if (events.length > 0) await deliver(events, job.asking);
    if (next === undefined) {
      this.#remove(job);
      report({ kind: 'refilled', ask: job.ask, events: job.events, pages: job.pages, again: job.again });
      if (!job.again && settings.again > 0n) this.#add(job.ask, clock.now() + settings.again, true);
    } else if (next.url === request.url || job.pages >= settings.mostPages) {
      this.#giveUp(
        job,
        'vendor-error',
        next.url === request.url ? 'its next page is the same again' : 'too many pages',
      );
    } else {
      job.request = next;
    }
  }

  #refused(job: Job, why: Trouble, message: string, told: Nanos | undefined): void {
    const { clock, draw, settings } = this.#parts;
    const now = clock.now();
    job.failures++;
    if (job.failures >= settings.tries || why === 'bad-request' || why === 'not-found')
      return this.#giveUp(job, why, message);
    if (why === 'bad-key' || why === 'too-many-requests') {
      const offence = why === 'bad-key' ? 'refused' : 'crowded';
      this.#ring = offended(this.#ring, job.key, offence, { now, draw: draw(), told }, this.#keySettings);
      // Another key cannot go on with this one's pages.
      if (why === 'bad-key') this.#beginAnew(job);
      const next = job.request === undefined ? nextKey(this.#ring, now, this.#keySettings) : this.#turn(job.key, now);
      return this.#delay(job, why, message, next.at - now);
    }
    const wait =
      why === 'not-entitled' ? settings.embargo : delayAfter(job.failures - 1, draw(), settings.backoff, told);
    this.#delay(job, why, message, wait);
  }

  #delay(job: Job, why: Trouble, message: string, wait: Nanos): void {
    this.#parts.report({ kind: 'refill-delayed', ask: job.ask, why, message, wait });
    this.#postpone(job, this.#parts.clock.now() + wait);
  }

  #giveUp(job: Job, why: Trouble, message: string): void {
    this.#remove(job);
    this.#parts.report({ kind: 'refill-given-up', ask: job.ask, why, message });
  }

  /** What was delivered is told again: it must not count as more of the same. */
  #beginAnew(job: Job): void {
    if (job.request === undefined) return;
    Object.assign(job, { request: undefined, asking: this.#parts.nextAsking(), events: 0, pages: 0 });
  }

  #postpone(job: Job, due: Nanos): void {
    job.due = due;
    this.#jobs.sort((left, right) => (left.due < right.due ? -1 : left.due > right.due ? 1 : 0));
  }

  #remove(job: Job): void {
    this.#jobs.splice(this.#jobs.indexOf(job), 1);
  }
}

async function stirred(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
