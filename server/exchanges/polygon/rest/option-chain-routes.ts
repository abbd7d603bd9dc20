import { z } from 'zod';
import { type Access, parameter, type RestRequest } from '../../exchange.ts';
import { type Json, notFound, plain, type Tell, type Told } from './answers.ts';
import { breakEvenOf, detailsOf, underlyingFields } from './contract-parts.ts';
import { cursorOf, nextUrl } from './cursor.ts';
import type { Entitlement, Sight } from './entitlement.ts';
import { type Contract, contractOf } from './occ.ts';
import { overviewOf, tellOverview } from './overview.ts';
import { changeOf, fairValueFields, type Options, priceOf, quoteFields, tradeFields } from './overview-parts.ts';
import { choice, date, limit, read } from './parameters.ts';
import { type Instrument, tickersOf } from './tickers.ts';

const strike = (name: string) =>
  parameter(
    (text) => (/^\d+(\.\d+)?$/.test(text) ? Number(text) : undefined),
    (text) => `Invalid '${name}': '${text}', expected a price`,
  ).optional();
const expiration = date.optional();
const shape = z.object({
  underlying: z.string(),
  strike_price: strike('strike_price'),
  'strike_price.gte': strike('strike_price.gte'),
  'strike_price.gt': strike('strike_price.gt'),
  'strike_price.lte': strike('strike_price.lte'),
  'strike_price.lt': strike('strike_price.lt'),
  expiration_date: expiration,
  'expiration_date.gte': expiration,
  'expiration_date.gt': expiration,
  'expiration_date.lte': expiration,
  'expiration_date.lt': expiration,
  contract_type: choice('contract_type', ['call', 'put']).optional(),
  order: choice('order', ['asc', 'desc']).prefault('asc'),
  limit: limit(10, 250, 'refused'),
  sort: choice('sort', ['ticker', 'expiration_date', 'strike_price']).prefault('ticker'),
  /** In cursors: how many contracts have been told. */
  ap: parameter(
    (text) => (/^\d{1,9}$/.test(text) ? Number(text) : undefined),
    (text) => `Invalid cursor: ap is '${text}'`,
  ).prefault('0'),
});
type Asked = z.output<typeof shape>;

interface Listed {
  readonly instrument: Instrument;
  readonly contract: Contract;
}

/** The contracts on one underlying, or one of them, at a glance (official specification). Tapes know neither greeks nor open interest. */
export function optionChainRoutes(entitlement: Entitlement, options: Options): readonly Told[] {
  const chain: Tell = async (request, access, id) => {
    const given = read(shape, request, id);
    if ('refusal' in given) return given.refusal;
    const { asked } = given;
    const sight = entitlement.sight('options', access);
    const refusal = entitlement.refusal(sight, undefined, access, id);
    if (refusal !== undefined) return refusal;
    const all = listedOn(asked.underlying, access).filter(({ contract }) => fits(asked, contract));
    const inOrder = all.sort((one, other) => (asked.order === 'asc' ? 1 : -1) * compare(one, other, asked.sort));
    const page = inOrder.slice(asked.ap, asked.ap + asked.limit);
    const rows = await Promise.all(page.map((one) => rowOf(one, sight, options, access, request)));
    const told = asked.ap + page.length;
    const path = `/v3/snapshot/options/${encodeURIComponent(asked.underlying)}`;
    const { underlying: _underlying, ...kept } = asked;
    return plain({
      request_id: id,
      results: rows.filter((row) => row !== undefined),
      status: 'OK',
      next_url: told < inOrder.length ? nextUrl(request, path, cursorOf({ ...kept, ap: told })) : undefined,
    });
  };
  const one: Tell = async (request, access, id) => {
    const { underlying = '', contract: ticker = '' } = request.params;
    const sight = entitlement.sight('options', access);
    const refusal = entitlement.refusal(sight, undefined, access, id);
    if (refusal !== undefined) return refusal;
    const found = listedOn(underlying, access).find(({ instrument }) => instrument.ticker === ticker);
    const row = found && (await rowOf(found, sight, options, access, request));
    return row === undefined ? notFound(id) : plain({ request_id: id, results: row, status: 'OK' });
  };
  return [
    { path: '/v3/snapshot/options/:underlying', tell: chain },
    { path: '/v3/snapshot/options/:underlying/:contract', tell: one },
  ];
}

/** Of an index, `I:SPX`, the contracts are called by its symbol. */
function listedOn(underlying: string, { history }: Access): Listed[] {
  const root = underlying.replace(/^I:/, '');
  return [...tickersOf(history).values()].flatMap((instrument) => {
    const contract = instrument.market === 'options' ? contractOf(instrument.symbol) : undefined;
    return contract?.underlying === root ? [{ instrument, contract }] : [];
  });
}

function fits(asked: Asked, { type, strike: price, expiration: day }: Contract): boolean {
  return (
    (asked.contract_type === undefined || asked.contract_type === type) &&
    (asked.strike_price === undefined || price === asked.strike_price) &&
    price >= (asked['strike_price.gte'] ?? 0) &&
    price > (asked['strike_price.gt'] ?? -1) &&
    price <= (asked['strike_price.lte'] ?? Infinity) &&
    price < (asked['strike_price.lt'] ?? Infinity) &&
    (asked.expiration_date === undefined || day === asked.expiration_date) &&
    day >= (asked['expiration_date.gte'] ?? '') &&
    day > (asked['expiration_date.gt'] ?? '') &&
    day <= (asked['expiration_date.lte'] ?? '~') &&
    day < (asked['expiration_date.lt'] ?? '~')
  );
}

function compare(one: Listed, other: Listed, by: Asked['sort']): number {
  if (by === 'strike_price' && one.contract.strike !== other.contract.strike) {
    return one.contract.strike - other.contract.strike;
  }
  if (by === 'expiration_date' && one.contract.expiration !== other.contract.expiration) {
    return one.contract.expiration < other.contract.expiration ? -1 : 1;
  }
  return one.instrument.ticker < other.instrument.ticker ? -1 : 1;
}

async function rowOf(
  { instrument, contract }: Listed,
  sight: Sight,
  options: Options,
  access: Access,
  request: Pick<RestRequest, 'signal'>,
): Promise<Json> {
  const overview = await overviewOf(instrument, sight, access, request);
  if (overview === undefined) return undefined;
  tellOverview({ ...overview, minute: undefined }, access);
  const { session, previousClose, quote, trade, fairValue } = overview;
  const breakEven = breakEvenOf(contract, overview);
  return {
    break_even_price: breakEven,
    day: session && {
      ...changeOf(priceOf(overview), previousClose),
      close: session.close,
      high: session.high,
      last_updated: session.start,
      low: session.low,
      open: session.open,
      previous_close: previousClose,
      volume: session.volume,
      vwap: session.vwap,
    },
    details: { ...detailsOf(contract), ticker: instrument.ticker },
    ...fairValueFields(fairValue),
    last_quote: quote && quoteFields(quote, sight, options),
    last_trade: trade && tradeFields(trade, sight, options),
    underlying_asset: await underlyingFields(contract, breakEven, sight, access, request),
  };
}
