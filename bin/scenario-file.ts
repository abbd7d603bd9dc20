import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { addAbortSignal } from 'node:stream';
import type { LoadedScenario } from '../server/index.ts';
import { Complaint, type Shell } from './shell.ts';

/** Bytes of a scenario on the standard input that are read; one more than a scenario may have, so that a larger one is told. */
const mostRead = 2 ** 20 + 1;
const nameShape = /^[A-Za-z0-9][A-Za-z0-9_-]*$/;

/** Does a word of the command line name a ready scenario, rightly or wrongly? A file of that name comes first. */
export function namesReady(word: string, { folder }: Pick<Shell, 'folder'>): boolean {
  return nameShape.test(word) && statSync(resolve(folder, word), { throwIfNoEntry: false })?.isFile() !== true;
}

/**
 * Loads the scenario that a word of the command line means: `-` is the standard input, a bare name a ready scenario, anything else a
 * file. Throws a `ScenarioError`, and the signal's reason when it is stopped while it reads the standard input.
 */
export async function readScenario(word: string, shell: Shell): Promise<LoadedScenario> {
  const { loadScenario, parseScenario, readyScenario } = await import('../server/index.ts');
  const { environment } = shell;
  if (word === '-') return await parseScenario(await textOf(shell), 'stdin', environment);
  return await loadScenario(namesReady(word, shell) ? readyScenario(word) : word, environment);
}

async function textOf({ in: input, stop }: Shell): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of addAbortSignal(stop, input)) {
    const read = Buffer.from(chunk);
    chunks.push(read);
    bytes += read.length;
    if (bytes >= mostRead) break;
  }
  try {
    // What was cut off may end within a letter; that it is too large is told by whoever parses it.
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks), { stream: bytes >= mostRead });
  } catch (cause) {
    throw new Complaint('stdin: not UTF-8 text; save it as UTF-8', undefined, { cause });
  }
}
