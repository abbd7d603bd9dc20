import type { Clock } from '../market/clock.ts';
import type { Nanos } from '../market/event.ts';
import { Door } from './door.ts';
import { digestOf } from './keys.ts';
import type { Log } from './log.ts';
import { openRun, type OpenRun, type RunRequest } from './open-run.ts';
import type { Run } from './run.ts';
import type { Trial } from './trial.ts';

/** Runs that one process holds at most. */
export const mostRuns = 500;
/** The run of every client that names none. */
export const defaultRun = 'default';
/** What a run may be called. */
export const runName = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

/** A run among others, and how clients find it. */
export interface HostedRun {
  readonly id: string;
  /** What comes before every path of a vendor to reach it: `/r/<id>`; nothing for the default run. */
  readonly prefix: string;
  /** A key that is good here: the first the scenario lists, else one of its own, else, in the default run, any. */
  readonly key: { readonly key: string; readonly secret: string };
  readonly run: Run;
  /** Where the relative paths of its tapes start. */
  readonly directory: string;
  readonly trial: Trial;
  readonly door: Door;
  /** When it was opened, or opened anew. */
  readonly opened: Nanos;
}

export interface RunsOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** Makes up names and keys: so many random bytes, as hexadecimal digits. */
  readonly random: (bytes: number) => string;
}

/** A run that cannot be hosted, and why. */
export class RunsError extends Error {
  override readonly name = 'RunsError';
  readonly reason: 'taken' | 'bad-name' | 'full' | 'kept';

  constructor(reason: RunsError['reason'], message: string) {
    super(message);
    this.reason = reason;
  }
}

interface Held extends HostedRun {
  readonly request: RunRequest;
  readonly parts: OpenRun;
}

/** Many runs side by side in one process, each with its own deck, keys, faults and journal. */
export class Runs implements AsyncDisposable, Iterable<HostedRun> {
  readonly #options: RunsOptions;
  readonly #runs = new Map<string, Held>();
  #default: Held | undefined;
  /** Runs that are being opened, by their names. */
  readonly #opening = new Map<string, Promise<HostedRun>>();
  /** What happens to runs of which more is asked meanwhile, by their names. */
  readonly #turns = new Map<string, Promise<unknown>>();
  /** Gives up what is still being opened when all ends. */
  readonly #ending = new AbortController();
  /** Gives up what is still being opened, or about to be, when all is reset. */
  #era = new AbortController();

  constructor(options: RunsOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#runs.size;
  }

  /** In the order of their opening. */
  [Symbol.iterator](): Iterator<HostedRun> {
    return this.#runs.values();
  }

  get(id: string): HostedRun | undefined {
    return this.#runs.get(id);
  }

  /** The run of whoever names none; the last one there was when all are closed. Throws before it is opened. */
  get default(): HostedRun {
    if (this.#default === undefined) throw new Error('the default run is not open yet');
    return this.#default;
  }

  /**
   * Opens a run of that name, or of one that is made up. Throws a `RunsError` when it cannot be hosted, and what `openRun` throws when
   * it cannot be played.
   */
  async open(request: RunRequest, id: string = `run-${this.#options.random(4)}`): Promise<HostedRun> {
    if (!runName.test(id)) {
      throw new RunsError(
        'bad-name',
        `${JSON.stringify(id)} is no name of a run; use up to 64 letters, digits, - and _`,
      );
    }
    if (this.#runs.has(id) || this.#opening.has(id)) throw new RunsError('taken', `there is a run ${id} already`);
    if (this.#runs.size + this.#opening.size >= mostRuns) {
      throw new RunsError('full', `there are ${mostRuns} runs already; stop one that is done`);
    }
    const opening = this.#host(id, request, this.#keyOf(id, request));
    this.#opening.set(id, opening);
    try {
      return await opening;
    } finally {
      this.#opening.delete(id);
    }
  }

  /** Aborted by the next reset of all: for whoever has to read a scenario before he can open it. */
  get era(): AbortSignal {
    return this.#era.signal;
  }

  /** Ends every run but the default one, those too that are still being opened, and opens the default one anew. */
  async reset(): Promise<void> {
    this.#era.abort();
    this.#era = new AbortController();
    const others = [...this.#runs.keys()].filter((id) => id !== defaultRun);
    await Promise.all([Promise.allSettled(this.#opening.values()), ...others.map(async (id) => await this.close(id))]);
    await this.restart(defaultRun);
  }

  /** Opens a run anew, as it was at first: nothing played, nothing written, nobody connected. Absent when there is none of that name. */
  async restart(id: string): Promise<HostedRun | undefined> {
    return await this.#inTurn(id, async () => {
      const held = this.#runs.get(id);
      if (held === undefined) return undefined;
      const { signal: _, ...request } = held.request;
      const fresh = await this.#host(id, request, held.key);
      await close(held);
      return fresh;
    });
  }

  /** Ends a run and all its sessions; false when there is none of that name. Throws a `RunsError` for the default one. */
  async close(id: string): Promise<boolean> {
    if (id === defaultRun) throw new RunsError('kept', 'the default run stays; restart it instead');
    return await this.#inTurn(id, async () => {
      const held = this.#runs.get(id);
      if (held === undefined) return false;
      this.#runs.delete(id);
      await close(held);
      return true;
    });
  }

  /** The run that a path names, and the rest of the path: the default one when it names none. Absent when there is no such run. */
  at(path: string): { readonly hosted: HostedRun; readonly path: string } | undefined {
    const [, id, rest = '/'] = /^\/r\/([^/?]*)(.*)$/s.exec(path) ?? [];
    if (id === undefined) return { hosted: this.default, path };
    const hosted = this.#runs.get(id);
    return hosted && { hosted, path: rest.startsWith('/') ? rest : `/${rest}` };
  }

  /** The run that lists a key; the oldest of several. */
  ofKey(key: string): HostedRun | undefined {
    const digest = digestOf(key);
    for (const held of this.#runs.values()) if (held.run.keys.listsDigest(digest)) return held;
    return undefined;
  }

  /** Sends everybody away, and lets nobody in. */
  closeDoors(): void {
    for (const { door } of this.#runs.values()) door.close();
  }

  /** Opens none any more: whoever still waits for one gets an AbortError. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort();
    const all = [...this.#runs.values()];
    this.#runs.clear();
    await Promise.all(all.map(close));
  }

  async #host(id: string, request: RunRequest, key: HostedRun['key']): Promise<HostedRun> {
    const { clock, log } = this.#options;
    const signal = AbortSignal.any([this.#ending.signal, this.era, request.signal ?? this.era]);
    const parts = await openRun({ ...request, signal }, clock, log);
    if (signal.aborted) await parts[Symbol.asyncDispose]();
    signal.throwIfAborted();
    const { run, trial } = parts;
    // Or nobody could be told from the default run's clients by it.
    if (id !== defaultRun && !run.keys.lists(key.key)) run.keys.add(key);
    const prefix = id === defaultRun ? '' : `/r/${id}`;
    const door = new Door(run, clock, log);
    const { directory = '.' } = request;
    const held = { id, prefix, key, run, directory, trial, door, opened: clock.now(), request, parts };
    this.#runs.set(id, held);
    if (id === defaultRun) this.#default = held;
    return held;
  }

  /** Two resets at once would leave one of the new runs behind, and a reset would bring back what was closed meanwhile. */
  async #inTurn<Done>(id: string, act: () => Promise<Done>): Promise<Done> {
    const before = this.#turns.get(id) ?? Promise.resolve();
    // Whoever asked for it hears of its failure.
    const turn = before.catch(() => undefined).then(act);
    this.#turns.set(id, turn);
    try {
      return await turn;
    } finally {
      if (this.#turns.get(id) === turn) this.#turns.delete(id);
    }
  }

  #keyOf(id: string, { scenario }: RunRequest): HostedRun['key'] {
    const [first] = scenario.keys ?? [];
    if (first !== undefined) return { key: first.key, secret: first.secret ?? 'any-secret' };
    if (id === defaultRun) return { key: 'any-key', secret: 'any-secret' };
    return { key: `PK${this.#options.random(9).toUpperCase()}`, secret: this.#options.random(20) };
  }
}

async function close({ door, parts }: Held): Promise<void> {
  await door[Symbol.asyncDispose]();
  await parts[Symbol.asyncDispose]();
}
