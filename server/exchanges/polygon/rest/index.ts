import type { Rest, RestAnswer, RestRefusal } from '../../exchange.ts';
import type { PolygonOptions } from '../options.ts';
import { aggregateRoutes } from './aggregate-routes.ts';
import { Identities, identified, routeOf, wrong } from './answers.ts';
import { dayRoutes } from './day-routes.ts';
import { Entitlement } from './entitlement.ts';
import { directionRoutes } from './direction-routes.ts';
import { futuresAggregateRoutes } from './futures-aggregates.ts';
import { futuresTickRoutes } from './futures-ticks.ts';
import { indicatorRoutes } from './indicator-routes.ts';
import { lastRoutes } from './last-routes.ts';
import { marketStatusRoutes } from './market-status.ts';
import { optionChainRoutes } from './option-chain-routes.ts';
import { referenceRoutes } from './reference.ts';
import { snapshotRoutes } from './snapshots.ts';
import { tickRoutes } from './tick-routes.ts';
import { unifiedRoutes } from './unified-routes.ts';

/** Polygon's HTTP side (sheet §6), but for what is about companies. */
export function polygonRest(options: PolygonOptions): Rest {
  const identities = new Identities();
  const entitlement = new Entitlement(options);
  const routes = [
    ...aggregateRoutes(entitlement),
    ...dayRoutes(entitlement),
    ...tickRoutes(entitlement, options),
    ...lastRoutes(entitlement, options),
    ...snapshotRoutes(entitlement, options),
    ...directionRoutes(entitlement, options),
    ...unifiedRoutes(entitlement, options),
    ...optionChainRoutes(entitlement, options),
    ...indicatorRoutes(entitlement),
    ...futuresAggregateRoutes(entitlement),
    ...futuresTickRoutes(entitlement),
    ...marketStatusRoutes(),
    ...referenceRoutes(),
  ];
  return {
    routes: routes.map((route) => routeOf(route, identities)),
    paging: { parameter: 'cursor', field: 'next_url', atEnd: 'absent' },
    credentials(headers, query) {
      const key = query.get('apiKey') ?? /^bearer\s+(\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? '';
      return key === '' ? undefined : { key, secret: '' };
    },
    refusal(why) {
      const id = identities.next();
      return { ...refusals[why](id, entitlement), headers: identified(id) };
    },
    // Every answer names itself; no header tells a quota (sheet §6).
    headers: () => ({}),
  };
}

const refusals: Readonly<Record<RestRefusal, (id: string, entitlement: Entitlement) => RestAnswer>> = {
  'no-key': (id) => wrong(id, 'API Key was not provided', 401),
  'bad-key': (id) => wrong(id, 'Unknown API Key', 401),
  'not-in-plan': (id, entitlement) => entitlement.entitled(id),
  'over-quota': (id, { pricing }) =>
    wrong(
      id,
      `You've exceeded the maximum requests per minute, please wait or upgrade your subscription to continue. ${pricing}`,
      429,
    ),
  internal: (id) => wrong(id, 'Internal server error', 500),
};
