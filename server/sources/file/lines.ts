import { createReadStream } from 'node:fs';
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
  try {
    for await (const chunk of stream) {
      if (Buffer.isBuffer(chunk)) yield chunk;
    }
  } catch (cause) {
    throw new TapeError(`${path}: ${reason(cause)}; the file is missing, cut off or of another format`, { cause });
  } finally {
    file.destroy();
  }
}

function reason(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
