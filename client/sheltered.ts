import { reason } from '../migrations/session.ts';
import type { Batch } from './batch.ts';
import type { Sink, SinkHealth } from './sinks/sink.ts';

/**
 * Somebody else's sink, whose mishaps are told and harm no other: a batch that it throws at is lost to it alone, which its health says from
 * then on.
 */
export class Sheltered implements Sink {
  readonly name: string;
  readonly #sink: Sink;
  readonly #tell: (error: Error) => void;
  #batches = 0;
  #last = '';

  constructor(sink: Sink, tell: (error: Error) => void) {
    this.name = sink.name;
    this.#sink = sink;
    this.#tell = tell;
  }

  take(batch: Batch): Promise<void> | undefined {
    try {
      return this.#sink.take(batch)?.catch((error: unknown) => this.#failed(error));
    } catch (error) {
      this.#failed(error);
      return undefined;
    }
  }

  async flush(): Promise<void> {
    try {
      await this.#sink.flush();
    } catch (error) {
      this.#failed(error);
    }
  }

  health(): SinkHealth {
    const { pending, ...health } = this.#sink.health();
    if (this.#batches === 0) return { ...health, pending };
    return { state: 'failing', says: `failed ${this.#batches} times, last: ${this.#last}`, pending };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#sink[Symbol.asyncDispose]();
  }

  #failed(error: unknown): void {
    this.#batches++;
    this.#last = reason(error);
    this.#tell(error instanceof Error ? error : new Error(this.#last));
  }
}
