import { randomBytes } from 'node:crypto';
import { beyond, type Limit } from './limits.ts';
import { notFound, ProblemError } from './problem.ts';
import type { TapeWork, RejectView } from './schemas/tape.ts';

/** Rejected rows that are told one by one; all are counted. */
export const shownRejects = 100;
/** Works that are over and can still be asked after. */
const keptWorks = 100;

/** One tape on its way: how far it is. */
export class Work {
  readonly id: string;
  readonly tape: string;
  readonly rejects: RejectView[] = [];
  phase: TapeWork['phase'];
  bytes = 0;
  rows = 0;
  rejected = 0;
  share: number | undefined;
  error: string | undefined;

  constructor(id: string, tape: string, phase: TapeWork['phase']) {
    this.id = id;
    this.tape = tape;
    this.phase = phase;
  }

  get view(): TapeWork {
    const { id, tape, phase, bytes, rows, rejected, share, error } = this;
    return {
      id,
      tape,
      phase,
      bytes,
      rows,
      rejected,
      rejects: [...this.rejects],
      ...(share === undefined ? {} : { share: Math.min(1, Math.max(0, share)) }),
      ...(error === undefined ? {} : { error }),
    };
  }

  get isOver(): boolean {
    return this.phase === 'done' || this.phase === 'failed';
  }
}

/** A tape that somebody asks for. */
export interface WantedTape {
  /** A name under which to ask after it; made up when absent. */
  readonly id: string | undefined;
  readonly tape: string;
  /** What is done first. */
  readonly phase: TapeWork['phase'];
  /** How many are known to come. */
  readonly bytes: number;
}

/** The tapes that are being uploaded and generated, and the last ones that were. */
export class TapeWorks {
  readonly #works = new Map<string, Work>();
  readonly #running = new Set<Promise<unknown>>();
  readonly #stop = new AbortController();
  readonly #limit: Limit;

  constructor(limit: Limit) {
    this.#limit = limit;
  }

  /** Throws a `ProblemError` when there is none of that name. */
  find(id: string): Work {
    const work = this.#works.get(id);
    if (work === undefined) throw notFound('there is no upload of that name, or it was long ago');
    return work;
  }

  /** Does work under a name that its asker may choose, to ask after it meanwhile. Throws a `ProblemError` when the name is taken, or too much is done already. */
  async do<Made>(
    { id = randomBytes(8).toString('hex'), tape, phase }: Pick<WantedTape, 'id' | 'tape' | 'phase'>,
    make: (work: Work, signal: AbortSignal) => Promise<Made>,
  ): Promise<Made> {
    if (this.#works.get(id)?.isOver === false) throw new ProblemError(409, `there is an upload ${id} already`);
    if (this.#running.size >= this.#limit.most) {
      throw beyond(this.#limit, 429, 'tapes made at once', 'wait until one of them is done');
    }
    const work = new Work(id, tape, phase);
    this.#works.delete(id);
    this.#works.set(id, work);
    this.#forget();
    const making = make(work, this.#stop.signal);
    this.#running.add(making);
    try {
      const made = await making;
      work.phase = 'done';
      work.share = 1;
      return made;
    } catch (error) {
      work.phase = 'failed';
      work.error = error instanceof Error ? error.message : String(error);
      throw error;
    } finally {
      this.#running.delete(making);
    }
  }

  /** Ends all work, and waits until it has cleaned up after itself. */
  async end(): Promise<void> {
    this.#stop.abort(new ProblemError(503, 'the server is stopping'));
    await Promise.allSettled(this.#running);
  }

  #forget(): void {
    const over = [...this.#works.values()].filter((work) => work.isOver);
    for (const { id } of over.slice(0, Math.max(0, over.length - keptWorks))) this.#works.delete(id);
  }
}
