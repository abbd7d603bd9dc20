import type { Cancel, Clock } from '../../../market/clock.ts';
import type { Channel, MarketEvent, Nanos } from '../../../market/event.ts';
import { reason } from '../../../migrations/session.ts';
import type { Batch, Sink, SinkHealth } from '../sink.ts';
import { Courier } from './courier.ts';
import type { Listen } from './happening.ts';
import { lastStored } from './last-stored.ts';
import { Packer } from './packer.ts';
import { readable } from './readable.ts';
import type { Rejects } from './rejects.ts';
import type { StoreSettings } from './settings.ts';
import type { Spool } from './spool.ts';
import type { Supply } from './supply.ts';
import { Waiting } from './waiting.ts';

/** What became of events so far. */
export interface StoreCounts {
  readonly stored: number;
  /** Refused, because they were there. */
  readonly known: number;
  /** Put aside in the file of refused rows. */
  readonly rejected: number;
}

/** The sink of the database, and the memory of what it holds. */
export interface Store extends Sink {
  readonly counts: StoreCounts;
  /** The newest stored instant of each symbol that has any, of all together for `*`: where a gap begins after a restart. Rejects when the database is away. */
  lastStored(dataSource: string, channel: Channel, symbols: readonly string[]): Promise<ReadonlyMap<string, Nanos>>;
}

/** What a store is made of. */
export interface StoreParts {
  readonly settings: StoreSettings;
  readonly supply: Supply;
  readonly spool: Spool | undefined;
  readonly rejects: Rejects;
  readonly clock: Clock;
  readonly listen: Listen;
}

/** An event that cannot become a row. */
interface Refused {
  readonly event: MarketEvent;
  readonly dataSource: string;
  readonly why: string;
}
interface Waiter {
  readonly isOver: () => boolean;
  readonly resolve: () => void;
}

/** How often a database that is away is tried again at the very end: a connection may have been cut just then. */
const lastAttempts = 2;

/** Every event that was taken is in the database once, or on its way there. */
export class DatabaseStore implements Store {
  readonly name = 'store';
  readonly counts = { stored: 0, known: 0, rejected: 0 };
  readonly #parts: StoreParts;
  readonly #packer: Packer;
  readonly #waiting: Waiting;
  readonly #courier: Courier;
  readonly #refused: Refused[] = [];
  readonly #waiters = new Set<Waiter>();
  #taken = 0;
  #aside = 0;
  #timer: Cancel | undefined;
  #work: Promise<void> | undefined;
  #away: string | undefined;
  #failures = 0;
  #wake: () => void = () => undefined;
  #closing = false;
  /** Whether no more is brought to the database: what is left when closing takes too long is kept on disk. */
  #ended = false;

  constructor(parts: StoreParts) {
    const { settings, supply, spool, clock, listen, rejects } = parts;
    this.#parts = parts;
    this.#waiting = new Waiting(settings.memoryBytes, spool, listen, () => this.#changed());
    this.#packer = new Packer(settings.rows, {
      parcel: (parcel) => this.#waiting.add(parcel),
      unwritable: (event, dataSource, why) => this.#refused.push({ event, dataSource, why }),
    });
    this.#courier = new Courier(supply, settings, clock, listen, async (row, why) => {
      await rejects.add(row.table, why, readable(row));
      listen({ kind: 'rejected', rows: 1, why, file: rejects.file });
    });
    if ((spool?.rows ?? 0) > 0) this.#kick();
  }

  take(batch: Batch): Promise<void> | undefined {
    this.#taken += batch.events.length;
    this.#packer.add(batch);
    if (this.#packer.bytes > 0) this.#timer ??= this.#soon();
    this.#kick();
    return this.#isCrowded() ? this.#until(() => !this.#isCrowded()) : undefined;
  }

  async flush(): Promise<void> {
    this.#seal();
    const taken = this.#taken;
    await this.#until(() => this.#gone() >= taken);
    const { spool } = this.#parts;
    if (spool === undefined) return;
    const spooled = spool.appended;
    await this.#until(() => this.#away !== undefined || spool.appended - spool.rows >= spooled);
  }

  health(): SinkHealth {
    const { spool } = this.#parts;
    const onDisk = spool?.rows ?? 0;
    const pending = this.#inMemory() + onDisk;
    if (this.#away !== undefined) {
      const stuck = this.#isCrowded() && this.#waiting.trouble !== undefined;
      const meanwhile = stuck
        ? `Nothing more is taken, because ${this.#waiting.trouble}`
        : `${onDisk} rows wait on disk, ${this.#inMemory()} in memory`;
      return { state: stuck ? 'failing' : 'ailing', says: `${this.#away}. ${meanwhile}.`, pending };
    }
    if (onDisk > 0) return { state: 'ailing', says: `${onDisk} rows on disk are being stored.`, pending };
    return { state: 'well', says: '', pending };
  }

  async lastStored(
    dataSource: string,
    channel: Channel,
    symbols: readonly string[],
  ): Promise<ReadonlyMap<string, Nanos>> {
    await using session = await this.#parts.supply.session();
    return await lastStored(session, dataSource, channel, symbols);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { spool, supply, listen, clock, settings } = this.#parts;
    this.#closing = true;
    this.#failures = 0;
    this.#seal();
    this.#wake();
    // Whoever ends processes waits ten seconds, and what is on disk by then is safe.
    const span = spool === undefined ? settings.patience : settings.closing;
    const enough = clock.wake(clock.now() + span, () => {
      this.#ended = true;
      this.#courier.giveUp();
    });
    while (this.#work !== undefined) await this.#work;
    enough();
    const lost = await this.#waiting.save();
    const unsaid = lost + this.#refused.length;
    if (unsaid > 0) listen({ kind: 'lost', rows: unsaid, why: this.#away ?? this.#waiting.trouble ?? '' });
    const kept = spool?.rows ?? 0;
    if (kept > 0) listen({ kind: 'kept', rows: kept });
    await this.#courier[Symbol.asyncDispose]();
    await spool?.[Symbol.asyncDispose]();
    await supply[Symbol.asyncDispose]();
  }

  #seal(): void {
    this.#timer?.();
    this.#timer = undefined;
    this.#packer.seal();
    this.#kick();
  }

  #soon(): Cancel {
    const { clock, settings } = this.#parts;
    return clock.wake(clock.now() + settings.maxDelay, () => this.#seal());
  }

  /** Rows that are neither stored, nor put aside, nor on disk. */
  readonly #inMemory = (): number => this.#taken - this.#gone();
  readonly #gone = (): number => this.#waiting.gone + this.#aside;
  readonly #isCrowded = (): boolean => this.#waiting.crowded || this.#refused.length > mostRefused;

  #kick(): void {
    const { spool } = this.#parts;
    if (this.#waiting.isEmpty && this.#refused.length === 0 && (spool?.rows ?? 0) === 0) return;
    this.#work ??= this.#storeAll().finally(() => {
      this.#work = undefined;
      // Something may have come after the last look.
      if (!this.#ended) this.#kick();
    });
  }

  async #storeAll(): Promise<void> {
    for (;;) {
      try {
        if (!(await this.#storeNext())) return;
        this.#recovered();
      } catch (error) {
        this.#fell(error);
        if (this.#closing && this.#failures >= lastAttempts) this.#ended = true;
        if (this.#ended) return;
        await this.#pause();
      }
    }
  }

  /** Stores what is first. False when there is nothing, or no more time. */
  async #storeNext(): Promise<boolean> {
    const { rejects, listen } = this.#parts;
    const [refused] = this.#refused;
    if (refused !== undefined) {
      await rejects.add(refused.event.kind, refused.why, { dataSource: refused.dataSource, ...refused.event });
      listen({ kind: 'rejected', rows: 1, why: refused.why, file: rejects.file });
      this.#refused.shift();
      this.counts.rejected++;
      this.#aside++;
      return true;
    }
    if (this.#ended) return false;
    const held = await this.#waiting.first();
    if (held === undefined) return false;
    const { stored, known, rejected } = await this.#courier.deliver(held.parcel);
    this.counts.stored += stored;
    this.counts.known += known;
    this.counts.rejected += rejected;
    await held.done();
    return true;
  }

  #recovered(): void {
    this.#failures = 0;
    if (this.#away === undefined) return;
    this.#away = undefined;
    this.#waiting.away = false;
    this.#parts.listen({ kind: 'back', waiting: this.health().pending });
    this.#changed();
  }

  #fell(error: unknown): void {
    const why = `${this.#parts.supply.name} takes no rows: ${reason(error)}`;
    if (this.#away === undefined) this.#parts.listen({ kind: 'away', why });
    this.#away = why;
    this.#waiting.away = true;
    this.#waiting.spill();
    this.#changed();
  }

  async #pause(): Promise<void> {
    const { clock, settings } = this.#parts;
    const { first, most } = settings.retry;
    const wait = first * 2n ** BigInt(Math.min(this.#failures++, 30));
    await new Promise<void>((resolve) => {
      const cancel = clock.wake(clock.now() + (wait < most ? wait : most), resolve);
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
  }

  async #until(isOver: () => boolean): Promise<void> {
    if (isOver()) return;
    await new Promise<void>((resolve) => this.#waiters.add({ isOver, resolve }));
  }

  #changed(): void {
    for (const waiter of this.#waiters) {
      if (!waiter.isOver()) continue;
      this.#waiters.delete(waiter);
      waiter.resolve();
    }
  }
}

/** Events without a row that may wait to be put aside. */
const mostRefused = 1000;
