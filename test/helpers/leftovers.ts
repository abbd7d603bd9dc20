import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { EventEmitter, getEventListeners } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { z } from 'zod';
import { turn } from '../../market/clock.ts';

/** How many listeners each event of an emitter has. */
export function listenersOf(emitter: EventEmitter): Readonly<Record<string, number>> {
  return Object.fromEntries(
    emitter
      .eventNames()
      .map((name) => [String(name), emitter.listenerCount(name)] as const)
      .toSorted(([one], [other]) => one.localeCompare(other)),
  );
}

/** How many wait for a signal. */
export const abortListeners = (signal: AbortSignal): number => getEventListeners(signal, 'abort').length;

/** Sockets, servers and timers that keep this process alive. */
export function resources(): readonly string[] {
  return process
    .getActiveResourcesInfo()
    .filter((one) => /TCP|Timeout|Immediate/.test(one))
    .sort();
}

/** The server that begins to listen while this is watched, and the first connection that it accepts: our own side of it. */
export class Listening implements Disposable {
  #server: EventEmitter | undefined;
  #first: EventEmitter | undefined;
  readonly #take = (message: unknown): void => {
    if (typeof message !== 'object' || message === null) return;
    if ('server' in message && message.server instanceof EventEmitter) this.#server = message.server;
    if ('socket' in message && message.socket instanceof EventEmitter) this.#first ??= message.socket;
  };

  constructor() {
    subscribe('tracing:net.server.listen:asyncStart', this.#take);
    subscribe('net.server.socket', this.#take);
  }

  get listeners(): readonly Readonly<Record<string, number>>[] {
    return [this.#server, this.#first].flatMap((emitter) => (emitter === undefined ? [] : [listenersOf(emitter)]));
  }

  [Symbol.dispose](): void {
    unsubscribe('tracing:net.server.listen:asyncStart', this.#take);
    unsubscribe('net.server.socket', this.#take);
  }
}

const collect = z.custom<() => void>((it) => typeof it === 'function');

/** How many of these something still holds on to, when all else has been collected; asks a few times before it says that there are any. */
export async function stillHeld(things: Iterable<WeakRef<object>>): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collectGarbage = collect.parse(runInNewContext('gc'));
  let left = [...things];
  for (let attempt = 0; attempt < 20 && left.length > 0; attempt++) {
    // What was looked at is not collected in the same turn.
    await turn();
    collectGarbage();
    left = left.filter((thing) => thing.deref() !== undefined);
  }
  return left.length;
}
