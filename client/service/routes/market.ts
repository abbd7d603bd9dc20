import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { channels, markets } from '../../../market/event.ts';
import { latestOf, pricedChannels } from '../../latest.ts';
import { toldEvent } from '../../sinks/cache/index.ts';
import type { Desk } from '../desk.ts';
import { marketSession, sessionAt } from '../market-session.ts';
import { problem, ServiceRefusal } from '../problem.ts';

/** Symbols that are told at once. */
const mostSymbols = 500;
/** Events that are told at once; the cache may keep fewer. */
const mostRecent = 1000;

const symbol = z
  .string()
  .min(1)
  .max(300)
  .meta({
    description: 'Ticker, slashes as they are or encoded.',
    examples: ['EUR/USD'],
  });
const latest = z
  .strictObject({
    symbol: z.string(),
    price: z.number(),
    from: z.enum(channels).meta({ description: 'Which kind of event told the price.' }),
    at: z.string().meta({ description: 'When the market published it: ISO 8601, UTC.' }),
    dataSource: z.string(),
    bid: z.number().optional(),
    ask: z.number().optional(),
    spread: z.number().optional(),
    volume: z.number().optional().meta({ description: 'Of the day so far, where a vendor tells it.' }),
    events: z.array(toldEvent).meta({ description: 'The newest event of each channel.' }),
  })
  .meta({ id: 'ClientLatest' });

/** Prices, recent events and trading hours. */
export const marketRoutes: FastifyPluginAsyncZod<Desk> = async (app, { watched, clock }) => {
  const latestFor = async (name: string): Promise<z.output<typeof latest> | undefined> => {
    const events = await watched.cache.latest(name, channels);
    const priced = latestOf(
      name,
      events.filter(({ kind }) => pricedChannels.some((channel) => channel === kind)),
    );
    return priced && { ...priced, events: [...events] };
  };
  const latestOrRefuse = async (name: string): Promise<z.output<typeof latest>> => {
    const found = await latestFor(name);
    if (found !== undefined) return found;
    throw new ServiceRefusal(404, `no price of ${name} is known; GET /market/latest lists what is`);
  };

  app.get(
    '/market/latest',
    {
      schema: {
        operationId: 'latest',
        tags: ['market'],
        summary: `The price of every symbol, of the ${mostSymbols} heard last when there are more; with ?symbol= of that one`,
        querystring: z.strictObject({ symbol: symbol.optional() }),
        response: { 200: z.union([latest, z.array(latest)]), 400: problem, 404: problem, 503: problem },
      },
    },
    async ({ query }) => {
      if (query.symbol !== undefined) return await latestOrRefuse(query.symbol);
      const names = await watched.cache.symbols(mostSymbols);
      const all = await Promise.all(names.map(latestFor));
      return all.filter((one) => one !== undefined);
    },
  );

  app.get(
    '/market/latest/:symbol',
    {
      schema: {
        operationId: 'latestOfSymbol',
        tags: ['market'],
        summary: 'The price of a symbol, and the newest event of each channel',
        params: z.strictObject({ symbol }),
        response: { 200: latest, 404: problem, 503: problem },
      },
    },
    async ({ params }) => await latestOrRefuse(params.symbol),
  );

  const recentQuery = z.strictObject({
    channel: z.enum(channels).default('trade'),
    limit: z.coerce.number().int().min(1).max(mostRecent).default(100),
  });
  const recentOf = async (name: string, { channel, limit }: z.output<typeof recentQuery>) => [
    ...(await watched.cache.recent(name, channel, limit)),
  ];
  app.get(
    '/market/recent/:symbol',
    {
      schema: {
        operationId: 'recent',
        tags: ['market'],
        summary: 'The most recent events of a symbol and channel, oldest first, as many as the cache keeps',
        params: z.strictObject({ symbol }),
        querystring: recentQuery,
        response: { 200: z.array(toldEvent), 400: problem, 503: problem },
      },
    },
    async ({ params, query }) => await recentOf(params.symbol, query),
  );

  // A slash that nobody encoded makes more than one part of a path.
  const rest = z.strictObject({ '*': symbol });
  app.get('/market/latest/*', { schema: { hide: true, params: rest } }, async ({ params }) => {
    return await latestOrRefuse(params['*']);
  });
  app.get('/market/recent/*', { schema: { hide: true, params: rest, querystring: recentQuery } }, async (request) => {
    return await recentOf(request.params['*'], request.query);
  });

  app.get(
    '/market/session',
    {
      schema: {
        operationId: 'session',
        tags: ['market'],
        summary: 'Whether a market trades, and when it opens or closes next',
        querystring: z.strictObject({
          market: z.enum(markets).optional().meta({ description: 'The first that is listened to when absent.' }),
        }),
        response: { 200: marketSession, 400: problem, 404: problem },
      },
    },
    ({ query }) => {
      const [first] = watched.calendars.keys();
      const market = query.market ?? first;
      const calendar = market && watched.calendars.get(market);
      if (market !== undefined && calendar !== undefined) return sessionAt(market, calendar, clock.now());
      const known = [...watched.calendars.keys()].join(', ') || 'none';
      throw new ServiceRefusal(404, `nothing is heard of ${market ?? 'any market'}; there is ${known}`);
    },
  );
};
