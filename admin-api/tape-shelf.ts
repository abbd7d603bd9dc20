import { lstat, mkdir, mkdtemp, readdir, realpath, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { readSidecar, type Sidecar, sidecarPath, tapeEndings } from '../server/index.ts';
import { absent } from './absent.ts';
import type { Desk } from './desk.ts';
import { beyond } from './limits.ts';
import { notFound, ProblemError } from './problem.ts';
import { making, TapeRoom } from './tape-room.ts';

const shape = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;
/** Whether a text could be the name of a tape. */
export const isTapeName = (name: string): boolean =>
  shape.test(name) && tapeEndings.some((ending) => name.endsWith(ending) && name.length > ending.length);

export interface ShelvedTape {
  readonly name: string;
  readonly origin: 'ready' | 'own';
  readonly path: string;
  readonly bytes: number;
  /** Absent where nothing vouches for the tape. */
  readonly sidecar: Sidecar | undefined;
}

/** The tapes that come with the package, and those in the folder of the server, by their names. */
export class TapeShelf {
  readonly #desk: Desk;
  readonly #room: TapeRoom;
  /** Names that are being written. */
  readonly #busy = new Set<string>();

  constructor(desk: Desk) {
    this.#desk = desk;
    this.#room = new TapeRoom(desk);
  }

  async list(): Promise<ShelvedTape[]> {
    const { tapes, readyTapes } = this.#desk.folders;
    const own = await tapesIn(tapes, 'own');
    const ready = await tapesIn(readyTapes, 'ready');
    return [...ready, ...own.filter(({ name }) => ready.every((one) => one.name !== name))];
  }

  /** Throws a `ProblemError` when there is none of that name. */
  async find(name: string): Promise<ShelvedTape> {
    const all = await this.list();
    const found = all.find((one) => one.name === name);
    if (found !== undefined) return found;
    throw notFound(
      `there is no tape of that name; there are ${all
        .slice(0, 50)
        .map((one) => one.name)
        .join(', ')}`,
    );
  }

  /**
   * Has a tape made in a folder of its own and puts it on the shelf when it is whole; whatever happens, nothing else is left. `bytes`: how many
   * are known to come. Throws a `ProblemError` for a name that cannot be, and where there is no room.
   */
  async make(name: string, bytes: number, write: (folder: string, full: AbortSignal) => Promise<void>): Promise<void> {
    this.#mayWrite(name);
    this.#busy.add(name);
    const { tapes } = this.#desk.folders;
    let folder: string | undefined;
    try {
      await this.#mayChange(name);
      await this.#hasRoom();
      await this.#room.check(bytes);
      await mkdir(tapes, { recursive: true });
      folder = await mkdtemp(join(tapes, making));
      using watched = this.#room.watch();
      await write(folder, watched.full);
      await this.#room.check();
      // A run may have taken up the old one meanwhile.
      await this.#mayNotPlay(name);
      const path = join(tapes, name);
      await rm(sidecarPath(path), { force: true });
      await rename(join(folder, name), path);
      await rename(sidecarPath(join(folder, name)), sidecarPath(path));
    } finally {
      this.#busy.delete(name);
      if (folder !== undefined) await rm(folder, { recursive: true, force: true });
    }
  }

  /** Throws a `ProblemError` when there is none of that name, it comes with the package, or a run plays it. */
  async remove(name: string): Promise<void> {
    const { path } = await this.find(name);
    this.#mayWrite(name);
    await this.#mayChange(name);
    await rm(path, { force: true });
    await rm(sidecarPath(path), { force: true });
  }

  #mayWrite(name: string): void {
    if (!isTapeName(name)) {
      throw new ProblemError(
        400,
        `no name of a tape; use letters, digits, dots, - and _, and one of the endings ${tapeEndings.join(', ')}`,
      );
    }
    if (this.#busy.has(name)) throw new ProblemError(409, `${name} is being written; wait until it is done`);
  }

  /** For those that are being made, too. */
  async #hasRoom(): Promise<void> {
    const { folders, limits } = this.#desk;
    const own = (await tapesIn(folders.tapes, 'own')).map((one) => one.name);
    if (new Set([...own, ...this.#busy]).size <= limits.tapes.most) return;
    throw beyond(limits.tapes, 409, 'tapes of your own', 'delete one that is done with');
  }

  async #mayChange(name: string): Promise<void> {
    const ready = await tapesIn(this.#desk.folders.readyTapes, 'ready');
    if (ready.some((one) => one.name === name)) {
      throw new ProblemError(409, `${name} comes with Papertape and stays as it is; use another name`);
    }
    await this.#mayNotPlay(name);
  }

  async #mayNotPlay(name: string): Promise<void> {
    const path = await real(join(this.#desk.folders.tapes, name));
    for (const { id, run, directory } of this.#desk.papertape.runs) {
      for (const { file } of run.scenario.tapes) {
        if (file === undefined) continue;
        const played = resolve(directory, typeof file === 'string' ? file : file.path);
        if ((await real(played)) === path) throw new ProblemError(409, `run ${id} plays ${name}; stop it first`);
      }
    }
  }
}

async function tapesIn(folder: string, origin: ShelvedTape['origin']): Promise<ShelvedTape[]> {
  const names = ((await readdir(folder).catch(absent)) ?? []).filter(isTapeName).toSorted();
  const tapes: ShelvedTape[] = [];
  for (const name of names) {
    const path = join(folder, name);
    const found = await lstat(path).catch(absent);
    if (found?.isFile() !== true) continue;
    tapes.push({ name, origin, path, bytes: found.size, sidecar: await readSidecar(path) });
  }
  return tapes;
}

const real = async (path: string): Promise<string> => (await realpath(path).catch(absent)) ?? resolve(path);
