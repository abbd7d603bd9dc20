import type { LiveOptions } from './live.ts';

/** Where an admin API is, what opens it, and by what it is asked. */
export interface AdminAccess extends LiveOptions {
  /** The global `fetch` when absent. */
  readonly fetch?: typeof fetch;
  readonly signal?: AbortSignal;
}
