export { formats } from './formats/index.ts';
export { importFiles, type ImportRequest, type ImportResult } from './import-files.ts';
export type { ImportProgress } from './import-tape.ts';
export type { Reject } from './rejects.ts';
