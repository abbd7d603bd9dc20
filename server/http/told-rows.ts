import type { Nanos } from '../../market/event.ts';
import type { Scribe } from '../exchanges/rest.ts';
import type { Covered } from '../journal-entry.ts';

/** Takes down the rows of one answer, those that follow each other as one stretch of the wire's time line. */
export class ToldRows {
  readonly #stretches: Covered[] = [];
  /** Where in the list the last stretch of a symbol's channel is. */
  readonly #last = new Map<string, number>();
  /** Every instant by itself, for a history with holes: a stretch would cover them. */
  apart = false;

  get covers(): readonly Covered[] {
    return this.#stretches;
  }

  readonly scribe: Scribe = ({ market, symbol }, channel, at, alone = false) => {
    const name = `${market} ${channel} ${symbol}`;
    const place = this.#last.get(name);
    const last = place === undefined ? undefined : this.#stretches[place];
    const sameInstant = last?.from === at && last.to === at;
    if (place !== undefined && last !== undefined && (sameInstant || !(alone || this.apart))) {
      this.#stretches[place] = widened(last, at);
      return;
    }
    this.#last.set(name, this.#stretches.length);
    this.#stretches.push({ market, symbol, channel, from: at, to: at, rows: 1 });
  };
}

function widened({ from, to, rows, ...of }: Covered, at: Nanos): Covered {
  return { ...of, from: at < from ? at : from, to: at > to ? at : to, rows: rows + 1 };
}
