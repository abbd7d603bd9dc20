import { type Access, Latest, type RestRequest } from '../../exchange.ts';
import type { Trade, MarketEvent, Value } from '../../../../market/event.ts';
import type { Json } from './answers.ts';
import type { Sight } from './entitlement.ts';
import type { Contract } from './occ.ts';
import type { Overview } from './overview.ts';
import { timeframeOf } from './overview-parts.ts';
import { tickersOf } from './tickers.ts';
import { tellEvent } from './told.ts';

/** Shares of a contract, and how it is exercised: those of options on stocks (inferred; no tape tells). */
const shares = 100;
const style = 'american';

export function detailsOf({ type, expiration, strike }: Contract): Readonly<Record<string, Json>> {
  return {
    contract_type: type,
    exercise_style: style,
    expiration_date: expiration,
    shares_per_contract: shares,
    strike_price: strike,
  };
}

/** At which price of the underlying nothing is won or lost: the premium is the middle of the quote (official sample), else the last trade's. */
export function breakEvenOf({ type, strike }: Contract, { quote, trade }: Overview): number | undefined {
  const premium = quote === undefined ? trade?.event.price : (quote.event.bidPrice + quote.event.askPrice) / 2;
  if (premium === undefined) return undefined;
  return Math.round((type === 'call' ? strike + premium : strike - premium) * 1e6) / 1e6;
}

/** What the option is on: its price, or value, where the tapes have it. */
export async function underlyingFields(
  { underlying }: Contract,
  breakEven: number | undefined,
  sight: Sight,
  access: Access,
  { signal }: Pick<RestRequest, 'signal'>,
): Promise<Json> {
  const tickers = tickersOf(access.history);
  const known = tickers.get(underlying) ?? tickers.get(`I:${underlying}`);
  if (known === undefined) return { ticker: underlying };
  const { market, symbol, ticker } = known;
  const latest = new Latest(access.history, market, symbol, sight.lag, signal);
  const last = await latest.newest(market === 'indices' ? 'value' : 'trade', isPriced);
  if (last === undefined) return { ticker };
  tellEvent(last, access);
  const { event, shift } = last;
  const price = event.kind === 'trade' ? event.price : event.value;
  return {
    change_to_break_even: breakEven === undefined ? undefined : Math.round((breakEven - price) * 1e6) / 1e6,
    last_updated: event.at + shift,
    price: event.kind === 'trade' ? price : undefined,
    ticker,
    timeframe: timeframeOf(sight),
    value: event.kind === 'value' ? price : undefined,
  };
}

const isPriced = (event: MarketEvent): event is Trade | Value => event.kind === 'trade' || event.kind === 'value';
