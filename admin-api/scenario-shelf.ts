import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, lstat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Confines, readyScenarios } from '../server/index.ts';
import { absent } from './absent.ts';
import type { Desk } from './desk.ts';
import { beyond } from './limits.ts';
import { notFound, ProblemError } from './problem.ts';

/** What a scenario may be called. */
export const scenarioName = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;
const ending = '.scenario.yaml';
/** The path of the JSON Schema. */
const reserved = ['schema'];

export interface ShelvedScenario {
  readonly name: string;
  readonly origin: 'ready' | 'uploaded';
  readonly file: string;
}

/** What scenarios of the API may reach. */
export function confinesOf({ folders }: Pick<Desk, 'folders'>): Confines {
  const ready = readyScenarios().get('default');
  return {
    scenarios: [folders.scenarios, ...(ready === undefined ? [] : [dirname(ready)])],
    tapes: [folders.tapes, folders.readyTapes],
  };
}

/** The scenarios that come with the package, and those that were uploaded, by their names. */
export class ScenarioShelf {
  readonly #folder: string;
  readonly #limit: Desk['limits']['scenarios'];
  /** New names that are being saved. */
  readonly #coming = new Set<string>();

  constructor({ folders, limits }: Pick<Desk, 'folders' | 'limits'>) {
    this.#folder = folders.scenarios;
    this.#limit = limits.scenarios;
  }

  async list(): Promise<ShelvedScenario[]> {
    const ready = [...readyScenarios()].map(([name, file]) => ({ name, origin: 'ready' as const, file }));
    const uploaded = (await this.#uploaded()).map((name) => ({
      name,
      origin: 'uploaded' as const,
      file: this.#at(name),
    }));
    return [...ready, ...uploaded.filter(({ name }) => ready.every((one) => one.name !== name))];
  }

  /** Throws a `ProblemError` when there is none of that name. */
  async find(name: string): Promise<ShelvedScenario> {
    const ready = readyScenarios().get(name);
    if (ready !== undefined) return { name, origin: 'ready', file: ready };
    if (scenarioName.test(name) && (await lstat(this.#at(name)).catch(absent))?.isFile() === true) {
      return { name, origin: 'uploaded', file: this.#at(name) };
    }
    const names = (await this.list()).map((one) => one.name);
    throw notFound(`there is no scenario of that name; there are ${names.slice(0, 50).join(', ')}`);
  }

  async read({ file }: ShelvedScenario): Promise<string> {
    return await readFile(file, 'utf8');
  }

  /** Whether it is new. It appears under its name only when it is whole. Throws a `ProblemError` for a name that cannot be. */
  async save(name: string, text: string): Promise<boolean> {
    this.#mayChange(name);
    const names = await this.#uploaded();
    const isNew = !names.includes(name);
    if (isNew) this.#coming.add(name);
    const partial = join(this.#folder, `.${randomBytes(8).toString('hex')}.partial`);
    try {
      if (isNew && new Set([...names, ...this.#coming]).size > this.#limit.most) {
        throw beyond(this.#limit, 409, 'uploaded scenarios', 'delete one that is done with');
      }
      await mkdir(this.#folder, { recursive: true });
      await writeFile(partial, text, { flag: 'wx' });
      await rename(partial, this.#at(name));
    } finally {
      this.#coming.delete(name);
      await rm(partial, { force: true });
    }
    return isNew;
  }

  /** Throws a `ProblemError` when there is none of that name, or it comes with the package. */
  async remove(name: string): Promise<void> {
    const { file } = await this.find(name);
    this.#mayChange(name);
    await rm(file, { force: true });
  }

  #mayChange(name: string): void {
    if (!scenarioName.test(name)) {
      throw new ProblemError(400, 'no name of a scenario; use up to 64 letters, digits, - and _');
    }
    if (reserved.includes(name)) throw new ProblemError(409, `${name} cannot be the name of a scenario; use another`);
    if (readyScenarios().has(name)) {
      throw new ProblemError(409, `${name} comes with Papertape and stays as it is; use another name`);
    }
  }

  async #uploaded(): Promise<string[]> {
    const entries = (await readdir(this.#folder, { withFileTypes: true }).catch(absent)) ?? [];
    return entries
      .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
      .map(({ name }) => name.slice(0, -ending.length))
      .filter((name) => scenarioName.test(name))
      .toSorted();
  }

  #at(name: string): string {
    return join(this.#folder, `${name}${ending}`);
  }
}
