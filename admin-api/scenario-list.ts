import { createHash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { absent } from './absent.ts';
import type { Desk } from './desk.ts';
import type { ScenarioShelf, ShelvedScenario } from './scenario-shelf.ts';
import type { ScenarioSummary } from './schemas/scenario.ts';
import { scenarioView } from './views/scenario.ts';

interface Known {
  readonly stamp: string;
  readonly summary: ScenarioSummary;
}

/** What there is to tell of every scenario in a list. A file is read again only when it, or what it may build on, has changed. */
export class ScenarioList {
  readonly #shelf: ScenarioShelf;
  readonly #desk: Desk;
  /** By the paths of their files; of those alone that are on the shelf. */
  #known: ReadonlyMap<string, Known> = new Map();

  constructor(shelf: ScenarioShelf, desk: Desk) {
    this.#shelf = shelf;
    this.#desk = desk;
  }

  async read(): Promise<ScenarioSummary[]> {
    const shelved = await this.#shelf.list();
    const stamps = await Promise.all(shelved.map(async ({ file }) => await stampOf(file)));
    const tapes = (await readdir(this.#desk.folders.tapes).catch(absent)) ?? [];
    // An uploaded one may extend another, and play a tape that is gone by now.
    const around = createHash('sha256')
      .update([...stamps, ...tapes.toSorted()].join())
      .digest('base64url');
    const known = new Map<string, Known>();
    for (const [index, one] of shelved.entries()) {
      const stamp = `${stamps[index]} ${one.origin === 'ready' ? '' : around}`;
      const before = this.#known.get(one.file);
      known.set(one.file, before?.stamp === stamp ? before : { stamp, summary: await this.#summaryOf(one) });
    }
    this.#known = known;
    return [...known.values()].map(({ summary }) => summary);
  }

  async #summaryOf(shelved: ShelvedScenario): Promise<ScenarioSummary> {
    const { text: _, problems: __, ...summary } = await scenarioView(shelved, this.#shelf, this.#desk);
    return summary;
  }
}

/** Another one when the file has changed. */
async function stampOf(file: string): Promise<string> {
  const { mtimeMs = 0, size = 0 } = (await stat(file).catch(absent)) ?? {};
  return `${file} ${mtimeMs} ${size}`;
}
