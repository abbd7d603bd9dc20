export { instantOf, instantText } from './instant.ts';
export { Complaints, excerptOf, type FrameReader, JsonFrames, whyOf } from './json-frame.ts';
export { JsonReader } from './json-reader.ts';
export { JsonScan, named } from './json-scan.ts';
export { asciiText, hashed, Interned } from './interned.ts';
export { Fields, Instant, type Said, Unreadable } from './said.ts';
