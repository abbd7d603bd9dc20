import { open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../../../migrations/session.ts';
import { StoreError } from './happening.ts';

/** Makes a folder this process's own until the answer is called. What a killed process left locked is taken over. */
export async function claim(folder: string): Promise<() => Promise<void>> {
  const file = join(folder, 'lock');
  for (;;) {
    try {
      const handle = await open(file, 'wx');
      await handle.writeFile(`${process.pid}\n`);
      await handle.close();
      return async () => await rm(file, { force: true });
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    }
    const owner = Number(await readFile(file, 'utf8').catch(() => ''));
    // In a container a client has the same number again after a restart.
    if (owner > 0 && owner !== process.pid && isAlive(owner)) {
      throw new StoreError(`${folder} belongs to process ${owner}. Give each client a spool folder of its own.`);
    }
    await rm(file, { force: true });
  }
}

function isAlive(process_: number): boolean {
  try {
    process.kill(process_, 0);
    return true;
  } catch (error) {
    // Alive, but somebody else's.
    return codeOf(error) === 'EPERM';
  }
}
