import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Papertape } from '../../server/index.ts';
import type { Session } from '../../server/session.ts';
import type { Element } from './comer.ts';
import type { Dialect } from './dialects.ts';
import { RawClient } from './raw-client.ts';
import { maskedFrame } from './raw-frames.ts';

interface Connection {
  readonly client: RawClient;
  readonly session: Session;
  readonly held: Set<string>;
  /** Its exchange has taken its key. */
  isIn: boolean;
  /** Frames that have been read. */
  read: number;
}

/**
 * All the connections of one key, which overlap, are refused, and are sent away for others: with all they have heard on the wire, and what
 * they are owed together by the words of the ledger.
 */
export class Crowd {
  readonly key: string;
  readonly frames: (readonly Element[])[] = [];
  readonly #papertape: Papertape;
  readonly #dialect: Dialect;
  /** By the client's own count of them. */
  readonly #open = new Map<number, Connection>();
  /** What connections held that are over, the oldest first, as long as nobody has taken it up. */
  #left: ReadonlySet<string>[] = [];

  constructor(papertape: Papertape, dialect: Dialect, key: string) {
    this.#papertape = papertape;
    this.#dialect = dialect;
    this.key = key;
  }

  get rows(): readonly Element[] {
    return this.frames.flat().filter((element) => this.#dialect.isRow(element));
  }

  isOwed(element: Element): boolean {
    const topic = this.#dialect.topicOf(element);
    const every = topic.replace(/ .*/, ' *');
    const claims = [...this.#left, ...[...this.#open.values()].map(({ held }) => held)];
    return claims.some((claim) => claim.has(topic) || claim.has(every));
  }

  async connect(which: number): Promise<void> {
    if (this.#open.has(which)) return;
    const { run, url } = this.#papertape;
    const client = await RawClient.open(url + this.#dialect.path(this.key));
    const session = [...run.sessions].at(-1);
    if (session === undefined) throw new Error(`${this.key} was not let in: ${client.head}`);
    const connection = { client, session, held: new Set<string>(), isIn: this.#dialect.login === undefined, read: 0 };
    this.#open.set(which, connection);
    await this.login(which);
  }

  /** Says its key once more, where it was refused before. */
  async login(which: number): Promise<void> {
    const connection = this.#open.get(which);
    if (connection === undefined) return;
    const login = connection.isIn ? undefined : this.#dialect.login?.(this.key);
    if (login !== undefined) connection.client.say(login);
    await this.settled();
  }

  async ask(which: number, action: 'subscribe' | 'unsubscribe', topics: readonly string[]): Promise<void> {
    const connection = this.#open.get(which);
    if (connection === undefined) return;
    const before = new Set(connection.held);
    connection.client.say(this.#dialect.ask(action, topics));
    await this.settled();
    // Who was refused, or sent away for it, has nothing.
    if (!connection.isIn || !this.#open.has(which)) return;
    for (const topic of topics) {
      if (action === 'subscribe') connection.held.add(topic);
      else connection.held.delete(topic);
    }
    const after = connection.held;
    const touched = [...before, ...after].filter((topic) => before.has(topic) !== after.has(topic));
    const taken = this.#left.filter((claim) => [...claim].some((one) => touched.some((other) => meet(one, other))));
    // Who comes back for something else has changed its mind.
    const isBack = before.size === 0 && connection.held.size > 0;
    if (taken.length === 0 && isBack) taken.push(...this.#left.slice(0, 1));
    this.#left = this.#left.filter((claim) => !taken.includes(claim));
  }

  /** Hangs up: with a Close frame, or without a word. */
  async leave(which: number, how: 'politely' | 'without a word'): Promise<void> {
    const connection = this.#open.get(which);
    if (connection === undefined) return;
    await this.settled();
    if (!this.#open.has(which)) return;
    if (how === 'politely') {
      connection.client.socket.write(maskedFrame(0x88, Buffer.from([0x03, 0xe8])));
      await connection.client.ended();
    }
    await this.#over(which, connection);
  }

  async leaveAll(): Promise<void> {
    for (const which of [...this.#open.keys()]) await this.leave(which, 'politely');
  }

  /** Everything that was sent has been read, and who was sent away is gone. */
  async settled(): Promise<void> {
    for (const [which, connection] of [...this.#open]) {
      const { client } = connection;
      const pongs = (): number => client.frames.filter(({ kind }) => kind === 'pong').length;
      const before = pongs();
      if (client.end === undefined) client.ping();
      await client.until(() => pongs() > before || client.frames.at(-1)?.kind === 'close');
      this.#read(connection);
      if (client.end !== undefined || client.frames.at(-1)?.kind === 'close') await this.#over(which, connection);
    }
  }

  #read(connection: Connection): void {
    const { client, read } = connection;
    const fresh = client.frames.slice(read).filter(({ kind }) => kind === 'text');
    connection.read = client.frames.length;
    const heard = fresh.map(({ payload }) => this.#dialect.elementsOf(payload));
    connection.isIn ||= heard.flat().some((element) => this.#dialect.isWelcome(element));
    this.frames.push(...heard);
  }

  async #over(which: number, connection: Connection): Promise<void> {
    const { client, session, held } = connection;
    await client[Symbol.asyncDispose]();
    // What is written before the exchange knows that nobody is there counts as sent.
    while ([...this.#papertape.run.sessions].includes(session)) await nextTurn();
    this.#read(connection);
    this.#open.delete(which);
    if (held.size > 0) this.#left.push(held);
  }
}

/** Whether two are about the same. */
function meet(one: string, other: string): boolean {
  const [[channel, symbol], [its, itsSymbol]] = [one.split(' '), other.split(' ')];
  return channel === its && (symbol === itsSymbol || symbol === '*' || itsSymbol === '*');
}
