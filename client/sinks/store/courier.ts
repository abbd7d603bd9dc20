import type { Clock } from '../../../market/clock.ts';
import { second } from '../../../market/nanos.ts';
import { Deliverer, type Delivery, type Reject } from './deliver.ts';
import type { Listen } from './happening.ts';
import type { OpenLine } from './line.ts';
import type { Parcel } from './parcel.ts';
import { Partitions } from './partitions.ts';
import type { StoreSettings } from './settings.ts';
import type { Supply } from './supply.ts';

interface Opened {
  readonly line: OpenLine;
  readonly deliverer: Deliverer;
}

/** How long a server may take to hang up. */
const farewell = second;

/** Has one line to the database at a time, and a new one after a failure. */
export class Courier implements AsyncDisposable {
  readonly #supply: Supply;
  readonly #settings: Pick<StoreSettings, 'migrate' | 'patience'>;
  readonly #clock: Clock;
  readonly #listen: Listen;
  readonly #reject: Reject;
  readonly #partitions: Partitions;
  #migrated: boolean;
  readonly #over = new AbortController();
  #open: Opened | undefined;

  constructor(
    supply: Supply,
    settings: Pick<StoreSettings, 'migrate' | 'patience'>,
    clock: Clock,
    listen: Listen,
    reject: Reject,
  ) {
    this.#supply = supply;
    this.#settings = settings;
    this.#clock = clock;
    this.#listen = listen;
    this.#reject = reject;
    this.#partitions = new Partitions(listen);
    this.#migrated = !settings.migrate;
  }

  /** Stores a parcel. Throws when the database did not take it; the line is then gone. */
  async deliver(parcel: Parcel): Promise<Delivery> {
    const { line, deliverer } = (this.#open ??= await this.#connectedInTime());
    const tired = this.#clock.wake(this.#clock.now() + this.#settings.patience, () => line.cut());
    try {
      await this.#partitions.prepare(line, parcel);
      return await deliverer.deliver(parcel);
    } catch (error) {
      this.#open = undefined;
      line.cut();
      throw error;
    } finally {
      tired();
    }
  }

  /** There is no more time: whatever is under way fails now, and whatever would come. */
  giveUp(): void {
    this.#over.abort(new Error('there was no more time'));
    this.#open?.line.cut();
  }

  /** A server that is silent is waited for by nobody once this gave up. */
  async #connectedInTime(): Promise<Opened> {
    const { signal } = this.#over;
    signal.throwIfAborted();
    const connecting = this.#connect();
    return await new Promise<Opened>((resolve, reject) => {
      const tooLate = (): void => {
        reject(signal.reason);
        void connecting.then(
          ({ line }) => line.cut(),
          () => undefined,
        );
      };
      signal.addEventListener('abort', tooLate, { once: true });
      void connecting.then(resolve, reject).finally(() => signal.removeEventListener('abort', tooLate));
    });
  }

  async #connect(): Promise<Opened> {
    if (!this.#migrated) {
      const { applied } = await this.#supply.migrate();
      this.#migrated = true;
      if (applied.length > 0) this.#listen({ kind: 'migrated', applied });
    }
    const line = await this.#supply.line();
    return { line, deliverer: new Deliverer(line, this.#reject) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#open === undefined) return;
    const { line } = this.#open;
    const tired = this.#clock.wake(this.#clock.now() + farewell, () => line.cut());
    await line[Symbol.asyncDispose]();
    tired();
  }
}
