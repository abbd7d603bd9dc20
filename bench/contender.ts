import { setImmediate as nextTurn } from 'node:timers/promises';
import { outbox } from './lane.ts';

/** A server that plays a tape to whoever has connected. */
export interface Server extends AsyncDisposable {
  readonly port: number;
  /** Clients that wait for the tape. */
  ready(): number;
  play(): void;
  /** 1 for the first time through. */
  pass(): number;
  ended(): boolean;
  /** Events handed to clients so far, summed over the clients. */
  delivered(): number;
  /** Where market time stands; absent unless paced. */
  anchor(): { readonly wall: bigint; readonly market: bigint } | undefined;
}

/** What the baselines need of a client's connection. */
export interface Outlet {
  buffered(): number;
}

/** Lets the event loop turn, and waits while a client has half its outbox full. */
export async function breathe(outlets: readonly Outlet[]): Promise<void> {
  do await nextTurn();
  while (outlets.some((outlet) => outlet.buffered() > outbox / 2));
}
