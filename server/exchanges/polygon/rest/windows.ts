import { dayNumber, monthOf, yearOf } from '../../../../market/civil-date.ts';
import type { Market, Nanos } from '../../../../market/event.ts';
import { day, hour, minute, second } from '../../../../market/nanos.ts';
import type { Cut } from '../../exchange.ts';
import { zones } from './markets.ts';

export const timespans = ['second', 'minute', 'hour', 'day', 'week', 'month', 'quarter', 'year'] as const;
export type Timespan = (typeof timespans)[number];

/** A length of time by which aggregates are counted: the number of the one that holds an instant, and where that begins. */
interface Unit {
  count(at: Nanos): bigint;
  begin(count: bigint): Nanos;
}

/** 1970-01-01 was a Thursday, and weeks begin on Sunday (vendor's knowledge base, "hourly bars"). */
const daysIntoWeek = 4n;

/**
 * The stretches of time that aggregates cover: `multiplier` timespans each, the first one beginning with the timespan that holds `from`
 * (the vendor "snaps" `from` to the start of its timespan; that longer stretches are counted from there is inferred from its advice to
 * ask for 330 minutes from 04:00 to get all of the early hours in one). Days and longer follow the wall of the market.
 */
export class Windows implements Cut {
  readonly #unit: Unit;
  readonly #multiplier: bigint;
  readonly #first: bigint;

  constructor(timespan: Timespan, multiplier: number, market: Market, from: Nanos) {
    this.#unit = unitOf(timespan, market);
    this.#multiplier = BigInt(multiplier);
    this.#first = this.#unit.count(from);
  }

  /** First instant of the stretch that holds this one. */
  start(at: Nanos): Nanos {
    return this.#unit.begin(
      this.#first + floorDiv(this.#unit.count(at) - this.#first, this.#multiplier) * this.#multiplier,
    );
  }

  /** First instant after the stretch that holds this one. */
  end(at: Nanos): Nanos {
    return this.#unit.begin(this.#unit.count(this.start(at)) + this.#multiplier);
  }
}

function unitOf(timespan: Timespan, market: Market): Unit {
  switch (timespan) {
    case 'second':
      return steps(second);
    case 'minute':
      return steps(minute);
    case 'hour':
      return steps(hour);
    case 'day':
      return days(
        market,
        (date) => date,
        (count) => count,
      );
    case 'week':
      return days(
        market,
        (date) => floorDiv(date + daysIntoWeek, 7n),
        (count) => count * 7n - daysIntoWeek,
      );
    case 'month':
      return months(market, 1n);
    case 'quarter':
      return months(market, 3n);
    case 'year':
      return months(market, 12n);
  }
}

function steps(width: Nanos): Unit {
  return { count: (at) => floorDiv(at, width), begin: (count) => count * width };
}

/** Windows end no later: no tape goes so far, and a million years further no date has a number. */
const lastYear = 9999;

/** Units made of whole days, numbered since 1970-01-01. */
function days(market: Market, count: (date: bigint) => bigint, firstDay: (count: bigint) => bigint): Unit {
  const zone = zones[market];
  return {
    count: (at) => count(BigInt(zone.dayNumber(at))),
    begin: (number) => zone.instant(firstDay(number) * day),
  };
}

function months(market: Market, length: bigint): Unit {
  return days(
    market,
    (date) => floorDiv(BigInt(yearOf(Number(date)) * 12 + monthOf(Number(date)) - 1), length),
    (count) => {
      const month = count * length;
      return BigInt(dayNumber(Math.min(Number(month / 12n), lastYear), Number(month % 12n) + 1, 1));
    },
  );
}

/** Division that rounds towards the past, also before 1970. */
function floorDiv(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  return value < 0n && quotient * by !== value ? quotient - 1n : quotient;
}
