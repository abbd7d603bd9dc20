import type { Batch } from './batch.ts';
import type { Sink } from './sinks/sink.ts';

interface Prong {
  readonly sink: Sink;
  /** Until when this sink asks for patience. */
  busy: Promise<void> | undefined;
  /** Batches that it has not yet been patient for. */
  waits: number;
}

/** Hands each batch to every sink, in one order for all. A sink that asks for patience delays what comes next for itself alone. */
export class Fork {
  readonly #prongs: readonly Prong[];

  constructor(sinks: readonly Sink[]) {
    this.#prongs = sinks.map((sink) => ({ sink, busy: undefined, waits: 0 }));
  }

  /** A promise asks whoever brings batches for patience: it resolves when every sink can take more. Never rejects. */
  take(batch: Batch): Promise<void> | undefined {
    let waits: Promise<void>[] | undefined;
    for (const prong of this.#prongs) {
      const wait = this.#give(prong, batch);
      if (wait !== undefined) (waits ??= []).push(wait);
    }
    return waits === undefined ? undefined : all(waits);
  }

  #give(prong: Prong, batch: Batch): Promise<void> | undefined {
    const { sink, busy } = prong;
    if (busy === undefined) {
      const wait = sink.take(batch);
      return wait === undefined ? undefined : this.#wait(prong, wait);
    }
    return this.#wait(
      prong,
      busy.then(() => sink.take(batch)),
    );
  }

  #wait(prong: Prong, wait: Promise<void>): Promise<void> {
    const ends = async (): Promise<void> => {
      await wait;
      prong.waits--;
      if (prong.waits === 0) prong.busy = undefined;
    };
    prong.waits++;
    prong.busy = ends();
    return prong.busy;
  }
}

async function all(waits: readonly Promise<void>[]): Promise<void> {
  await Promise.all(waits);
}
