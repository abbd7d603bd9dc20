import { readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../../market/clock.ts';
import type { Nanos } from '../../../market/event.ts';
import { day, milli, millis, seconds } from '../../../market/nanos.ts';
import { isAlive } from './work-folder.ts';

/** Tapes that nobody has used for so long are removed. */
const unusedFor: Nanos = 30n * day;
/** Tapes that are removed at once; the others have their turn the next time. */
const removedAtOnce = 100;
/** Removing takes milliseconds: who waits for it asks so often, and after so long takes it for given up. */
const pause: Nanos = millis(10);
const patience: Nanos = seconds(5);

/** What a file of an adopted tape is called: by the key of its tape. */
const nameShape = /^([0-9a-f]{64})\./;

/**
 * The folder of adopted tapes as one process sees it. A tape is marked by whoever uses it, and by whoever is about to remove it; each
 * sets his own mark before he looks for the other's, so that nobody loses a tape that he has just found.
 */
export class AdoptedTapes {
  readonly #folder: string;
  readonly #clock: Clock;
  readonly #processId: number;

  constructor(folder: string, clock: Clock, processId: number) {
    this.#folder = folder;
    this.#clock = clock;
    this.#processId = processId;
  }

  /** Keeps the tape of this key, if there is one, as long as this process lives and for 30 days after. Throws the signal's reason on abort. */
  async use(key: string, signal: AbortSignal): Promise<void> {
    const own = await this.#mark(key, 'used-by');
    const now = new Date(Number(this.#clock.now() / milli));
    await utimes(own, now, now);
    for (const { path, processId } of await this.#marks(key, 'used-by')) {
      if (path !== own && !isAlive(processId)) await rm(path, { force: true });
    }
    const end = this.#clock.now() + patience;
    while (this.#clock.now() < end && (await this.#isMarked(key, 'removed-by'))) {
      await new Promise<void>((resolve) => this.#clock.wake(this.#clock.now() + pause, resolve));
      signal.throwIfAborted();
    }
  }

  /** Removes tapes, and what was left of their making, that no living process uses and none has used for 30 days. */
  async removeUnused(): Promise<void> {
    const keys = new Set((await readdir(this.#folder)).flatMap((name) => nameShape.exec(name)?.[1] ?? []));
    let removed = 0;
    for (const key of keys) {
      if (removed === removedAtOnce) break;
      if ((await this.#isUnused(key)) && (await this.#remove(key))) removed++;
    }
  }

  async #remove(key: string): Promise<boolean> {
    const mark = await this.#mark(key, 'removed-by');
    try {
      if ((await this.#isMarked(key, 'used-by')) || !(await this.#isUnused(key, mark))) return false;
      for (const path of await this.#paths(key)) if (path !== mark) await rm(path, { recursive: true, force: true });
      return true;
    } finally {
      await rm(mark, { force: true });
    }
  }

  async #isUnused(key: string, besides?: string): Promise<boolean> {
    for (const path of await this.#paths(key)) {
      if (path === besides) continue;
      if (this.#clock.now() - (await changedAt(path)) < unusedFor) return false;
    }
    return true;
  }

  async #mark(key: string, what: Mark): Promise<string> {
    const path = join(this.#folder, `${key}.${what}-${this.#processId}`);
    await writeFile(path, '');
    return path;
  }

  async #isMarked(key: string, what: Mark): Promise<boolean> {
    return (await this.#marks(key, what)).some(({ processId }) => isAlive(processId));
  }

  async #marks(key: string, what: Mark): Promise<{ readonly path: string; readonly processId: number }[]> {
    const start = join(this.#folder, `${key}.${what}-`);
    const paths = await this.#paths(key);
    return paths
      .filter((path) => path.startsWith(start))
      .map((path) => ({ path, processId: Number(path.slice(start.length)) }));
  }

  async #paths(key: string): Promise<string[]> {
    const names = await readdir(this.#folder);
    return names.filter((name) => name.startsWith(`${key}.`)).map((name) => join(this.#folder, name));
  }
}

type Mark = 'used-by' | 'removed-by';

/** What is gone since it was listed was last changed long ago. */
async function changedAt(path: string): Promise<Nanos> {
  try {
    return (await stat(path, { bigint: true })).mtimeNs;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 0n;
    throw error;
  }
}
