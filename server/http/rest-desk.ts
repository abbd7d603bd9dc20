import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../../market/clock.ts';
import type { Nanos } from '../../market/event.ts';
import type { Access, Exchange, Quota, Rest, RestAnswer, RestRequest, Route } from '../exchanges/exchange.ts';
import { alteredWhenRead } from '../history/altered.ts';
import { ownWords } from './http-words.ts';
import type { Log } from '../log.ts';
import { askedFirst } from './page-links.ts';
import { Quotas } from './quotas.ts';
import type { RequestFaults } from './request-faults.ts';
import { resetSocket } from './reset-socket.ts';
import { retryAfterOf } from './retry-after.ts';
import type { Run } from '../run.ts';
import { ToldRows } from './told-rows.ts';

/** What a client gets: an answer, whole or cut off, or none. */
type Outcome = (RestAnswer & { readonly cut?: true }) | 'ignored' | 'reset';

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
            const path = pathOf(request.url).slice(root.length);
            send(await desk.serve(route, requestOf(request, reply), path), reply);
            return reply;
          },
        });
      }
    }
  }
}

/** Whoever shows no key. */
const nobody = { key: '', feeds: undefined, channels: undefined, plan: '', quotas: [] } as const;

/** The HTTP side of one exchange: asks for a good key with requests left, then lets the route answer, unless a fault is in its way. */
class RestDesk {
  readonly #exchange: Exchange;
  readonly #rest: Rest;
  readonly #run: Run;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #quotas: Quotas;

  constructor(exchange: Exchange, rest: Rest, run: Run, clock: Clock, log: Log) {
    this.#exchange = exchange;
    this.#rest = rest;
    this.#run = run;
    this.#clock = clock;
    this.#log = log;
    this.#quotas = new Quotas(clock);
  }

  /** `path`: below the exchange's root. */
  async serve(route: Route, asked: RestRequest, path: string): Promise<Outcome> {
    const began = this.#clock.now();
    const credentials = this.#rest.credentials(asked.headers, asked.query);
    const request = { ...asked, url: withoutKeys(asked.url, credentials) };
    const allowance = credentials && this.#run.access(credentials, this.#exchange);
    const faults = this.#run.requestFaults(this.#exchange, allowance && credentials?.key, path);
    const rows = faults.answered && new ToldRows();
    const outcome = await this.#outcome(route, request, credentials && { ...credentials, allowance }, faults, rows);
    faults.answered?.({
      url: request.url,
      ...(typeof outcome === 'string' ? { status: 0 } : { status: outcome.status, ...retryAfterOf(outcome.headers) }),
      took: this.#clock.now() - began,
      covers: rows?.covers ?? [],
    });
    return outcome;
  }

  async #outcome(
    route: Route,
    request: RestRequest,
    asker: { readonly key: string; readonly allowance: ReturnType<Run['access']> } | undefined,
    faults: RequestFaults,
    rows: ToldRows | undefined,
  ): Promise<Outcome> {
    const rest = this.#rest;
    if (asker === undefined) {
      if (route.keyless !== true) return rest.refusal('no-key');
      return this.#faulted(route, request, nobody, faults, rows);
    }
    const { key, allowance } = asker;
    if (allowance === undefined) return rest.refusal('bad-key');
    const { quotas, exceeded } = this.#quotas.take(key, allowance, route.cost?.(request) ?? 1);
    if (exceeded === undefined) return this.#faulted(route, request, { ...allowance, key, quotas }, faults, rows);
    return this.#headed(rest.refusal('over-quota', exceeded), request, quotas);
  }

  async #faulted(
    route: Route,
    request: RestRequest,
    asker: Omit<Access, 'history' | 'scribe'>,
    faults: RequestFaults,
    rows: ToldRows | undefined,
  ): Promise<Outcome> {
    const { paging } = this.#rest;
    const { key, feeds, channels, plan, quotas } = asker;
    const turn = faults.request(request);
    if (turn?.kind === 'ignore') return 'ignored';
    if (turn?.kind === 'reset') return 'reset';
    if (turn?.kind === 'answer') return this.#headed(ownWords(turn.answer, this.#rest, quotas), request, quotas);
    if (turn?.kind === 'hold') await this.#hold(turn.span, request.signal);
    if (request.signal.aborted) return 'ignored';
    const played = this.#run.historyOf(this.#exchange);
    const history = alteredWhenRead(played, () => {
      const altered = faults.history(played);
      if (rows !== undefined) rows.apart = altered !== played;
      return altered;
    });
    const access = { history, scribe: rows?.scribe, key, feeds, channels, plan, quotas };
    const answer = await this.#answer(route, askedFirst(faults.asked(request, paging), paging), access);
    return this.#headed(faults.answer(answer, paging), request, quotas);
  }

  #headed<Answer extends RestAnswer>(answer: Answer, request: RestRequest, quotas: readonly Quota[]): Answer {
    const perMinute = quotas.find(({ span }) => span === 'minute');
    return { ...answer, headers: { ...this.#rest.headers(perMinute, request), ...answer.headers } };
  }

  async #answer(route: Route, request: RestRequest, access: Access): Promise<RestAnswer> {
    try {
      return await route.answer(request, access);
    } catch (error) {
      this.#log.error({ err: error, path: route.path }, 'a request failed');
      return this.#rest.refusal('internal');
    }
  }

  /** For so long, or until the client hangs up or the server closes. */
  async #hold(span: Nanos, signal: AbortSignal): Promise<void> {
    const clock = this.#clock;
    await new Promise<void>((resolve) => {
      const cancel = clock.wake(clock.now() + span, resolve);
      signal.addEventListener('abort', () => (cancel(), resolve()), { once: true });
    });
  }
}

function requestOf(request: FastifyRequest<{ Params: Record<string, string> }>, reply: FastifyReply): RestRequest {
  const hungUp = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableEnded) hungUp.abort();
  });
  const { protocol, host, params, headers, url } = request;
  const query = new URLSearchParams(url.slice(pathOf(url).length + 1));
  return { params, query, headers, origin: `${protocol}://${host}${prefixOf(headers)}`, url, signal: hungUp.signal };
}

/** What the URL had before the vendor's path: of a run, or of a proxy that says so. */
function prefixOf({ 'x-forwarded-prefix': prefix }: IncomingHttpHeaders): string {
  return typeof prefix === 'string' && /^(?:\/[\w.~-]+)+$/.test(prefix) ? prefix : '';
}

function send(outcome: Outcome, reply: FastifyReply): void {
  if (outcome === 'ignored') return void reply.hijack();
  if (outcome === 'reset') {
    reply.hijack();
    return resetSocket(reply.request.raw.socket);
  }
  const { status, body, cut } = outcome;
  const headers = { 'content-type': 'application/json', ...outcome.headers };
  if (cut === undefined) return void reply.code(status).headers(headers).send(body);
  reply.hijack();
  reply.raw.writeHead(status, headers);
  reply.raw.write(body);
  reply.request.raw.socket.destroySoon();
}

function pathOf(url: string): string {
  const [path = ''] = url.split('?', 1);
  return path;
}

/** The URL without the parameters that show a key. */
function withoutKeys(url: string, credentials: { readonly key: string; readonly secret: string } | undefined): string {
  if (credentials === undefined || !url.includes('?')) return url;
  const path = pathOf(url);
  const shown = url
    .slice(path.length + 1)
    .split('&')
    .filter((pair) => {
      const [, value = ''] = [...new URLSearchParams(pair)][0] ?? [];
      return value === '' || (value !== credentials.key && value !== credentials.secret);
    });
  return shown.length === 0 ? path : `${path}?${shown.join('&')}`;
}
