import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { channels, markets } from '../../../market/event.ts';
import { TapeError, type Reading } from '../../sources/source.ts';
import type { Input } from './input.ts';

const nanos = z.string().transform((text) => BigInt(text));

/** What became of one finished input, as the next start finds it. */
const doneSchema = z.strictObject({
  format: z.string().optional(),
  events: z.int().nonnegative(),
  rejected: z.int().nonnegative(),
  reasons: z.record(z.string(), z.int().positive()),
  runs: z.array(z.string()),
  fields: z.array(z.string()),
  holdings: z.array(
    z.strictObject({
      symbol: z.string(),
      market: z.enum(markets),
      channel: z.enum(channels),
      events: z.int().positive(),
      from: nanos,
      to: nanos,
    }),
  ),
});
export type Done = z.output<typeof doneSchema>;

const stateSchema = z.strictObject({ key: z.string(), process: z.int(), done: z.record(z.string(), doneSchema) });
type State = z.output<typeof stateSchema>;

/** Changes when what lies in the folder changes its form. */
const form = 1;
const stateFile = 'state.json';

/**
 * The folder beside the output in which an import keeps its runs and rejects until the tape is whole. What it has of finished inputs serves
 * the next start with the same arguments; anything else in it is removed.
 */
export class WorkFolder {
  readonly path: string;
  readonly #state: State;

  private constructor(path: string, state: State) {
    this.path = path;
    this.#state = state;
  }

  /**
   * Opens the folder, or makes it. `key` tells what is imported and how; a folder of another key is made anew. Throws a `TapeError` while
   * another process is at work in it.
   */
  static async open(path: string, key: string, processId: number): Promise<WorkFolder> {
    const known = await readState(path);
    if (known !== undefined && known.process !== processId && isAlive(known.process)) {
      throw new TapeError(`${path}: process ${known.process} is importing there; let it finish, or stop it`);
    }
    const same = known?.key === key ? known : undefined;
    if (same === undefined) await rm(path, { recursive: true, force: true });
    await mkdir(path, { recursive: true });
    const folder = new WorkFolder(path, { key, process: processId, done: same?.done ?? {} });
    const finished = Object.entries(folder.#state.done);
    const kept = new Set([
      stateFile,
      ...finished.flatMap(([index, { runs }]) => [...runs, rejectsName(Number(index))]),
    ]);
    for (const name of await readdir(path)) if (!kept.has(name)) await rm(join(path, name), { recursive: true });
    await folder.#save();
    return folder;
  }

  at(name: string): string {
    return join(this.path, name);
  }

  rejects(input: number): string {
    return this.at(rejectsName(input));
  }

  /** What became of an input, if it was finished before. */
  done(input: number): Done | undefined {
    return this.#state.done[input];
  }

  async finish(input: number, done: Done): Promise<void> {
    this.#state.done[input] = done;
    await this.#save();
  }

  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }

  async #save(): Promise<void> {
    const text = JSON.stringify(this.#state, (_, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    );
    await writeFile(this.at(`${stateFile}.new`), text);
    await rename(this.at(`${stateFile}.new`), this.at(stateFile));
  }
}

/** One text for the same import of the same files. A file that has changed since is another one. */
export async function keyOf(inputs: readonly Input[], reading: Reading, out: string): Promise<string> {
  const files = await Promise.all(
    inputs.map(async ({ name, path }) => {
      if (path === undefined) return [name];
      const { size, mtimeMs } = await stat(path);
      return [name, path, size, mtimeMs];
    }),
  );
  return createHash('sha256')
    .update(JSON.stringify([form, files, reading, out]))
    .digest('hex');
}

const rejectsName = (input: number): string => `${input}.rejects.ndjson`;

/** What an earlier start left; nothing when it left nothing whole. */
async function readState(path: string): Promise<State | undefined> {
  try {
    const result = stateSchema.safeParse(JSON.parse(await readFile(join(path, stateFile), 'utf8')));
    return result.success ? result.data : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Does the process run? Signal 0 only asks; a process of another user answers with EPERM, which is an answer. */
export function isAlive(processId: number): boolean {
  try {
    return process.kill(processId, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
