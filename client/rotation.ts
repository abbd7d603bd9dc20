/**
 * Goes from one key to the next without losing data, for vendors that allow two connections: the new connection is up and subscribed before
 * the old one goes, and meanwhile rows come twice, which whoever keeps them tells apart. To whoever listens it is one connection.
 */

import type { Batch } from './batch.ts';
import { Connection, type ConnectionListener, type ConnectionOptions, type ConnectionState } from './connection.ts';
import { type Key, minus, nothing, plus, type Wants } from './feeds/feed.ts';

/** Has one connection, and two while it rotates. */
export class RotatingConnection implements AsyncDisposable {
  readonly #options: ConnectionOptions;
  #wants: Wants;
  #keys: readonly Key[];
  #current: Connection;
  #successor: Connection | undefined;
  /** What either of them is sent, as it was told. */
  #covered: Wants = nothing;
  #patience: Promise<void> | undefined;
  readonly #leaving = new Set<Promise<void>>();

  /** Throws a RangeError when there is no key. */
  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#wants = options.wants ?? nothing;
    this.#keys = options.keys;
    this.#current = this.#connection();
  }

  start(): void {
    this.#current.start();
  }

  want(wants: Wants): void {
    this.#wants = wants;
    this.#current.want(wants);
    this.#successor?.want(wants);
  }

  /** Begins to go on with the key after the present one. Does nothing while that is under way. */
  rotate(): void {
    if (this.#successor !== undefined) return;
    const label = this.#current.state.key;
    const present = Math.max(
      0,
      this.#current.state.keys.findIndex((key) => key.label === label),
    );
    const next = present + 1;
    this.#keys = [...this.#keys.slice(next), ...this.#keys.slice(0, next)];
    this.#successor = this.#connection();
    this.#successor.start();
  }

  get state(): ConnectionState {
    return this.#current.state;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const all = [this.#current, this.#successor].map((connection) => connection?.[Symbol.asyncDispose]());
    await Promise.all([...all, ...this.#leaving]);
  }

  #connection(): Connection {
    const { listener } = this.#options;
    const its: ConnectionListener = {
      batch: (batch) => this.#take(batch),
      covered: ({ wants, at }) => {
        const fresh = minus(wants, this.#covered);
        this.#covered = plus(this.#covered, wants);
        if (fresh.size > 0) listener.covered({ wants: fresh, at });
      },
      lost: ({ wants, at, why }) => {
        const other = connection === this.#current ? this.#successor : this.#current;
        const gone = minus(wants, other?.state.held ?? nothing);
        this.#covered = minus(this.#covered, gone);
        if (gone.size > 0) listener.lost({ wants: gone, at, why });
      },
      reported: (report) => {
        listener.reported(report);
        if (report.kind === 'live' && connection === this.#successor) this.#succeed(connection);
      },
    };
    const connection: Connection = new Connection({
      ...this.#options,
      keys: this.#keys,
      wants: this.#wants,
      listener: its,
    });
    return connection;
  }

  #succeed(successor: Connection): void {
    const leaving = this.#current[Symbol.asyncDispose]().finally(() => this.#leaving.delete(leaving));
    this.#leaving.add(leaving);
    this.#current = successor;
    this.#successor = undefined;
  }

  /** One batch at a time, whichever connection brings it. */
  #take(batch: Batch): Promise<void> | undefined {
    const before = this.#patience;
    const taken = before === undefined ? this.#options.listener.batch(batch) : this.#takeAfter(before, batch);
    if (taken === undefined) return undefined;
    const patience = taken.then(() => {
      if (this.#patience === patience) this.#patience = undefined;
      return undefined;
    });
    this.#patience = patience;
    return patience;
  }

  async #takeAfter(before: Promise<void>, batch: Batch): Promise<void> {
    await before;
    await this.#options.listener.batch(batch);
  }
}
