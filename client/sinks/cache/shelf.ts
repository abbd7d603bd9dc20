import type { Channel, MarketEvent } from '../../../market/event.ts';

/** An event and who said so. */
export interface Heard {
  readonly event: MarketEvent;
  readonly dataSource: string;
}

/** Events of one symbol and channel, oldest first; of equal times the one heard last comes last. */
export interface Group {
  readonly channel: Channel;
  readonly symbol: string;
  readonly events: Heard[];
  /** False while something came late. */
  sorted: boolean;
}

/**
 * Events that wait, the newest of each symbol and channel. Both are bounded: of a key the older events are left out, and of the keys the one
 * that has waited longest.
 */
export class Shelf {
  readonly #most: number;
  readonly #mostKeys: number;
  readonly #groups = new Map<Channel, Map<string, Group>>();
  /** In the order in which they began to wait. */
  readonly #waiting = new Set<Group>();
  #events = 0;
  #leftOut = 0;
  #lost = 0;

  /** `most`: events of a key. */
  constructor(most: number, mostKeys: number) {
    this.#most = Math.max(1, most);
    this.#mostKeys = mostKeys;
  }

  /** Events that wait. */
  get size(): number {
    return this.#events;
  }

  /** Events that were left out for newer ones of their key. */
  get leftOut(): number {
    return this.#leftOut;
  }

  /** Events that were lost with their keys. */
  get lost(): number {
    return this.#lost;
  }

  add(event: MarketEvent, dataSource: string): void {
    const group = this.#groupOf(event.kind, event.symbol);
    const last = group.events.at(-1);
    if (last !== undefined && last.event.at > event.at) group.sorted = false;
    group.events.push({ event, dataSource });
    this.#events++;
    // Twice as many, so that the older half goes at once and not one by one.
    if (group.events.length >= 2 * this.#most) this.#trim(group);
  }

  /** Takes whole groups away, until they hold so many events or there are no more. Those that waited longest come first. */
  take(enough: number): Group[] {
    const taken: Group[] = [];
    let events = 0;
    for (const group of this.#waiting) {
      if (events >= enough) break;
      this.#trim(group);
      events += group.events.length;
      this.#remove(group);
      taken.push(group);
    }
    return taken;
  }

  /** Takes back what could not be brought away. What came meanwhile is newer as a rule, and stays behind it. */
  giveBack(groups: readonly Group[]): void {
    for (const { channel, symbol, events } of groups) {
      const group = this.#groupOf(channel, symbol);
      if (group.events.length > 0) group.sorted = false;
      group.events.unshift(...events);
      this.#events += events.length;
      this.#trim(group);
    }
  }

  #groupOf(channel: Channel, symbol: string): Group {
    let ofChannel = this.#groups.get(channel);
    if (ofChannel === undefined) this.#groups.set(channel, (ofChannel = new Map()));
    const held = ofChannel.get(symbol);
    if (held !== undefined) return held;
    const [longest] = this.#waiting;
    if (longest !== undefined && this.#waiting.size >= this.#mostKeys) {
      this.#remove(longest);
      this.#lost += longest.events.length;
    }
    const group: Group = { channel, symbol, events: [], sorted: true };
    ofChannel.set(symbol, group);
    this.#waiting.add(group);
    return group;
  }

  #remove(group: Group): void {
    this.#groups.get(group.channel)?.delete(group.symbol);
    this.#waiting.delete(group);
    this.#events -= group.events.length;
  }

  #trim(group: Group): void {
    if (!group.sorted)
      group.events.sort((one, other) => (one.event.at < other.event.at ? -1 : one.event.at > other.event.at ? 1 : 0));
    group.sorted = true;
    const over = group.events.length - this.#most;
    if (over <= 0) return;
    group.events.splice(0, over);
    this.#events -= over;
    this.#leftOut += over;
  }
}
