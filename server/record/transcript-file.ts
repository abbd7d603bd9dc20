import { createWriteStream, type WriteStream } from 'node:fs';
import { once } from 'node:events';
import { isoMillis } from '../../market/nanos.ts';
import type { Clock } from '../../market/clock.ts';

/** Every frame as it came, one JSON object a line, after what the file already has. */
export class TranscriptFile implements AsyncDisposable {
  readonly #stream: WriteStream;
  readonly #clock: Clock;
  #hasFailed = false;
  lines = 0;

  private constructor(stream: WriteStream, clock: Clock, failed: (error: unknown) => void) {
    this.#stream = stream;
    this.#clock = clock;
    stream.on('error', (error) => {
      this.#hasFailed = true;
      failed(error);
    });
  }

  /** Throws Node's own error when the file cannot be written. */
  static async open(path: string, clock: Clock, failed: (error: unknown) => void): Promise<TranscriptFile> {
    const stream = createWriteStream(path, { flags: 'a', mode: 0o600 });
    await once(stream, 'open');
    return new TranscriptFile(stream, clock, failed);
  }

  /** What it gives back resolves when there is room for more. */
  write(line: object): Promise<void> | undefined {
    if (this.#hasFailed || this.#stream.writableEnded) return undefined;
    this.lines++;
    const text = `${JSON.stringify({ at: isoMillis(this.#clock.now()), ...line })}\n`;
    if (this.#stream.write(text)) return undefined;
    return new Promise((resolve) => {
      this.#stream.once('drain', resolve);
      this.#stream.once('close', resolve);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stream.end();
    if (!this.#stream.closed) await once(this.#stream, 'close');
  }
}
