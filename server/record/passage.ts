import type { Duplex } from 'node:stream';
import type { Clock } from '../../market/clock.ts';
import { seconds } from '../../market/nanos.ts';
import { frame } from '../wire/frame.ts';
import type { Conversation, Keepers } from './conversation.ts';
import { Relay } from './relay.ts';

/** How long client and vendor may take to say goodbye when the recorder stops. */
const farewellDeadline = seconds(1);

/** "Going away" (RFC 6455 §7.4.1). */
const goingAway = 1001;
const code = Buffer.from([goingAway >> 8, goingAway & 0xff]);
const toClient = frame('close', code);
/** Masked, as a client's frames are; with zeros, which leave the code as it is and no room for anybody's own bytes. */
const toVendor = Buffer.from([0x88, 0x80 | code.length, 0, 0, 0, 0, ...code]);

export interface PassageOptions {
  readonly connection: number;
  readonly client: Duplex;
  readonly vendor: Duplex;
  /** Absent when it cannot be understood; it is passed on all the same. */
  readonly conversation: Conversation | undefined;
  readonly keepers: Keepers;
  readonly clock: Clock;
}

/** One client's connection through the recorder to the vendor. Dispose of it to say goodbye to both. */
export class Passage implements AsyncDisposable {
  /** Resolves when the client is gone and all that was heard is understood. */
  readonly ended: Promise<void>;
  readonly #options: PassageOptions;
  readonly #up: Relay;
  readonly #down: Relay;
  readonly #gone: Promise<unknown>;

  constructor(options: PassageOptions) {
    this.#options = options;
    const { client, vendor, conversation } = options;
    this.#gone = Promise.all([closed(client), closed(vendor)]);
    this.ended = closed(client).then(async () => await this.#end());
    this.#up = new Relay(client, vendor, (bytes) => conversation?.hear('client', bytes));
    this.#down = new Relay(vendor, client, (bytes) => conversation?.hear('vendor', bytes));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { client, vendor, clock, connection, keepers } = this.#options;
    // Who is parting already is left to it.
    if (!this.#up.hasClosed && !this.#down.hasClosed) {
      void keepers.transcript?.write({ connection, from: 'recorder', kind: 'close', code: goingAway });
      this.#down.conclude(toClient);
      this.#up.conclude(toVendor);
    }
    const cancel = clock.wake(clock.now() + farewellDeadline, () => {
      client.destroy();
      vendor.destroy();
    });
    await this.#gone;
    cancel();
    await this.ended;
  }

  /** What was heard last may still be unpacked. */
  async #end(): Promise<void> {
    const { conversation, keepers, connection } = this.#options;
    if (conversation === undefined) return;
    await conversation[Symbol.asyncDispose]();
    void keepers.transcript?.write({ connection, kind: 'end' });
    keepers.log.info({ connection }, 'a client is gone');
  }
}

const closed = async (socket: Duplex): Promise<void> =>
  await new Promise((resolve) => void socket.once('close', () => resolve()));
