/** What befalls a store, for logs. None of it holds a password. */
export type StoreHappening =
  /** The database cannot be reached, or does not take rows. Told once, until it is back. */
  | { readonly kind: 'away'; readonly why: string }
  | { readonly kind: 'back'; readonly waiting: number }
  /** SQL files applied on opening. */
  | { readonly kind: 'migrated'; readonly applied: readonly string[] }
  /** Rows of a former client that lay in the spool. */
  | { readonly kind: 'left-over'; readonly rows: number }
  /** A half-written end of a spool file, as of a client that was killed; those bytes are no rows. */
  | { readonly kind: 'torn'; readonly file: string; readonly bytes: number }
  /** The spool takes no more: it is full, or its disk is. */
  | { readonly kind: 'no-room'; readonly why: string }
  /** Rows that cannot be stored, put aside in `file` with their reasons. */
  | { readonly kind: 'rejected'; readonly rows: number; readonly why: string; readonly file: string }
  /** A month's partition could not be made; its rows lie in the default partition, where every query finds them. */
  | { readonly kind: 'unpartitioned'; readonly table: string; readonly why: string }
  /** At the end: rows that wait on disk for the next client. */
  | { readonly kind: 'kept'; readonly rows: number }
  /** At the very end, when neither the database nor the disk took them. */
  | { readonly kind: 'lost'; readonly rows: number; readonly why: string };

export type Listen = (happening: StoreHappening) => void;

/** A store that cannot begin: settings or folder must be changed first. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
}
