import { ManualClock } from '../../../../market/clock.ts';
import { millis } from '../../../../market/nanos.ts';
import type { MarketEvent, Nanos } from '../../../../market/event.ts';
import type { Papertape } from '../../../../server/index.ts';
import type { ScenarioInput } from '../../../../server/scenario/schema.ts';
import { Caller } from '../../../helpers/caller.ts';
import { opening, trade } from '../../../helpers/events.ts';
import { serve } from '../../../helpers/serve.ts';

type Changes = Partial<ScenarioInput>;
type Options = NonNullable<NonNullable<ScenarioInput['endpoints']>['polygon']>;

/** A server and those who talk to it, on a clock of their own. */
export class Dialogue implements AsyncDisposable {
  readonly papertape: Papertape;
  readonly clock: ManualClock;
  readonly #callers: Caller[] = [];

  private constructor(papertape: Papertape, clock: ManualClock) {
    this.papertape = papertape;
    this.clock = clock;
  }

  static async begin(options: Options = {}, changes: Changes = {}, events: readonly MarketEvent[] = [trade(opening)]) {
    const clock = new ManualClock(opening);
    const endpoints = { polygon: { serverPing: 'off', ...options } } as const;
    return new Dialogue(await serve(events, {}, { endpoints, ...changes }, clock), clock);
  }

  /** A client that has been greeted, and has logged in when it has a key. */
  async call(path: string, key?: string): Promise<Caller> {
    const caller = await Caller.connect(this.papertape.url + path, this.clock);
    this.#callers.push(caller);
    await this.heard(caller);
    if (key !== undefined) await this.say(caller, { action: 'auth', params: key });
    return caller;
  }

  /** Sends one message; returns the frames of the answer. */
  async say(caller: Caller, message: object | string): Promise<readonly unknown[]> {
    caller.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
    return await this.heard(caller);
  }

  /** The frames heard until nothing more comes within a span; a close is its code. */
  async heard(caller: Caller, within: Nanos = 0n): Promise<readonly unknown[]> {
    const frames: unknown[] = [];
    for (;;) {
      const heard = await caller.next(within, millis(250));
      if (heard === undefined) return frames;
      if (heard.kind === 'message') frames.push(JSON.parse(heard.payload.toString()));
      if (heard.kind === 'close') frames.push(heard.code);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const caller of this.#callers) await caller[Symbol.asyncDispose]();
    await this.papertape[Symbol.asyncDispose]();
  }
}

/** A status as it is on the wire. */
export const status = (name: string, message: string): object => ({ ev: 'status', status: name, message });
