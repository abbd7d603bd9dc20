import { eventFields, jsonText } from './event-fields.ts';
import type { MarketEvent, Nanos } from './event.ts';
import { floorTo, second } from './nanos.ts';

/** Characters of a time in the JSON of an event: `2026-07-01T13:30:00.000000001Z`. As text it sorts as it does in time. */
export const timeLength = 30;

/**
 * Spells events as JSON that other programs read: market/event.ts with times in ISO 8601, nine decimals, UTC, and `dataSource`. `at` comes
 * first and is always as long, so that texts of events sort by time.
 */
export class EventJson {
  #second: Nanos = 0n;
  /** `2026-07-01T13:30:00.` */
  #shown = '1970-01-01T00:00:00.';
  readonly #spell = (at: Nanos): string => this.time(at);

  of(event: MarketEvent, dataSource: string): string {
    return (
      `{"at":"${this.time(event.at)}","kind":"${event.kind}","market":"${event.market}","symbol":${jsonText(event.symbol)}` +
      `,"dataSource":${jsonText(dataSource)}${eventFields(event, this.#spell)}}`
    );
  }

  /** Most events share their second with the one before, and a date takes long to spell. */
  time(at: Nanos): string {
    let within = Number(at - this.#second);
    if (within < 0 || within >= 1e9) {
      this.#second = floorTo(at, second);
      this.#shown = new Date(Number(this.#second / 1_000_000n)).toISOString().slice(0, 20);
      within = Number(at - this.#second);
    }
    return `${this.#shown}${String(within).padStart(9, '0')}Z`;
  }
}
