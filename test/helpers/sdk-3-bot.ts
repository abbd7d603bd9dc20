import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { z } from 'zod';
import type { Papertape } from '../../server/index.ts';
import { httpOf, type Row } from './asker.ts';

/** What each stream subscribes to: `{ stocks: { Trades: ['AAPL'] } }` calls `subscribeForTrades(['AAPL'])`. */
export type Wishes = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/** What the SDK handed to the program: an event of a kind, in the SDK's own words, or an error's text. */
export interface Hearing {
  readonly stream: string;
  readonly kind: string;
  readonly row: Row;
}

const row = z.record(z.string(), z.unknown());
const message = z.union([
  z.strictObject({ id: z.number(), answer: z.unknown() }),
  z.strictObject({ id: z.number(), error: z.string() }),
  z.strictObject({ stream: z.string(), kind: z.literal('error'), row: z.string() }),
  z.strictObject({ stream: z.string(), kind: z.string(), row }),
]);

/**
 * A program with @alpacahq/alpaca-trade-api 3.x, unmodified, in a process of its own: Node reads NODE_EXTRA_CA_CERTS only as it starts.
 * Nothing of the tester's environment reaches it.
 */
export class Sdk3Bot implements AsyncDisposable {
  readonly heard: Hearing[] = [];
  readonly errors: string[] = [];
  readonly #child: ChildProcess;
  readonly #answers = new Map<
    number,
    { readonly resolve: (answer: unknown) => void; readonly reject: (error: Error) => void }
  >();
  readonly #looking = new Set<() => void>();
  #lastCall = 0;
  #ended: Error | undefined;

  /** `authority` is the file of the certificate that the program trusts. */
  constructor(papertape: Papertape, authority: string, wishes: Wishes) {
    this.#child = fork('test/sdk/bot-with-sdk-3.mjs', [httpOf(papertape), JSON.stringify(wishes)], {
      env: { NODE_EXTRA_CA_CERTS: authority },
      execArgv: [],
      serialization: 'advanced',
      // The SDK prints each subscription to news.
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#child.on('message', (told) => this.#take(message.parse(told)));
    this.#child.once('exit', (code) => {
      this.#ended = new Error(`the SDK's program ended with ${code}`);
      for (const { reject } of this.#answers.values()) reject(this.#ended);
      this.#look();
    });
  }

  /** Calls a method of the SDK, or of one of its streams. What it pages through comes as a list, and Maps as Maps. */
  async call(call: string, args: readonly unknown[], stream?: string): Promise<unknown> {
    const id = ++this.#lastCall;
    const answer = new Promise<unknown>((resolve, reject) => void this.#answers.set(id, { resolve, reject }));
    this.#child.send({ id, stream, call, args });
    return answer;
  }

  /** Resolves as soon as what was heard meets this. */
  async until(met: (hearing: Hearing) => boolean): Promise<void> {
    while (!this.heard.some(met)) {
      if (this.#ended !== undefined) throw this.#ended;
      await new Promise<void>((resolve) => this.#looking.add(resolve));
    }
  }

  #take(told: z.output<typeof message>): void {
    if (!('id' in told)) {
      if (typeof told.row === 'string') this.errors.push(`${told.stream}: ${told.row}`);
      else this.heard.push({ ...told, row: told.row });
      return this.#look();
    }
    const waiting = this.#answers.get(told.id);
    this.#answers.delete(told.id);
    if ('error' in told) waiting?.reject(new Error(told.error));
    else waiting?.resolve(told.answer);
  }

  #look(): void {
    for (const look of this.#looking) look();
    this.#looking.clear();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill();
    await once(this.#child, 'exit');
  }
}
