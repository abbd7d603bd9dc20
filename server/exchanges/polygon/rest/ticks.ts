import type { Quote, Trade } from '../../../../market/event.ts';
import { conditionId, quoteConditionId } from '../codes.ts';
import { ByteWriter, snippet } from '../../exchange.ts';
import { decimal } from '../json-fields.ts';
import type { PolygonOptions } from '../options.ts';
import type { Place } from './markets.ts';

/** Ids of a trade's conditions; of coins they say who took liquidity: 1 = the seller, 2 = the buyer (sheet §5). */
export function conditionsOf({ market, conditions, tape, taker }: Trade): readonly number[] {
  if (market === 'crypto') return taker === undefined ? [] : [taker === 'sell' ? 1 : 2];
  return conditions.map((code) => conditionId(market, code, tape)).filter((id) => id !== undefined);
}

export function quoteConditionsOf({ conditions, tape }: Quote): readonly number[] {
  return conditions.map((code) => quoteConditionId(code, tape)).filter((id) => id !== undefined);
}

/** How many shares one unit of a quote's sizes is. */
export function lotOf(market: Place, { quoteSizes }: Pick<PolygonOptions, 'quoteSizes'>): number {
  return market === 'stocks' && quoteSizes === 'round-lots' ? 100 : 1;
}

/** A decimal amount as text, as the streams have it: `120.0`, `0.25`. */
export function decimalText(value: number): string {
  const out = new ByteWriter(32);
  decimal(none, value, out);
  return out.bytes.toString('latin1', 1, out.length - 1);
}
const none = snippet('');
