import { type FileHandle, open } from 'node:fs/promises';
import { EventJson } from '../../../market/event-json.ts';
import type { Channel } from '../../../market/event.ts';
import type { Batch, Sink, SinkHealth } from '../sink.ts';

/** Characters that may wait for the disk before it asks for patience. */
const mostWaiting = 8 * 1024 * 1024;

/** Where lines go: a file, or a stream such as standard output. */
export interface Outlet {
  write(text: string): Promise<void>;
  close(): Promise<void>;
}

/** Appends to a file, which is made when it is not there. Throws the system's own error when it cannot be opened. */
export async function fileOutlet(path: string): Promise<Outlet> {
  const file: FileHandle = await open(path, 'a');
  return { write: async (text) => await file.appendFile(text), close: async () => await file.close() };
}

/** Writes events as JSON, one a line, for other programs: live ones and those of history, each once as the rules let them through. */
export class Lines implements Sink {
  readonly name = 'lines';
  readonly #outlet: Outlet;
  readonly #channels: ReadonlySet<Channel> | undefined;
  readonly #json = new EventJson();
  #waiting = '';
  #pending = 0;
  #writing: Promise<void> | undefined;
  #failed = '';

  /** `channels`: those that are written; all when absent. */
  constructor(outlet: Outlet, channels?: readonly Channel[]) {
    this.#outlet = outlet;
    this.#channels = channels === undefined ? undefined : new Set(channels);
  }

  take({ events, dataSource }: Batch): Promise<void> | undefined {
    for (const event of events) {
      if (this.#channels?.has(event.kind) === false) continue;
      this.#waiting += `${this.#json.of(event, dataSource)}\n`;
      this.#pending++;
    }
    if (this.#waiting === '') return undefined;
    this.#writing ??= this.#write();
    return this.#waiting.length > mostWaiting ? this.#writing : undefined;
  }

  async flush(): Promise<void> {
    await this.#writing;
  }

  health(): SinkHealth {
    const isWell = this.#failed === '';
    return { state: isWell ? 'well' : 'failing', says: this.#failed, pending: this.#pending };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.flush();
    await this.#outlet.close();
  }

  async #write(): Promise<void> {
    while (this.#waiting !== '') {
      const [text, count] = [this.#waiting, this.#pending];
      this.#waiting = '';
      try {
        await this.#outlet.write(text);
      } catch (error) {
        this.#failed = `lines could not be written: ${error instanceof Error ? error.message : String(error)}`;
      }
      this.#pending -= count;
    }
    this.#writing = undefined;
  }
}
