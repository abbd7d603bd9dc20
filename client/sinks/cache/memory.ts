import type { Clock } from '../../../market/clock.ts';
import type { Channel, MarketEvent, Nanos } from '../../../market/event.ts';
import { EventJson } from '../../../market/event-json.ts';
import type { Batch, SinkHealth, Wants } from '../sink.ts';
import { type Cache, type CacheHappening, tell } from './cache.ts';
import type { CacheSettings } from './settings.ts';
import { type Heard, Shelf } from './shelf.ts';
import { toldEvent, type ToldEvent } from './told-event.ts';

/** What is kept of one symbol and channel. */
interface Kept {
  latest: Heard;
  latestUntil: Nanos;
  /** Oldest first. */
  readonly recent: Heard[];
  recentUntil: Nanos;
}

interface Ear {
  readonly wants: Wants;
  readonly hear: (events: readonly ToldEvent[]) => void;
}

/** A cache in this process, for one that needs no Redis. It tells the same in the same form. */
export class MemoryCache implements Cache {
  readonly name = 'memory';
  readonly #settings: CacheSettings;
  readonly #clock: Clock;
  readonly #log: (happening: CacheHappening) => void;
  readonly #channels: ReadonlySet<Channel>;
  readonly #json = new EventJson();
  /** What was touched last comes last. */
  readonly #kept = new Map<string, Kept>();
  readonly #ears = new Set<Ear>();
  /** What is new, for those who listen. */
  readonly #news: Shelf;
  #telling: Promise<void> | undefined;

  constructor(settings: CacheSettings, clock: Clock, log: (happening: CacheHappening) => void) {
    this.#settings = settings;
    this.#clock = clock;
    this.#log = log;
    this.#channels = new Set(settings.channels);
    this.#news = new Shelf(settings.recent, settings.mostKeys);
  }

  take({ events, dataSource }: Batch): undefined {
    const now = this.#clock.now();
    const isHeard = this.#settings.publish && this.#ears.size > 0;
    for (const event of events) {
      if (!this.#channels.has(event.kind)) continue;
      this.#keep({ event, dataSource }, now);
      if (isHeard) this.#news.add(event, dataSource);
    }
    this.#forget(now);
    if (this.#news.size > 0) this.#telling ??= this.#tellSoon();
  }

  async flush(): Promise<void> {
    await this.#telling;
  }

  health(): SinkHealth {
    return { state: 'well', says: '', pending: this.#news.size };
  }

  async latest(symbol: string, channels: readonly Channel[]): Promise<readonly ToldEvent[]> {
    const now = this.#clock.now();
    return channels.flatMap((channel) => {
      const kept = this.#kept.get(keyOf(channel, symbol));
      return kept === undefined || kept.latestUntil <= now ? [] : [this.#told(kept.latest)];
    });
  }

  async recent(symbol: string, channel: Channel, limit = this.#settings.recent): Promise<readonly ToldEvent[]> {
    const kept = this.#kept.get(keyOf(channel, symbol));
    if (kept === undefined || kept.recentUntil <= this.#clock.now() || limit < 1) return [];
    return kept.recent.slice(-limit).map((heard) => this.#told(heard));
  }

  async symbols(most: number): Promise<readonly string[]> {
    const now = this.#clock.now();
    const newest = new Map<string, Nanos>();
    for (const { latest, latestUntil } of this.#kept.values()) {
      const { symbol, at } = latest.event;
      if (latestUntil > now && at >= (newest.get(symbol) ?? at)) newest.set(symbol, at);
    }
    const inTime = [...newest].sort(([, one], [, other]) => (one < other ? 1 : one > other ? -1 : 0));
    return inTime
      .slice(0, most)
      .map(([symbol]) => symbol)
      .sort();
  }

  async listen(wants: Wants, hear: (events: readonly ToldEvent[]) => void): Promise<AsyncDisposable> {
    const ear = { wants, hear };
    this.#ears.add(ear);
    return { [Symbol.asyncDispose]: async () => void this.#ears.delete(ear) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.flush();
    this.#ears.clear();
    this.#kept.clear();
  }

  #keep(heard: Heard, now: Nanos): void {
    const { event } = heard;
    const { latestFor, recentFor, recent: most } = this.#settings;
    const key = keyOf(event.kind, event.symbol);
    let kept = this.#kept.get(key);
    if (kept === undefined) kept = { latest: heard, latestUntil: now + latestFor, recent: [], recentUntil: 0n };
    else this.#kept.delete(key);
    this.#kept.set(key, kept);
    if (event.at >= kept.latest.event.at || kept.latestUntil <= now) {
      kept.latest = heard;
      kept.latestUntil = now + latestFor;
    }
    if (kept.recentUntil <= now) kept.recent.length = 0;
    kept.recentUntil = now + recentFor;
    this.#insert(kept.recent, heard);
    if (kept.recent.length > most) kept.recent.shift();
  }

  /** Sorted by time; an event that is there already is not put there again. */
  #insert(recent: Heard[], heard: Heard): void {
    let place = recent.length;
    for (; place > 0; place--) {
      const other = recent[place - 1];
      if (other === undefined || other.event.at < heard.event.at) break;
      if (other.event.at === heard.event.at && this.#text(other) === this.#text(heard)) return;
    }
    // Behind those of the same time.
    while (recent[place]?.event.at === heard.event.at) place++;
    recent.splice(place, 0, heard);
  }

  /** Drops what nobody would be told, and what is too much; both stand first. */
  #forget(now: Nanos): void {
    for (const [key, { latestUntil, recentUntil }] of this.#kept) {
      const isOver = latestUntil <= now && recentUntil <= now;
      if (!isOver && this.#kept.size <= this.#settings.mostKeys) return;
      this.#kept.delete(key);
    }
  }

  async #tellSoon(): Promise<void> {
    await this.#clock.turn();
    this.#telling = undefined;
    for (const { channel, symbol, events } of this.#news.take(Infinity)) {
      const ears = [...this.#ears].filter(({ wants }) => isWanted(wants, channel, symbol));
      if (ears.length === 0) continue;
      const told = events.map((heard) => this.#told(heard));
      for (const { hear } of ears) tell(hear, told, this.#log);
    }
  }

  #text({ event, dataSource }: Heard): string {
    return this.#json.of(event, dataSource);
  }

  #told(heard: Heard): ToldEvent {
    return toldEvent.parse(JSON.parse(this.#text(heard)));
  }
}

const keyOf = (channel: MarketEvent['kind'], symbol: string): string => `${channel}:${symbol}`;

function isWanted(wants: Wants, channel: Channel, symbol: string): boolean {
  const symbols = wants.get(channel);
  return symbols !== undefined && (symbols.has('*') || symbols.has(symbol));
}
