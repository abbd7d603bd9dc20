import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Clock } from '../market/clock.ts';
import type { Neighbour } from './door.ts';
import type { Exchange, Rest } from './exchanges/exchange.ts';
import { refuse } from './http/refuse.ts';
import type { Log } from './log.ts';
import type { HostedRun, Runs } from './runs.ts';

export interface ExchangeServerOptions {
  /** Speaks http and ws, or https and wss; closed with the exchange server. */
  readonly server: Server;
  readonly runs: Runs;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * The one port on which every exchange of every run answers, on its vendor's own paths or below the exchange's name (`/alpaca/v2/iex`).
 * Clients find their run by a path prefix, `/r/<run>`, else by the key they show; all others are the default run's.
 */
export class ExchangeServer implements AsyncDisposable {
  readonly #server: Server;
  readonly #options: ExchangeServerOptions;
  /** By the names of their exchanges. */
  readonly #rests = new Map<string, Rest>();
  #closing = false;

  constructor(options: ExchangeServerOptions) {
    this.#options = options;
    this.#server = options.server;
    this.#server.on('request', (request, response) => {
      this.#answer(request, response).catch((error: unknown) => {
        options.log.error({ err: error }, 'a request could not be answered');
      });
    });
    this.#server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      this.#upgrade(request, socket, head).catch((error: unknown) => {
        options.log.error({ err: error }, 'a client could not be let in');
        socket.destroy();
      });
    });
  }

  /** The port really bound: the one asked for, or a free one when that was 0. */
  async listen(host: string, port: number): Promise<number> {
    this.#server.listen({ host, port });
    await once(this.#server, 'listening');
    // Loaded while the first client is still on its way: the address is known and answers that much sooner.
    void this.#options.runs.default.door.getReady();
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing = true;
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    // Node waits for every socket, upgraded ones too, so a client that stays would keep the server open for ever.
    this.#options.runs.closeDoors();
    await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { runs } = this.#options;
    const { headers } = request;
    const url = (request.url = originForm(request.url));
    const place = runs.at(url);
    if (place === undefined) return notFound(url, response);
    const { hosted, path } = place;
    if (path === url) return (await this.#ownerOf(request)).door.answer(request, response);
    // Pages that follow are below the same prefix.
    const before = headers['x-forwarded-prefix'] ?? '';
    headers['x-forwarded-prefix'] = `${before.toString()}${hosted.prefix}`;
    request.url = path;
    await hosted.door.answer(request, response);
  }

  async #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on('error', () => socket.destroy());
    const { runs, clock } = this.#options;
    if (this.#closing) return refuse(socket, { status: 503, body: '' }, clock);
    // The base only makes a relative URL whole; no host of the request is trusted.
    const url = URL.canParse(request.url ?? '/', 'ws://exchange')
      ? new URL(request.url ?? '/', 'ws://exchange')
      : undefined;
    const place = url && runs.at(url.pathname);
    if (url === undefined || place === undefined) return refuse(socket, { status: 404, body: '' }, clock);
    const { path } = place;
    const named = url.pathname !== path;
    // Whoever names no run may be another's, and on a stream that only that one has.
    const doors = named ? [place.hosted] : [place.hosted, ...runs];
    const first = doors.map(({ door }) => door.find(path)).find((entrance) => entrance !== undefined);
    const credentials = first?.stream.credentials(request.headers, url.searchParams);
    const owner = named || credentials === undefined ? undefined : runs.ofKey(credentials.key);
    const hosted = owner ?? place.hosted;
    const entrance = hosted.door.find(path);
    if (entrance === undefined) return refuse(socket, { status: 404, body: '' }, clock);
    const elsewhere = ({ key }: { readonly key: string }): Neighbour | undefined => {
      const { id, door } = runs.ofKey(key) ?? hosted;
      const there = id === hosted.id ? undefined : door.find(path);
      return there && { id, door, entrance: there };
    };
    const mayMove = !named && owner === undefined;
    await hosted.door.upgrade({ request, socket, head, entrance, credentials, ...(mayMove ? { elsewhere } : {}) });
  }

  /** The run whose key a request over HTTP shows, else the default one. */
  async #ownerOf({ headers, url = '/' }: IncomingMessage): Promise<HostedRun> {
    const { runs } = this.#options;
    if (runs.size === 1) return runs.default;
    const [, query = ''] = url.split('?', 2);
    const shown = new URLSearchParams(query);
    for (const exchange of vendorsOf(runs)) {
      const credentials = (await this.#restOf(exchange))?.credentials(headers, shown);
      const owner = credentials && runs.ofKey(credentials.key);
      if (owner !== undefined) return owner;
    }
    return runs.default;
  }

  /** Kept: an exchange makes all its routes anew each time. */
  async #restOf({ name, rest }: Exchange): Promise<Rest | undefined> {
    const known = this.#rests.get(name) ?? (await rest?.());
    if (known !== undefined) this.#rests.set(name, known);
    return known;
  }
}

/** Each exchange once: how a vendor's clients show their keys is the same in every run. */
function vendorsOf(runs: Runs): Iterable<Exchange> {
  const vendors = new Map<string, Exchange>();
  for (const { run } of runs) {
    for (const exchange of run.exchanges) if (!vendors.has(exchange.name)) vendors.set(exchange.name, exchange);
  }
  return vendors.values();
}

/** A client that goes through a proxy may name scheme and host too, and is to be understood (RFC 9112 §3.2.2). */
function originForm(url = '/'): string {
  const rest = url.replace(/^https?:\/\/[^/?]*/i, '');
  return rest.startsWith('/') || rest === '*' ? rest : `/${rest}`;
}

function notFound(url: string, response: ServerResponse): void {
  const [, , id = ''] = url.split(/[/?]/, 3);
  response.writeHead(404, { 'content-type': 'application/json' });
  response.end(
    JSON.stringify({
      message: `there is no run ${JSON.stringify(id)}; name one as in /r/<run>/v2/iex, or none for the default one`,
    }),
  );
}
