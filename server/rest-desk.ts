import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../market/clock.ts';
import type { Access, Exchange, Rest, RestAnswer, RestRequest, Route } from './exchanges/exchange.ts';
import type { Log } from './log.ts';
import { Quotas } from './quotas.ts';
import type { Run } from './run.ts';

/** Answers every HTTP path of every exchange, on its vendor's own paths and below the exchange's name (`/alpaca/v2/clock`). */
export async function openRest(app: FastifyInstance, run: Run, clock: Clock, log: Log): Promise<void> {
  for (const exchange of run.exchanges) {
    const rest = await exchange.rest?.();
    if (rest === undefined) continue;
    const desk = new RestDesk(exchange, rest, run, clock, log);
    for (const route of rest.routes) {
      for (const root of ['', `/${exchange.name}`]) {
        app.route<{ Params: Record<string, string> }>({
          method: route.method,
          url: root + route.path,
          handler: async (request, reply) => {
            const { status, headers, body } = await desk.serve(route, requestOf(request, reply));
            return await reply
              .code(status)
              .headers({ 'content-type': 'application/json', ...headers })
              .send(body);
          },
        });
      }
    }
  }
}

/** Whoever shows no key. */
const nobody = { key: '', feeds: undefined, channels: undefined, plan: '', quotas: [] } as const;

/** The HTTP side of one exchange: asks for a good key with requests left, then lets the route answer. */
class RestDesk {
  readonly #exchange: Exchange;
  readonly #rest: Rest;
  readonly #run: Run;
  readonly #log: Log;
  readonly #quotas: Quotas;

  constructor(exchange: Exchange, rest: Rest, run: Run, clock: Clock, log: Log) {
    this.#exchange = exchange;
    this.#rest = rest;
    this.#run = run;
    this.#log = log;
    this.#quotas = new Quotas(clock);
  }

  async serve(route: Route, request: RestRequest): Promise<RestAnswer> {
    const rest = this.#rest;
    const credentials = rest.credentials(request.headers, request.query);
    if (credentials === undefined) {
      if (route.keyless !== true) return rest.refusal('no-key');
      const answer = await this.#answer(route, request, nobody);
      return { ...answer, headers: { ...rest.headers(undefined, request), ...answer.headers } };
    }
    const access = this.#run.access(credentials, this.#exchange);
    if (access === undefined) return rest.refusal('bad-key');
    const { quotas, exceeded } = this.#quotas.take(credentials.key, access, route.cost?.(request) ?? 1);
    const perMinute = quotas.find(({ span }) => span === 'minute');
    const headers = rest.headers(perMinute, request);
    const answer =
      exceeded === undefined
        ? await this.#answer(route, request, { key: credentials.key, quotas, ...access })
        : rest.refusal('over-quota', exceeded);
    return { ...answer, headers: { ...headers, ...answer.headers } };
  }

  async #answer(
    route: Route,
    request: RestRequest,
    { key, feeds, channels, plan, quotas }: Omit<Access, 'history'>,
  ): Promise<RestAnswer> {
    try {
      const history = this.#run.historyOf(this.#exchange);
      return await route.answer(request, { history, key, feeds, channels, plan, quotas });
    } catch (error) {
      this.#log.error({ err: error, path: route.path }, 'a request failed');
      return this.#rest.refusal('internal');
    }
  }
}

function requestOf(request: FastifyRequest<{ Params: Record<string, string> }>, reply: FastifyReply): RestRequest {
  const hungUp = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableEnded) hungUp.abort();
  });
  const { protocol, host, params, headers, url } = request;
  const question = url.indexOf('?');
  const query = new URLSearchParams(question < 0 ? '' : url.slice(question + 1));
  return { params, query, headers, origin: `${protocol}://${host}`, signal: hungUp.signal };
}
