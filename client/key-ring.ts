import { createHash } from 'node:crypto';
import type { Nanos } from '../market/event.ts';
import { delayAfter } from './backoff.ts';
import type { Key } from './feeds/feed.ts';
import type { KeyRingSettings } from './key-ring-settings.ts';

/** What is known of a key besides itself. A ring is a value: every change makes another. */
export interface KeyRecord {
  /** What logs call it. */
  readonly label: string;
  readonly usedAt: Nanos | undefined;
  /** Times that it was used. */
  readonly uses: number;
  /** Not to be used before; what it has done wrong says `why`. */
  readonly restsUntil: Nanos;
  readonly why: Offence | undefined;
  /** Times in a row that a vendor refused it, and that it found no room. */
  readonly refusals: number;
  readonly crowded: number;
}
export type KeyRing = readonly KeyRecord[];

/** What a vendor holds against a key: that it is wrong, or that too much is done with it. */
export type Offence = 'refused' | 'crowded';

/** How logs, errors and health name a key: enough to tell keys apart, and nothing to log in with. */
export function labelOf({ id }: Key): string {
  return `key-${createHash('sha256').update(id).digest('hex').slice(0, 8)}`;
}

/** Throws a RangeError when there is no key: a vendor that needs none takes one whose id is empty. */
export function ringOf(keys: readonly Key[]): KeyRing {
  if (keys.length === 0) throw new RangeError('no key to log in with; give at least one');
  return keys.map((key) => ({
    label: labelOf(key),
    usedAt: undefined,
    uses: 0,
    restsUntil: 0n,
    why: undefined,
    refusals: 0,
    crowded: 0,
  }));
}

export interface Choice {
  readonly key: number;
  /** When it may be used: now or later, as all others would be later still. */
  readonly at: Nanos;
}

/** Which key is next: the one that may be used first, and of those that may be used by then the one that has waited longest. */
export function nextKey(ring: KeyRing, now: Nanos, { apart }: KeyRingSettings): Choice {
  const choices = ring.map(({ restsUntil, usedAt }, key) => {
    const free = usedAt === undefined ? now : usedAt + apart;
    return { key, usedAt: usedAt ?? -1n, at: [now, restsUntil, free].reduce((last, at) => (at > last ? at : last)) };
  });
  const best = choices.reduce((one, other) =>
    other.at < one.at || (other.at === one.at && other.usedAt < one.usedAt) ? other : one,
  );
  return { key: best.key, at: best.at };
}

export const used = (ring: KeyRing, key: number, at: Nanos): KeyRing =>
  changed(ring, key, { usedAt: at, uses: (ring[key]?.uses ?? 0) + 1 });

/** It logged in: what was held against the key itself is forgotten. */
export const accepted = (ring: KeyRing, key: number): KeyRing =>
  changed(ring, key, { refusals: 0, why: undefined, restsUntil: 0n });

/** Its connection has been of use for a while: there is room for it. */
export const settled = (ring: KeyRing, key: number): KeyRing => changed(ring, key, { refusals: 0, crowded: 0 });

/** The key rests: as long as the vendor tells, or longer each time it offends. A key refused often enough is bad, and rests long. */
export function offended(
  ring: KeyRing,
  key: number,
  why: Offence,
  { now, draw, told }: { readonly now: Nanos; readonly draw: number; readonly told?: Nanos | undefined },
  settings: KeyRingSettings,
): KeyRing {
  const before = ring[key];
  if (before === undefined) return ring;
  if (why === 'crowded') {
    const { crowded } = before;
    const rest = told ?? delayAfter(crowded, draw, settings.crowded);
    return changed(ring, key, { why, crowded: crowded + 1, restsUntil: now + rest });
  }
  const refusals = before.refusals + 1;
  const rest =
    refusals >= settings.badAfter ? settings.badRest : delayAfter(refusals - 1, draw, settings.refused, told);
  return changed(ring, key, { why, refusals, restsUntil: now + rest });
}

export const isBad = ({ refusals }: KeyRecord, { badAfter }: KeyRingSettings): boolean => refusals >= badAfter;

function changed(ring: KeyRing, key: number, change: Partial<KeyRecord>): KeyRing {
  return ring.map((record, index) => (index === key ? { ...record, ...change } : record));
}
