import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { TapeError } from '../../sources/source.ts';

/** Bytes read from the disk at once. */
const chunkBytes = 1 << 18;
/** Enough to tell every kind of file below. */
const magicBytes = 4;

/** Where rows come from: a file, or what somebody pipes in. */
export interface Input {
  /** How errors and rejects call it: a path as it was given, or `stdin`. */
  readonly name: string;
  /** Where it lies; absent for a pipe. */
  readonly path?: string | undefined;
  open(): AsyncIterable<unknown>;
}

/** A file under the name its user gave it. */
export function fileInput(name: string, path: string): Input {
  return { name, path, open: () => createReadStream(path, { highWaterMark: chunkBytes }) };
}

/** What a stream turned out to be by its first bytes, unpacked when it was packed. Names do not count: they lie. */
export type Contents =
  | { readonly kind: 'text'; readonly bytes: AsyncIterable<unknown> }
  | { readonly kind: 'parquet'; readonly bytes: AsyncIterable<unknown> }
  | { readonly kind: 'empty' };

/** Looks at the first bytes of an input. `passed` hears how many bytes were read, before unpacking. Throws a `TapeError` for what cannot be unpacked. */
export async function contentsOf(input: Input, passed: (bytes: number) => void): Promise<Contents> {
  const chunks = buffers(input, passed);
  let head = Buffer.alloc(0);
  while (head.length < magicBytes) {
    const next = await chunks.next();
    if (next.done === true) break;
    head = Buffer.concat([head, next.value]);
  }
  if (head.length === 0) return { kind: 'empty' };
  const whole = restored(head, chunks);
  const magic = head.subarray(0, magicBytes);
  if (magic.toString('latin1') === 'PAR1') return { kind: 'parquet', bytes: whole };
  if (magic[0] === 0x1f && magic[1] === 0x8b) return { kind: 'text', bytes: unpacked(input, whole) };
  const refusal = refusalOf(magic);
  if (refusal === undefined) return { kind: 'text', bytes: whole };
  await chunks.return(undefined);
  throw new TapeError(`${input.name}: ${refusal}`);
}

/** What we cannot read though its first bytes tell what it is, and what its user can do. */
function refusalOf(magic: Buffer): string | undefined {
  const hex = magic.toString('hex');
  if (hex === '28b52ffd')
    return `is packed with zstd; unpack it in a pipe: zstd -dc FILE | papertape tape import - --out OUT`;
  if (hex === '504b0304')
    return `is a zip archive; unpack it first, or in a pipe: unzip -p FILE | papertape tape import - --out OUT`;
  if (hex.startsWith('425a68'))
    return `is packed with bzip2; unpack it in a pipe: bzcat FILE | papertape tape import - --out OUT`;
  if (hex.startsWith('fffe') || hex.startsWith('feff')) return `is text in UTF-16; save it as UTF-8`;
  return undefined;
}

async function* buffers(input: Input, passed: (bytes: number) => void): AsyncGenerator<Buffer, void, void> {
  try {
    for await (const chunk of input.open()) {
      const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
      passed(bytes.length);
      yield bytes;
    }
  } catch (cause) {
    throw new TapeError(`${input.name}: ${reason(cause)}; give a file that can be read`, { cause });
  }
}

async function* restored(head: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield head;
  yield* rest;
}

async function* unpacked(input: Input, packed: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const source = Readable.from(packed, { objectMode: false });
  const stream = pipeline(source, createGunzip({ chunkSize: chunkBytes }), () => undefined);
  try {
    for await (const chunk of stream) if (Buffer.isBuffer(chunk)) yield chunk;
  } catch (cause) {
    if (cause instanceof TapeError) throw cause;
    throw new TapeError(`${input.name}: ${reason(cause)}; the gzip file is cut off or damaged: fetch it again`, {
      cause,
    });
  } finally {
    source.destroy();
  }
}

function reason(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
