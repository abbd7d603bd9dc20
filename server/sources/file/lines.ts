import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { TapeError } from '../source.ts';

/** Bytes read from the disk at once. */
const chunkBytes = 1 << 18;
/** Longest line accepted. An event is some hundred bytes; a news article may reach a megabyte. */
const lineLimit = 16 << 20;
const newline = 0x0a;

/** The lines of a text file, plain or gzip, in bunches of what one read brought. Memory stays at one read and one line. */
export async function* linesOf(path: string, signal: AbortSignal): AsyncGenerator<readonly string[]> {
  let rest: Buffer[] = [];
  let restBytes = 0;
  for await (const chunk of bytesOf(path)) {
    if (signal.aborted) return;
    const cut = chunk.lastIndexOf(newline);
    if (cut < 0) {
      rest.push(chunk);
      restBytes += chunk.length;
      if (restBytes > lineLimit) {
        throw new TapeError(`${path}: a line passes ${lineLimit} bytes; expected NDJSON, one event a line`);
      }
      continue;
    }
    const whole = rest.length === 0 ? chunk.subarray(0, cut) : Buffer.concat([...rest, chunk.subarray(0, cut)]);
    rest = [chunk.subarray(cut + 1)];
    restBytes = chunk.length - cut - 1;
    yield whole.toString('utf8').split('\n');
  }
  if (restBytes > 0 && !signal.aborted) yield Buffer.concat(rest).toString('utf8').split('\n');
}

async function* bytesOf(path: string): AsyncGenerator<Buffer> {
  const file = createReadStream(path, { highWaterMark: chunkBytes });
  // The pipeline carries an error of the file over to the gunzip, where the loop below meets it.
  const stream = path.endsWith('.gz') ? pipeline(file, createGunzip({ chunkSize: chunkBytes }), () => undefined) : file;
  let first = true;
  try {
    for await (const chunk of stream) {
      if (!Buffer.isBuffer(chunk)) continue;
      yield first ? opening(path, chunk) : chunk;
      first = false;
    }
  } catch (cause) {
    if (cause instanceof TapeError) throw cause;
    if (reason(cause) === notGzip) {
      const plain = basename(path, '.gz');
      throw new TapeError(`${path}: not packed with gzip, though its name ends in .gz; name it ${plain}, or pack it`, {
        cause,
      });
    }
    throw new TapeError(`${path}: ${reason(cause)}; the file is missing, cut off or of another format`, { cause });
  } finally {
    file.destroy();
  }
}

/** How zlib calls a file that does not begin as gzip does. */
const notGzip = 'incorrect header check';
/** How files begin that are no text in UTF-8, and what helps. */
const foreign: readonly (readonly [start: readonly number[], what: string, wayOut: (path: string) => string])[] = [
  [
    [0x1f, 0x8b],
    'packed with gzip',
    (path) => (path.endsWith('.gz') ? 'it is packed twice: unpack it once' : `name it ${basename(path)}.gz`),
  ],
  [[0x28, 0xb5, 0x2f, 0xfd], 'packed with zstd', () => 'unpack it, or pack it with gzip'],
  [[0x50, 0x41, 0x52, 0x31], 'a Parquet file', () => 'let its name end in .parquet'],
  [[0xff, 0xfe], 'text in UTF-16', () => 'save it as UTF-8'],
  [[0xfe, 0xff], 'text in UTF-16', () => 'save it as UTF-8'],
  // The brace that opens the first event, without a mark before it.
  [[0x7b, 0], 'text in UTF-16', () => 'save it as UTF-8'],
  [[0, 0x7b], 'text in UTF-16', () => 'save it as UTF-8'],
];
const byteOrderMark = [0xef, 0xbb, 0xbf];

/** The beginning of a file without the mark that some editors put before UTF-8. Throws a `TapeError` for what is no NDJSON at all. */
function opening(path: string, chunk: Buffer): Buffer {
  const begins = (start: readonly number[]): boolean => start.every((byte, index) => chunk[index] === byte);
  const found = foreign.find(([start]) => begins(start));
  if (found === undefined) return begins(byteOrderMark) ? chunk.subarray(byteOrderMark.length) : chunk;
  const [, what, wayOut] = found;
  throw new TapeError(`${path}: ${what}, where NDJSON belongs; ${wayOut(path)}`);
}

function reason(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
