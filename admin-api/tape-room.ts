import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Cancel } from '../market/clock.ts';
import { seconds } from '../market/nanos.ts';
import { absent } from './absent.ts';
import type { Desk } from './desk.ts';
import { beyond } from './limits.ts';

/** Where tapes are made, below the folder of tapes: the beginning of such a folder's name. */
export const making = '.making-';
/** Wall time between two looks. */
const beat = seconds(1);

export interface Watched extends Disposable {
  /** Aborted by a `ProblemError` when there is no more room. */
  readonly full: AbortSignal;
}

/** The bytes that tapes of one's own may take, with those that are being made. */
export class TapeRoom {
  readonly #desk: Pick<Desk, 'folders' | 'limits' | 'clock'>;

  constructor(desk: Pick<Desk, 'folders' | 'limits' | 'clock'>) {
    this.#desk = desk;
  }

  /** Throws a `ProblemError` when there is no room for so many bytes more. */
  async check(more = 0): Promise<void> {
    const { folders, limits } = this.#desk;
    const taken = await bytesIn(folders.tapes);
    if (taken + more <= limits.shelfBytes.most) return;
    const what = 'bytes of all your tapes, with what is being made';
    throw beyond(limits.shelfBytes, 507, what, `${taken} are taken: delete tapes that are done with`);
  }

  /** Looks every second while a tape is made. Dispose of it to look no more. */
  watch(): Watched {
    const { clock } = this.#desk;
    const full = new AbortController();
    let isOver = false;
    let cancel: Cancel = () => undefined;
    const look = async (): Promise<void> => {
      try {
        await this.check();
        if (!isOver) cancel = clock.wake(clock.now() + beat, () => void look());
      } catch (error) {
        full.abort(error);
      }
    };
    cancel = clock.wake(clock.now() + beat, () => void look());
    return {
      full: full.signal,
      [Symbol.dispose]: () => {
        isOver = true;
        cancel();
      },
    };
  }
}

/** Of the tapes in a folder and of what is being made there; not of other folders, which are nobody's upload. */
async function bytesIn(folder: string, isDeep = false): Promise<number> {
  let sum = 0;
  for (const entry of (await readdir(folder, { withFileTypes: true }).catch(absent)) ?? []) {
    const path = join(folder, entry.name);
    if (entry.isFile()) sum += (await lstat(path).catch(absent))?.size ?? 0;
    else if (entry.isDirectory() && (isDeep || entry.name.startsWith(making))) sum += await bytesIn(path, true);
  }
  return sum;
}
