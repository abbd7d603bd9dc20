import type { Nanos, Trade } from '../../../market/event.ts';
import { auctionAt, closingPrints, openingPrints } from './activity.ts';
import { Chance } from '../../../market/chance.ts';
import type { Prices } from './course.ts';
import type { Instrument } from './instrument.ts';
import { Offsets } from './offsets.ts';
import {
  auctionConditions,
  conditionsOf,
  offExchange,
  primaryVenue,
  sale,
  sizeOf,
  marketVenueOf,
  optionConditions,
} from './sale.ts';
import { sessionOf, toNanos, type Hours } from './trading-hours.ts';

const purpose = 1;
/** Prints reported long after they happened, which change a minute already published. */
const lateShare = 1 / 2000;
const sweepShare = 0.25;
/** Share of the prints within a cluster that repeat price, size and venue: they look equal and are distinct. */
const repeatShare = 0.5;
/** FINRA's three facilities carry these numbers on the vendors' tapes. */
const firstFacility = 201;

/** Makes the trades of one symbol, a second at a time. */
export class Trades {
  readonly #instrument: Instrument;
  readonly #course: Prices;
  readonly #chance = new Chance();
  readonly #offsets = new Offsets();

  constructor(instrument: Instrument, course: Prices) {
    this.#instrument = instrument;
    this.#course = course;
  }

  /** Adds `count` trades of a second, oldest first. The course must stand at that second. */
  make(second: number, hours: Hours, count: number, add: (offset: number, trade: Trade) => void): void {
    if (count === 0) return;
    const chance = this.#chance.reset(this.#instrument.key, second, purpose);
    const offsets = this.#offsets.draw(count, chance);
    const base = toNanos(second);
    const first = 1 + (second - Math.min(hours.from, hours.open)) * this.#instrument.stride;
    const auction = auctionAt(this.#instrument, hours, second);
    const prints = auction === 'open' ? openingPrints : auction === 'close' ? closingPrints : 0;
    let previous: Trade | undefined;
    let previousOffset = -1;
    // The cross and the official price are one event told twice, so they share the first moment.
    if (prints > 1) offsets[1] = offsets[0] ?? 0;
    for (let index = 0; index < count; index++) {
      const offset = offsets[index] ?? 0;
      const at = base + BigInt(offset);
      const trade =
        auction !== undefined && index < prints
          ? this.#auctionPrint(at, first + index, auction, index, previous)
          : previous !== undefined && offset === previousOffset && chance.next() < repeatShare
            ? this.#repeated(previous, first + index)
            : this.#trade(at, offset, first + index, second, hours);
      add(offset, trade);
      // An auction's prints are not repeated: there is one opening.
      previous = index + 1 < prints || index >= prints ? trade : undefined;
      previousOffset = offset;
    }
  }

  #trade(at: Nanos, offset: number, sequence: number, second: number, hours: Hours): Trade {
    const { open, close } = hours;
    const chance = this.#chance;
    const instrument = this.#instrument;
    const { symbol, market, tape, stepsPerUnit } = instrument;
    const side = chance.next();
    const buys = side < 0.5;
    const steps = buys ? this.#course.ask(offset, 0) : this.#course.bid(offset, 0);
    const size = sizeOf(instrument, chance);
    const isStock = market === 'stocks';
    const exchange = marketVenueOf(market, chance, false);
    const reported = isStock && exchange === offExchange;
    const regular = second >= open && second < close;
    const late = isStock && regular && second >= open + 90 && chance.next() < lateShare;
    const bits =
      (!reported && side * 2 - Math.floor(side * 2) < sweepShare ? sale.sweep : 0) |
      (regular ? 0 : sale.extended) |
      (size < 100 ? sale.odd : 0) |
      (late ? sale.late : 0);
    const delay = late
      ? 15_000_000_000 + chance.below(30_000_000_000)
      : (reported ? 400_000 : 15_000) + chance.below(400_000);
    return {
      kind: 'trade',
      market,
      symbol,
      at,
      id: this.#id(sequence),
      price: steps / stepsPerUnit,
      size,
      exchange,
      conditions: market === 'options' ? optionConditions.trade : conditionsOf(tape, bits),
      tape,
      sequence,
      participantAt: isStock ? at - BigInt(delay) : undefined,
      trfId: reported ? firstFacility + (sequence % 3) : undefined,
      trfAt: reported ? at - BigInt(delay % 10_000) - 1_000n : undefined,
      taker: market === 'crypto' ? (buys ? 'buy' : 'sell') : undefined,
      receivedAt: undefined,
      correction: undefined,
      reportSequence: market === 'futures' ? sequence : undefined,
      session: market === 'futures' ? sessionOf(hours) : undefined,
    };
  }

  #repeated(trade: Trade, sequence: number): Trade {
    const reportSequence = trade.reportSequence === undefined ? undefined : sequence;
    return { ...trade, id: this.#id(sequence), sequence, reportSequence };
  }

  #auctionPrint(
    at: Nanos,
    sequence: number,
    auction: 'open' | 'close',
    index: number,
    cross: Trade | undefined,
  ): Trade {
    const { symbol, market, tape, stepsPerUnit, tradeRate } = this.#instrument;
    const lists = tape === 'C' ? auctionConditions.C : auctionConditions.CTA;
    const size =
      100 * Math.ceil((10 + 40 * this.#chance.next()) * Math.max(1, tradeRate) * (auction === 'close' ? 4 : 1));
    return {
      kind: 'trade',
      market,
      symbol,
      at,
      id: this.#id(sequence),
      price: cross?.price ?? Math.max(1, Math.round(this.#course.middle(0))) / stepsPerUnit,
      size: cross?.size ?? size,
      exchange: primaryVenue(tape),
      conditions: lists[auction][index] ?? [],
      tape,
      sequence,
      participantAt: at - BigInt(20_000 + this.#chance.below(100_000)),
      trfId: undefined,
      trfAt: undefined,
      taker: undefined,
      receivedAt: undefined,
      correction: undefined,
      reportSequence: undefined,
      session: undefined,
    };
  }

  /** Crypto ids pass 2^53, as they do at Alpaca; stock ids start anew every day. Both grow. */
  #id(sequence: number): string {
    return this.#instrument.market === 'crypto' ? `46${String(sequence).padStart(17, '0')}` : String(sequence);
  }
}
