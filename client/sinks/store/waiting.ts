import type { Listen } from './happening.ts';
import type { Parcel } from './parcel.ts';
import type { Spool } from './spool.ts';

/** The parcel whose turn it is. It keeps its place until `done`. */
export interface Held {
  readonly parcel: Parcel;
  done(): Promise<void>;
}

/** Parcels on their way, first in, first out: in memory while all goes well, else behind those on disk. */
export class Waiting {
  /** Of parcels in memory. */
  bytes = 0;
  /** Rows that went out of memory: stored, put aside, or onto the disk. */
  gone = 0;
  /** Whether the database takes nothing: what waits is then worth the disk. */
  away = false;
  readonly #queue: Parcel[] = [];
  readonly #mostBytes: number;
  readonly #spool: Spool | undefined;
  readonly #listen: Listen;
  readonly #changed: () => void;
  #inHand: Parcel | undefined;
  #spilling: Promise<void> | undefined;
  #full = false;

  /** `changed` is called whenever something left. */
  constructor(mostBytes: number, spool: Spool | undefined, listen: Listen, changed: () => void) {
    this.#mostBytes = mostBytes;
    this.#spool = spool;
    this.#listen = listen;
    this.#changed = changed;
  }

  /** Whether more than memory may hold waits in it. */
  get crowded(): boolean {
    return this.bytes > this.#mostBytes;
  }

  /** Why the disk takes no more; without a spool it never does. */
  get trouble(): string | undefined {
    return this.#spool === undefined ? 'there is no spool' : this.#full ? this.#spool.trouble : undefined;
  }

  get isEmpty(): boolean {
    return this.#queue.length === 0;
  }

  add(parcel: Parcel): void {
    this.#queue.push(parcel);
    this.bytes += parcel.bytes.length;
    this.spill();
  }

  async first(): Promise<Held | undefined> {
    if (this.#spool !== undefined && (this.#spilling !== undefined || this.#spool.rows > 0)) {
      const spooled = await this.#spool.first();
      if (spooled !== undefined) return { parcel: spooled.parcel, done: async () => await this.#drained(spooled) };
    }
    const [parcel] = this.#queue;
    if (parcel === undefined) return undefined;
    this.#inHand = parcel;
    return { parcel, done: async () => this.#leave(parcel) };
  }

  /** Moves onto the disk what should not wait in memory. */
  spill(): void {
    const spool = this.#spool;
    if (spool === undefined) return;
    this.#spilling ??= this.#spillInto(spool).finally(() => {
      this.#spilling = undefined;
      // It may have become necessary after the last look.
      if (!this.#full && this.#queue.length > 0 && this.#shouldSpill(spool)) this.spill();
      this.#changed();
    });
  }

  /** Brings all that is left in memory onto the disk, whatever its limit. Returns the rows for which even that failed. */
  async save(): Promise<number> {
    await this.#spilling;
    let lost = 0;
    for (const parcel of this.#queue) {
      if (this.#spool === undefined || !(await this.#spool.append(parcel, true))) lost += parcel.rows;
    }
    this.#queue.length = 0;
    return lost;
  }

  async #spillInto(spool: Spool): Promise<void> {
    for (;;) {
      const [parcel] = this.#queue;
      if (parcel === undefined || !this.#shouldSpill(spool)) break;
      // What is just being stored may arrive, or not; should both come, the database refuses the second.
      const known = parcel.known || parcel === this.#inHand;
      if (!(await spool.append({ ...parcel, known }))) {
        if (!this.#full) this.#listen({ kind: 'no-room', why: spool.trouble ?? '' });
        this.#full = true;
        break;
      }
      this.#full = false;
      this.#leave(parcel);
    }
  }

  #shouldSpill(spool: Spool): boolean {
    return this.away || spool.rows > 0 || this.bytes > this.#mostBytes / 2;
  }

  #leave(parcel: Parcel): void {
    if (this.#inHand === parcel) this.#inHand = undefined;
    if (this.#queue[0] !== parcel) return;
    this.#queue.shift();
    this.bytes -= parcel.bytes.length;
    this.gone += parcel.rows;
    this.#changed();
  }

  async #drained(held: Held): Promise<void> {
    await held.done();
    this.spill();
    this.#changed();
  }
}
