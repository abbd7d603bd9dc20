import { z } from 'zod';
import type { Nanos } from '../../../../market/event.ts';
import type { Access, RestAnswer, RestRequest, Route } from '../../exchange.ts';
import { keyOf, refused, written } from './answers.ts';
import type { Feed } from './feeds.ts';
import { latestFrame } from './latest-routes.ts';
import { newestRows } from './newest-rows.ts';
import { contractOf } from './option-contract.ts';
import { tokenOf } from './page-token.ts';
import { shapes } from './places.ts';
import { choice, dateOf, instantOf, invalidToken, limit, numberOf, pageToken, read, symbols } from './query.ts';
import { optionRows } from './rows.ts';
import { finderOf, braced } from './snapshot-routes.ts';
import { changedSince, isEmpty, writeSnapshot } from './snapshots.ts';

const letter = 'S';

/** Snapshots of named contracts, and of all contracts of an underlying stock (official OpenAPI). Greeks are not computed. */
export function optionSnapshotRoutes(lagOf: (feed: Feed) => Nanos): readonly Route[] {
  const paging = {
    ...latestFrame('options'),
    updated_since: instantOf('updated_since'),
    limit: limit(100, 1000),
    page_token: pageToken,
  };
  const ofNamed = z.strictObject({ ...paging, symbols: symbols(shapes.options) });
  const ofChain = z.strictObject({
    ...paging,
    type: choice('type', ['call', 'put']).optional(),
    strike_price_gte: numberOf('strike_price_gte'),
    strike_price_lte: numberOf('strike_price_lte'),
    expiration_date: dateOf('expiration_date'),
    expiration_date_gte: dateOf('expiration_date_gte'),
    expiration_date_lte: dateOf('expiration_date_lte'),
    root_symbol: z.string().optional(),
  });
  const page = pages(lagOf);
  return [
    {
      method: 'GET',
      path: '/v1beta1/options/snapshots',
      answer: async (request, access) => {
        const given = read(ofNamed, request);
        return 'refusal' in given ? given.refusal : page(given.asked, given.asked.symbols, request, access);
      },
    },
    {
      method: 'GET',
      path: '/v1beta1/options/snapshots/:underlying',
      answer: async (request, access) => {
        const given = read(ofChain, request);
        if ('refusal' in given) return given.refusal;
        const chain = chainOf(given.asked, request.params['underlying'] ?? '', access);
        return page(given.asked, chain, request, access);
      },
    },
  ];
}

interface Wanted {
  readonly type?: 'call' | 'put' | undefined;
  readonly strike_price_gte?: number | undefined;
  readonly strike_price_lte?: number | undefined;
  readonly expiration_date?: string | undefined;
  readonly expiration_date_gte?: string | undefined;
  readonly expiration_date_lte?: string | undefined;
  readonly root_symbol?: string | undefined;
}

/** Contracts on the tapes that fit. The root is taken for the underlying: tapes do not say which adjusted roots belong to a stock. */
function chainOf(wanted: Wanted, underlying: string, { history }: Access): readonly string[] {
  const { strike_price_gte: least = 0, strike_price_lte: most = Infinity } = wanted;
  const { expiration_date: date, expiration_date_gte: from = '', expiration_date_lte: to = '9999' } = wanted;
  const options = history.listed.filter(({ market }) => market === 'options').map(({ symbol }) => symbol);
  return options.filter((symbol) => {
    const contract = contractOf(symbol);
    if (contract === undefined) return false;
    const { root, expires, type, strike } = contract;
    return (
      root === (wanted.root_symbol ?? underlying) &&
      (wanted.type ?? type) === type &&
      strike >= least &&
      strike <= most &&
      (date ?? expires) === expires &&
      expires >= from &&
      expires <= to
    );
  });
}

interface Paging {
  readonly feed?: Feed | undefined;
  readonly updated_since?: Nanos | undefined;
  readonly limit: number;
  readonly page_token?: { readonly symbol: string; readonly letter: string } | undefined;
}

function pages(lagOf: (feed: Feed) => Nanos) {
  const write = optionRows();
  return async (
    { feed, updated_since: since, limit: most, page_token: token }: Paging,
    names: readonly string[],
    request: RestRequest,
    access: Access,
  ): Promise<RestAnswer> => {
    if (token !== undefined && token.letter !== letter) return refused(400, invalidToken);
    const find = finderOf('options', feed, lagOf, request, access);
    if ('refusal' in find) return find.refusal;
    const rest = token === undefined ? names : names.filter((name) => name > token.symbol);
    return written(async (out) => {
      out.ascii('{"snapshots":{');
      let told = 0;
      let next: string | undefined;
      for (const symbol of rest) {
        const snapshot = await find.snapshot(symbol);
        if (isEmpty(snapshot) || (since !== undefined && !changedSince(snapshot, since))) continue;
        out.utf8(`${told > 0 ? ',' : ''}${keyOf(symbol)}`);
        braced(out, () => writeSnapshot(snapshot, newestRows(write, access), out));
        if (++told < most || symbol === rest.at(-1)) continue;
        next = tokenOf({ symbol, letter, at: 0n, ordinal: 1 });
        break;
      }
      out.ascii(`},"next_page_token":${next === undefined ? 'null' : JSON.stringify(next)}}`);
    });
  };
}
