export { type Availability, measureAvailability, type Silence } from './availability.ts';
export { describeTape, type SymbolDescription, type TapeDescription } from './describe.ts';
export { writeTape, type WriteOptions } from './write.ts';
export { tapeEndings, type Sidecar } from '../sources/file/index.ts';
