import type { Channel } from '../../../market/event.ts';
import type { Sink, Wants } from '../sink.ts';
import type { ToldEvent } from './told-event.ts';

/** What a cache tells of itself. Never holds a password. */
export type CacheHappening =
  | { readonly kind: 'cache-away'; readonly why: string }
  /** `kept`: events that waited for it; `leftOut`: older ones of the same keys that did not fit. */
  | { readonly kind: 'cache-back'; readonly kept: number; readonly leftOut: number }
  /** Somebody else wrote there. */
  | { readonly kind: 'cache-unreadable'; readonly key: string; readonly why: string }
  /** Whoever listened threw; he hears what comes next all the same. */
  | { readonly kind: 'cache-listener-threw'; readonly why: string };

/** The cache does not answer; what it is told meanwhile is kept. */
export class CacheAwayError extends Error {
  override readonly name = 'CacheAwayError';
}

/**
 * Latest and recent events of each symbol and channel, for whoever asks, and what is new for whoever listens. An older event never
 * replaces a newer one, whoever writes it and whenever; the same event twice is there once. Reading rejects with a `CacheAwayError` when there
 * is no answer.
 */
export interface Cache extends Sink {
  /** The newest event of each of these channels of a symbol, in their order; channels without one are left out. */
  latest(symbol: string, channels: readonly Channel[]): Promise<readonly ToldEvent[]>;
  /** The most recent events of a symbol and channel by market time, oldest first. */
  recent(symbol: string, channel: Channel, limit?: number): Promise<readonly ToldEvent[]>;
  /** Symbols that have a latest event, in alphabetical order; the newest `most` when there are more. */
  symbols(most: number): Promise<readonly string[]>;
  /** Hears what is new, from all who write there, some events of one symbol and channel at a time; until disposed of. */
  listen(wants: Wants, hear: (events: readonly ToldEvent[]) => void): Promise<AsyncDisposable>;
}

/** Tells a listener, whose mishaps are his own. */
export function tell(
  hear: (events: readonly ToldEvent[]) => void,
  events: readonly ToldEvent[],
  log: (happening: CacheHappening) => void,
): void {
  try {
    hear(events);
  } catch (error) {
    log({ kind: 'cache-listener-threw', why: String(error) });
  }
}
