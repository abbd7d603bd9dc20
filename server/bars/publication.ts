import type { Nanos } from '../../market/event.ts';
import type { BarSchedule } from '../exchanges/exchange.ts';

/**
 * When a minute's bar of a symbol leaves: in one of a few bursts after the minute, which one depends on seed, symbol and minute alone. So
 * a replay, a seek or another speed always finds the same moment.
 */
export class Publication {
  readonly #offsets: readonly Nanos[];
  readonly #seed: number;

  constructor(schedule: BarSchedule['minute'], seed: number) {
    const { earliest, latest } = schedule;
    const slots = Math.max(1, schedule.slots);
    const gaps = BigInt(Math.max(1, slots - 1));
    this.#offsets = Array.from({ length: slots }, (_, slot) => earliest + ((latest - earliest) * BigInt(slot)) / gaps);
    this.#seed = Math.trunc(seed) | 0;
  }

  /** How long after the minute; `fingerprint` is the symbol's, `minute` counts from the epoch. */
  delay(fingerprint: number, minute: number): Nanos {
    let hash = Math.imul(fingerprint ^ this.#seed, 0x9e3779b1) ^ Math.imul(minute, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    hash = Math.imul(hash ^ (hash >>> 13), 0x297a2d39);
    return this.#offsets[((hash ^ (hash >>> 16)) >>> 0) % this.#offsets.length] ?? 0n;
  }
}

/** FNV-1a over a symbol's letters, computed once per symbol. */
export function fingerprintOf(symbol: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < symbol.length; i++) hash = Math.imul(hash ^ symbol.charCodeAt(i), 0x01000193);
  return hash;
}
