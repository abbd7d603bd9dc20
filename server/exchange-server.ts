import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { fastify, type FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { WebSocket, WebSocketServer } from 'ws';
import type { Clock } from '../market/clock.ts';
import { minute, seconds } from '../market/duration.ts';
import { AbruptWebSocket, ClientSocket } from './client-socket.ts';
import type { Exchange, Stream } from './exchanges/exchange.ts';
import type { Run } from './run.ts';

/** How long a refused client may take to receive the refusal. */
const refusalDeadline = seconds(1);

export interface ExchangeServerOptions {
  readonly run: Run;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * The one port on which every exchange answers, on its vendor's own paths or below the exchange's name (`/alpaca/v2/iex`).
 * Upgrades never pass through the web framework: they are refused, rate limited and handed to the run here.
 */
export class ExchangeServer implements AsyncDisposable {
  readonly #app: FastifyInstance;
  readonly #options: ExchangeServerOptions;
  readonly #webSockets = new Map<string, WebSocketServer>();
  /** Upgrades of the current minute per client address. */
  readonly #connects = new Map<string, number>();
  #minute = 0n;
  #closing = false;

  constructor(options: ExchangeServerOptions) {
    this.#options = options;
    this.#app = fastify({ logger: false, forceCloseConnections: true });
    this.#app.get('/health', (_, reply) => {
      const { scenario, status } = options.run;
      const broken = status.phase === 'broken';
      reply.code(broken ? 503 : 200);
      return { status: broken ? 'broken' : 'ok', scenario: scenario.name, deck: status.phase };
    });
    this.#app.get('/', () => this.#frontDoor());
    this.#app.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) =>
      this.#upgrade(request, socket, head),
    );
  }

  /** The port really bound: the one asked for, or a free one when that was 0. */
  async listen(host: string, port: number): Promise<number> {
    await this.#app.listen({ host, port });
    const address = this.#app.server.address();
    return typeof address === 'object' && address !== null ? address.port : port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing = true;
    const closed = this.#app.close();
    // Node waits for every socket, upgraded ones too, so a client that stays would keep the server open for ever.
    for (const session of [...this.#options.run.sessions]) session.end();
    await closed;
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    const { run, clock } = this.#options;
    if (this.#closing) return refuse(socket, 503, clock);
    // The base only makes a relative URL whole; no host of the request is trusted.
    const url = URL.canParse(request.url ?? '/', 'ws://exchange')
      ? new URL(request.url ?? '/', 'ws://exchange')
      : undefined;
    const place = url === undefined ? undefined : find(run.exchanges, url.pathname);
    if (url === undefined || place === undefined) return refuse(socket, 404, clock);
    if (this.#tooMany(request.socket.remoteAddress ?? '')) return refuse(socket, 429, clock);
    const { exchange, stream } = place;
    this.#webSocketServer(stream, request.headers['sec-websocket-extensions']).handleUpgrade(
      request,
      socket,
      head,
      (webSocket) => {
        run.accept({
          exchange,
          stream,
          wire: stream.wire(request.headers),
          credentials: stream.credentials(request.headers, url.searchParams),
          deflate: webSocket.extensions.includes('permessage-deflate'),
          line: new ClientSocket(webSocket, socket, clock),
        });
      },
    );
  }

  /** One WebSocket server for each way of shaking hands. */
  #webSocketServer({ manners }: Stream, extensions = ''): WebSocketServer {
    // Without context takeover one compressed frame serves every client; a client that dictates our window does without.
    const compresses = manners.deflateFrom !== undefined && !extensions.includes('server_max_window_bits');
    const key = `${compresses} ${manners.closeFrames}`;
    const known = this.#webSockets.get(key);
    if (known !== undefined) return known;
    const server = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      // Sessions answer pings themselves, so that one can withhold the answer.
      autoPong: false,
      maxPayload: this.#options.run.scenario.limits.message,
      handleProtocols: () => false,
      WebSocket: manners.closeFrames ? WebSocket : AbruptWebSocket,
      perMessageDeflate: compresses && { serverNoContextTakeover: true },
    });
    this.#webSockets.set(key, server);
    return server;
  }

  #tooMany(address: string): boolean {
    const { connectsPerMinute } = this.#options.run.scenario.limits;
    if (connectsPerMinute === undefined) return false;
    const now = this.#options.clock.now() / minute;
    if (now !== this.#minute) this.#connects.clear();
    this.#minute = now;
    const count = (this.#connects.get(address) ?? 0) + 1;
    this.#connects.set(address, count);
    return count > connectsPerMinute;
  }

  /** What somebody sees who opens the exchange's address in a browser. */
  #frontDoor(): object {
    const { run } = this.#options;
    return {
      papertape: 'a mock market-data exchange; everything it sends is fake',
      scenario: run.scenario.name,
      deck: run.status.phase,
      streams: run.exchanges.flatMap((exchange) => exchange.streams.map((stream) => stream.path)),
    };
  }
}

/** The stream at a path, with or without its exchange's name and a trailing slash. */
function find(exchanges: readonly Exchange[], path: string): { exchange: Exchange; stream: Stream } | undefined {
  for (const exchange of exchanges) {
    const named = path.startsWith(`/${exchange.name}/`) ? path.slice(exchange.name.length + 1) : path;
    const stream = exchange.streams.find((candidate) => candidate.path === named || `${candidate.path}/` === named);
    if (stream !== undefined) return { exchange, stream };
  }
  return undefined;
}

/** Answers and hangs up on both halves: a client that keeps its own open would hold the socket, and the server, for ever. */
function refuse(socket: Duplex, status: number, clock: Clock): void {
  const reason = STATUS_CODES[status] ?? '';
  const destroy = (): void => void socket.destroy();
  const cancel = clock.wake(clock.now() + refusalDeadline, destroy);
  socket.once('close', cancel);
  socket.once('finish', destroy);
  socket.end(`HTTP/1.1 ${status} ${reason}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
