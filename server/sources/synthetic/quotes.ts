import type { Quote } from '../../../market/event.ts';
import { Chance } from '../../../market/chance.ts';
import type { Prices } from './course.ts';
import type { Instrument } from './instrument.ts';
import { Offsets } from './offsets.ts';
import { marketVenueOf, optionConditions } from './sale.ts';
import { sessionOf, toNanos, type Hours } from './trading-hours.ts';

const purpose = 2;
/** Share of the quotes whose both sides stand at one venue. */
const oneVenueShare = 0.6;
/** How long ago the side of a future's quote that did not change was set, in nanoseconds, at most. */
const oldestSide = 50_000_000;
const regular: readonly string[] = ['R'];
const none: readonly string[] = [];
const noIndicators: readonly number[] = [];

/** Makes the quotes of one symbol, a second at a time. */
export class Quotes {
  readonly #instrument: Instrument;
  readonly #course: Prices;
  readonly #chance = new Chance();
  readonly #offsets = new Offsets();

  constructor(instrument: Instrument, course: Prices) {
    this.#instrument = instrument;
    this.#course = course;
  }

  /** Adds `count` quotes of a second, oldest first. The course must stand at that second. */
  make(second: number, hours: Hours, count: number, add: (offset: number, quote: Quote) => void): void {
    if (count === 0) return;
    const { symbol, market, key, tape, stepsPerUnit, stride } = this.#instrument;
    const chance = this.#chance.reset(key, second, purpose);
    const offsets = this.#offsets.draw(count, chance);
    const base = toNanos(second);
    const first = 1 + (second - Math.min(hours.from, hours.open)) * stride;
    const isStock = market === 'stocks';
    const isFuture = market === 'futures';
    const session = isFuture ? sessionOf(hours) : undefined;
    for (let index = 0; index < count; index++) {
      const offset = offsets[index] ?? 0;
      const at = base + BigInt(offset);
      // Most venues stand at the best price, some a step or two behind it.
      const behind = chance.below(8);
      const bidExchange = marketVenueOf(market, chance, true);
      const askExchange = chance.next() < oneVenueShare ? bidExchange : marketVenueOf(market, chance, true);
      add(offset, {
        kind: 'quote',
        market,
        symbol,
        at,
        bidPrice: this.#course.bid(offset, behind & 1 & (behind >> 1)) / stepsPerUnit,
        bidSize: this.#depth(chance),
        bidExchange,
        askPrice: this.#course.ask(offset, behind > 5 ? 1 : 0) / stepsPerUnit,
        askSize: this.#depth(chance),
        askExchange,
        conditions: isStock ? regular : market === 'options' ? optionConditions.quote : none,
        indicators: noIndicators,
        tape,
        sequence: first + index,
        participantAt: isStock ? at - BigInt(12_000 + chance.below(300_000)) : undefined,
        trfAt: undefined,
        bidAt: isFuture ? at - BigInt(chance.below(oldestSide)) : undefined,
        askAt: isFuture ? at - BigInt(chance.below(oldestSide)) : undefined,
        receivedAt: undefined,
        reportSequence: isFuture ? first + index : undefined,
        session,
      });
    }
  }

  #depth(chance: Chance): number {
    const draw = chance.next();
    switch (this.#instrument.market) {
      case 'stocks':
        return 100 * (1 + Math.floor(20 * draw * draw * draw));
      case 'options':
        return 1 + Math.floor(100 * draw * draw);
      case 'futures':
        return 1 + Math.floor(60 * draw * draw);
      case 'indices':
        return 0;
      case 'crypto':
        return Math.max(1, Math.floor((60_000 / this.#instrument.price) * draw * draw * 1e4)) / 1e4;
      case 'forex':
        return 100_000 * (1 + Math.floor(50 * draw * draw));
    }
  }
}
