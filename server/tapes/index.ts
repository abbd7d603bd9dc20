export { type Availability, measureAvailability, type Silence } from './availability.ts';
import type { ImportRequest, ImportResult } from './import/index.ts';

export { describeTape, type SymbolDescription, type TapeDescription } from './describe.ts';
export { writeTape, type WriteOptions } from './write.ts';
export { readSidecar, sidecarPath, tapeEndings, type Sidecar } from '../sources/file/index.ts';
export type { ImportProgress, ImportRequest, ImportResult, Reject } from './import/index.ts';

/** Makes a tape of files of any known format. Throws a `TapeError` for input that its user can mend, the signal's reason on abort. */
export async function importFiles(request: ImportRequest): Promise<ImportResult> {
  const { importFiles: run } = await import('./import/index.ts');
  return await run(request);
}
