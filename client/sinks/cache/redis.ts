import { Redis, type RedisOptions } from 'ioredis';
import type { Clock } from '../../../market/clock.ts';
import type { Channel } from '../../../market/event.ts';
import { seconds } from '../../../market/nanos.ts';
import { eachOf, type Batch, type SinkHealth, type Wants } from '../sink.ts';
import { shownAddress, withoutPassword } from './address.ts';
import { type Cache, CacheAwayError, type CacheHappening, tell } from './cache.ts';
import { Keys } from './keys.ts';
import { readEvent, readEvents } from './read-event.ts';
import { rememberDigest, Remembering, rememberScript } from './remember.ts';
import type { CacheSettings } from './settings.ts';
import { type Group, Shelf } from './shelf.ts';
import type { ToldEvent } from './told-event.ts';

/** Events of one call: a millisecond or two of Redis, in which it does nothing else. */
const mostEvents = 512;
/** Calls that are on their way at once: one is spelled while Redis works at another. */
const mostCalls = 4;
/** How long Redis may take to answer, in milliseconds, before it counts as away. */
const patience = 5000;
/** After a no, such as that it is full. */
const rest = seconds(1);

/** What is known before Redis first answered, or did not. */
const notYet = 'not connected yet';

const options = {
  // What cannot be sent waits on the shelf, where it is bounded, and not in the client's queues.
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  connectTimeout: patience,
  commandTimeout: patience,
  // A server that is frozen keeps its connection; only a new one tells.
  socketTimeout: 2 * patience,
} satisfies RedisOptions;

/**
 * A cache in Redis, which other programs read too (docs/cache.md). Taking is free of waiting: events go to a shelf, and from there in calls of
 * some hundred, a few at a time. While Redis is away the shelf keeps the newest of each key.
 */
export class RedisCache implements Cache {
  readonly name = 'redis';
  readonly #settings: CacheSettings;
  readonly #url: string;
  readonly #clock: Clock;
  readonly #log: (happening: CacheHappening) => void;
  readonly #redis: Redis;
  readonly #keys: Keys;
  readonly #channels: ReadonlySet<Channel>;
  readonly #remembering: Remembering;
  readonly #shelf: Shelf;
  /** Why it is away; `undefined` while it answers. */
  #away: string | undefined = notYet;
  /** Connected, and not resting after a no. */
  #open = false;
  #woken = false;
  #calls = 0;
  #onTheWay = 0;
  #idle: (() => void)[] = [];

  /** `url`: `redis://`, `rediss://` or the path of a socket. Connects at once and for ever again, by itself. */
  constructor(url: string, settings: CacheSettings, clock: Clock, log: (happening: CacheHappening) => void) {
    this.#url = url;
    this.#settings = settings;
    this.#clock = clock;
    this.#log = log;
    this.#keys = new Keys(settings.prefix);
    this.#channels = new Set(settings.channels);
    this.#remembering = new Remembering(this.#keys, settings);
    this.#shelf = new Shelf(settings.recent, settings.mostKeys);
    this.#redis = new Redis(url, options);
    this.#redis.on('ready', () => this.#reopen());
    this.#redis.on('error', (error) => this.#fail(error));
    this.#redis.on('close', () => this.#fail(new Error('the connection is closed')));
  }

  take({ events, dataSource }: Batch): undefined {
    for (const event of events) if (this.#channels.has(event.kind)) this.#shelf.add(event, dataSource);
    this.#wake();
  }

  async flush(): Promise<void> {
    // What Redis cannot take now is kept, as well as it can be: waiting for it would end nowhere.
    if (this.#isIdle()) return;
    await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  health(): SinkHealth {
    const pending = this.#shelf.size + this.#onTheWay;
    if (this.#away === undefined) return { state: 'well', says: '', pending };
    const kept = `${pending} events wait, the newest ${this.#settings.recent || 1} of each symbol and channel`;
    const lost = this.#shelf.lost === 0 ? '' : `; ${this.#shelf.lost} of too many symbols are lost`;
    return {
      state: this.#shelf.lost === 0 ? 'ailing' : 'failing',
      says: `${shownAddress(this.#url)} does not answer: ${this.#away}; ${kept}${lost}`,
      pending,
    };
  }

  async latest(symbol: string, channels: readonly Channel[]): Promise<readonly ToldEvent[]> {
    const keys = channels.map((channel) => this.#keys.latest(channel, symbol));
    if (keys.length === 0) return [];
    const texts = await this.#ask(async () => await this.#redis.mget(keys));
    return texts.flatMap((text, index) => {
      const event = text === null ? undefined : this.#read(text, keys[index] ?? '');
      return event === undefined ? [] : [event];
    });
  }

  async recent(symbol: string, channel: Channel, limit = this.#settings.recent): Promise<readonly ToldEvent[]> {
    if (limit < 1) return [];
    const key = this.#keys.recent(channel, symbol);
    const texts = await this.#ask(async () => await this.#redis.zrange(key, -limit, '-1'));
    return texts.flatMap((text) => this.#read(text, key) ?? []);
  }

  async symbols(most: number): Promise<readonly string[]> {
    const names = await this.#ask(async () => await this.#redis.zrange(this.#keys.symbols, 0, String(most - 1), 'REV'));
    return names.toSorted();
  }

  async listen(wants: Wants, hear: (events: readonly ToldEvent[]) => void): Promise<AsyncDisposable> {
    // A connection that listens can do nothing else. It waits for Redis, and subscribes anew by itself.
    const connection = this.#redis.duplicate({
      enableOfflineQueue: true,
      maxRetriesPerRequest: null,
      commandTimeout: undefined,
      socketTimeout: undefined,
    });
    connection.on('error', (error) => this.#fail(error));
    connection.on('pmessage', (_, updates: string, text: string) => {
      const { events, why } = readEvents(text);
      if (why !== undefined) this.#log({ kind: 'cache-unreadable', key: updates, why });
      if (events.length > 0) tell(hear, events, this.#log);
    });
    const patterns = [...eachOf(wants)].map(([channel, symbol]) => this.#keys.updatesPattern(channel, symbol));
    if (patterns.length > 0) await connection.psubscribe(...patterns);
    return { [Symbol.asyncDispose]: async () => connection.disconnect() };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.flush();
    // That this connection ends is no mishap.
    this.#redis.removeAllListeners('close').disconnect();
  }

  /** What was taken in one turn goes together. */
  #wake(): void {
    if (this.#woken) return;
    this.#woken = true;
    void this.#sendSoon();
  }

  async #sendSoon(): Promise<void> {
    await this.#clock.turn();
    this.#woken = false;
    this.#send();
  }

  #send(): void {
    while (this.#open && this.#calls < mostCalls && this.#shelf.size > 0) {
      const groups = this.#shelf.take(mostEvents);
      void this.#call(groups);
    }
    if (!this.#isIdle()) return;
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  async #call(groups: readonly Group[]): Promise<void> {
    const count = groups.reduce((sum, { events }) => sum + events.length, 0);
    this.#calls++;
    this.#onTheWay += count;
    try {
      await this.#remember(groups);
      this.#answered();
    } catch (error) {
      this.#shelf.giveBack(groups);
      this.#refused(error);
    } finally {
      this.#calls--;
      this.#onTheWay -= count;
    }
    this.#send();
  }

  async #remember(groups: readonly Group[]): Promise<void> {
    const [keys, ...words] = this.#remembering.of(groups);
    try {
      await this.#redis.evalsha(rememberDigest, keys, ...words);
    } catch (error) {
      // Redis forgets scripts when it starts anew.
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
      await this.#redis.eval(rememberScript, keys, ...words);
    }
  }

  #reopen(): void {
    this.#open = true;
    if (this.#shelf.size === 0) this.#answered();
    this.#send();
  }

  #answered(): void {
    if (this.#away === undefined || !this.#open) return;
    const isFirst = this.#away === notYet;
    this.#away = undefined;
    if (!isFirst) this.#log({ kind: 'cache-back', kept: this.#shelf.size, leftOut: this.#shelf.leftOut });
  }

  /** A connection that fails comes back as `ready`; after any other no, one asks again later. */
  #refused(error: unknown): void {
    this.#fail(error instanceof Error ? error : new Error(String(error)));
    if (this.#redis.status !== 'ready') return;
    this.#clock.wake(this.#clock.now() + rest, () => {
      if (this.#redis.status === 'ready') this.#reopen();
    });
  }

  #fail(error: Error): void {
    this.#open = false;
    const why = withoutPassword(error.message || ('code' in error ? String(error.code) : error.name), this.#url);
    if (this.#away === undefined || this.#away === notYet) this.#log({ kind: 'cache-away', why });
    // That it is closed says less than why.
    if (this.#away === undefined || why !== 'the connection is closed') this.#away = why;
    this.#send();
  }

  /** Nothing is on its way, and nothing can be sent: all is there, or has to be kept. */
  #isIdle(): boolean {
    return (
      this.#calls === 0 &&
      !this.#woken &&
      (this.#shelf.size === 0 || !this.#open) &&
      !['connecting', 'connect'].includes(this.#redis.status)
    );
  }

  async #ask<Answer>(question: () => Promise<Answer>): Promise<Answer> {
    try {
      return await question();
    } catch (error) {
      const why = withoutPassword(error instanceof Error ? error.message : String(error), this.#url);
      throw new CacheAwayError(`${shownAddress(this.#url)} does not answer: ${this.#away ?? why}`, { cause: error });
    }
  }

  #read(text: string, key: string): ToldEvent | undefined {
    const { event, why } = readEvent(text);
    if (why !== undefined) this.#log({ kind: 'cache-unreadable', key, why });
    return event;
  }
}
