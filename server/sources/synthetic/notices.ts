import type { Imbalance, Luld, MarketEvent, Status, Trade } from '../../../market/event.ts';
import { haltOf } from './activity.ts';
import { mix, uniform } from '../../../market/chance.ts';
import type { Prices } from './course.ts';
import type { Instrument } from './instrument.ts';
import { toNanos, type Hours } from './trading-hours.ts';

/** Price bands come once a minute, imbalances every ten seconds of the last ten minutes. */
const bandEvery = 60;
const bandWidth = 0.05;
const imbalanceEvery = 10;
const imbalanceSeconds = 600;

type Said = readonly [code: string, message: string, reasonCode: string, reasonMessage: string];
/** The codes of the tapes' own plans (protocol sheet of Alpaca §5.3): one set for tapes A and B, one for C. */
const statuses = {
  CTA: {
    trading: ['3', 'Resume', '', ''],
    halted: ['2', 'Trading Halt', 'M', 'Volatility Trading Pause'],
    resumed: ['3', 'Resume', 'M', 'Volatility Trading Pause'],
  },
  UTP: {
    trading: ['T', 'Trading Resumption', '', ''],
    halted: ['P', 'Volatility Trading Pause', 'LUDP', 'Volatility Trading Pause'],
    resumed: ['T', 'Trading Resumption', 'LUDP', 'Volatility Trading Pause'],
  },
} as const satisfies Record<string, Record<string, Said>>;

type Add = (offset: number, event: MarketEvent) => void;

/** Makes what a stock's market says besides trades and quotes: statuses, price bands and imbalances. */
export function makeNotices(instrument: Instrument, course: Prices, second: number, hours: Hours, add: Add): void {
  if (instrument.market !== 'stocks') return;
  const { open, close } = hours;
  const key = instrument.key % bandEvery;
  const plan = instrument.tape === 'C' ? statuses.UTP : statuses.CTA;
  // Every listed stock is declared trading at the start of the day.
  if (second === open) add(0, status(instrument, second, plan.trading));
  const halt = haltOf(instrument, hours);
  if (second === halt?.from) add(0, status(instrument, second, plan.halted));
  if (second === halt?.to) add(0, status(instrument, second, plan.resumed));
  if (second < open || second >= close) return;
  if (second === open || (second - open) % bandEvery === key) add(key, band(instrument, course, second, key));
  if (close - second <= imbalanceSeconds && (close - second) % imbalanceEvery === key % imbalanceEvery) {
    add(key, imbalance(instrument, course, second, key));
  }
}

/**
 * Makes the corrections and cancels of trades that were printed some seconds earlier. Which trades were wrong is drawn
 * from their own second, so that it does not matter where reading began.
 */
export function makeAmendments(instrument: Instrument, second: number, trades: readonly Trade[], add: Add): void {
  const { market, symbol, key, tape, corrections, stepsPerUnit } = instrument;
  const at = toNanos(second);
  for (const { id, price, size, conditions, exchange, sequence = 0 } of trades) {
    const draw = mix(mix(key, 3), sequence);
    if (uniform(draw) >= corrections) continue;
    const offset = mix(draw, 1) % 1_000_000_000;
    const happening = { market, symbol, at: at + BigInt(offset) };
    if (draw % 2 === 0) {
      add(offset, {
        kind: 'cancel',
        ...happening,
        id,
        price,
        size,
        exchange,
        action: draw % 4 === 0 ? 'C' : 'E',
        tape,
      });
      continue;
    }
    const corrected = {
      id: `9${id.padStart(12, '0')}`,
      price: Math.max(1, Math.round(price * stepsPerUnit) + (draw % 8 < 4 ? 1 : -1)) / stepsPerUnit,
      size,
      conditions,
    };
    const original = { id, price, size, conditions };
    add(offset, { kind: 'correction', ...happening, exchange, original, corrected, tape });
  }
}

/** How many seconds after a trade its correction comes; the same for all trades of a symbol. */
export const amendmentDelay = ({ key }: Instrument): number => 3 + (key % 13);

function status({ market, symbol, tape }: Instrument, second: number, said: Said): Status {
  const [code, message, reasonCode, reasonMessage] = said;
  return { kind: 'status', market, symbol, at: toNanos(second), code, message, reasonCode, reasonMessage, tape };
}

function band(
  { market, symbol, stepsPerUnit, tape }: Instrument,
  course: Prices,
  second: number,
  offset: number,
): Luld {
  const middle = course.middle(offset);
  return {
    kind: 'luld',
    market,
    symbol,
    at: toNanos(second) + BigInt(offset),
    up: Math.round(middle * (1 + bandWidth)) / stepsPerUnit,
    down: Math.max(1, Math.round(middle * (1 - bandWidth))) / stepsPerUnit,
    indicator: 'B',
    tape,
    indicators: undefined,
    sequence: undefined,
  };
}

function imbalance(instrument: Instrument, course: Prices, second: number, offset: number): Imbalance {
  const { market, symbol, key, tape, stepsPerUnit } = instrument;
  const draw = mix(mix(key, 4), second);
  return {
    kind: 'imbalance',
    market,
    symbol,
    at: toNanos(second) + BigInt(offset),
    price: Math.max(1, Math.round(course.middle(offset))) / stepsPerUnit,
    pairedShares: 100 * (1000 + (draw % 9000)),
    imbalanceShares: 100 * (mix(draw, 1) % 2000),
    side: draw % 2 === 0 ? 'B' : 'S',
    auction: 'C',
    tape,
    auctionTime: undefined,
    exchange: undefined,
    sequence: undefined,
  };
}
