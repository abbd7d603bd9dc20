import type { Batch } from '../batch.ts';

export type { Batch } from '../batch.ts';
export { eachOf, wantsOf, type Wants } from '../wants.ts';

/** How a sink fares: `ailing` still takes everything and loses nothing, `failing` loses or has lost. */
export interface SinkHealth {
  readonly state: 'well' | 'ailing' | 'failing';
  /** For people: what is wrong and what becomes of the events meanwhile; empty when well. */
  readonly says: string;
  /** Events taken and not yet at their end. */
  readonly pending: number;
}

/** Where cleaned events end. Disposing it brings what is pending to its end first, as far as it can. */
export interface Sink extends AsyncDisposable {
  readonly name: string;
  /** Takes a batch. A promise asks for patience: nothing more should come before it resolves. Never throws, never rejects. */
  take(batch: Batch): Promise<void> | undefined;
  /** Resolves when all that was taken is at its end, or kept safe where that cannot be reached. */
  flush(): Promise<void>;
  health(): SinkHealth;
}
