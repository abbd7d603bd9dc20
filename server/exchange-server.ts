import { once } from 'node:events';
import { STATUS_CODES, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Clock } from '../market/clock.ts';
import type { Nanos } from '../market/event.ts';
import { minute, seconds } from '../market/nanos.ts';
import type { Exchange, RestAnswer, Stream } from './exchanges/exchange.ts';
import { FrontDesk } from './http/front-desk.ts';
import type { Handshake } from './session/handshake.ts';
import type { Log } from './log.ts';
import { resetSocket } from './http/reset-socket.ts';
import type { Run } from './run.ts';

/** How long a refused client may take to receive the refusal. */
const refusalDeadline = seconds(1);

export interface ExchangeServerOptions {
  /** Speaks http and ws, or https and wss; closed with the exchange server. */
  readonly server: Server;
  readonly run: Run;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * The one port on which every exchange answers, on its vendor's own paths or below the exchange's name (`/alpaca/v2/iex`).
 * Upgrades never pass through the web framework: they are refused, rate limited and handed to the run here.
 */
export class ExchangeServer implements AsyncDisposable {
  readonly #server: Server;
  readonly #frontDesk: FrontDesk;
  readonly #options: ExchangeServerOptions;
  #handshake: Promise<Handshake> | undefined;
  /** Upgrades of the current minute per client address. */
  readonly #connects = new Map<string, number>();
  #minute = 0n;
  /** Upgrades that get no answer, or none yet. */
  readonly #hanging = new Set<Duplex>();
  #closing = false;

  constructor(options: ExchangeServerOptions) {
    this.#options = options;
    this.#frontDesk = new FrontDesk(options.run, options.clock, options.log);
    this.#server = options.server;
    this.#server.on('request', (request, response) => {
      this.#frontDesk.answer(request, response).catch((error: unknown) => {
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
    void this.#shaker();
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing = true;
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    // Node waits for every socket, upgraded ones too, so a client that stays would keep the server open for ever.
    for (const session of [...this.#options.run.sessions]) {
      session.end();
      session.line.straighten();
    }
    for (const socket of this.#hanging) socket.destroy();
    await closed;
    await this.#frontDesk[Symbol.asyncDispose]();
  }

  async #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on('error', () => socket.destroy());
    const { run, clock } = this.#options;
    if (this.#closing) return refuse(socket, { status: 503, body: '' }, clock);
    // The base only makes a relative URL whole; no host of the request is trusted.
    const url = URL.canParse(request.url ?? '/', 'ws://exchange')
      ? new URL(request.url ?? '/', 'ws://exchange')
      : undefined;
    const place = url === undefined ? undefined : find(run.exchanges, url.pathname);
    if (url === undefined || place === undefined) return refuse(socket, { status: 404, body: '' }, clock);
    if (this.#tooMany(request.socket.remoteAddress ?? '')) return refuse(socket, { status: 429, body: '' }, clock);
    const { exchange, stream } = place;
    const credentials = stream.credentials(request.headers, url.searchParams);
    const visitor = run.knock(exchange, stream);
    const turnAway = (answer: RestAnswer): void => {
      visitor.record.knocked(answer.status, answer.headers);
      run.turnedAway(visitor);
      refuse(socket, answer, clock);
    };
    const leave = (how: 'ignore' | 'reset'): void => {
      visitor.record.knocked(undefined);
      run.turnedAway(visitor);
      if (how === 'reset') resetSocket(socket);
      else this.#leaveHanging(socket);
    };
    const turn = visitor.ordeal.upgrade();
    if (turn?.kind === 'answer') return turnAway(turn.answer);
    if (turn?.kind === 'ignore' || turn?.kind === 'reset') return leave(turn.kind);
    if (turn?.kind === 'hold') await this.#hold(socket, turn.span);
    if (socket.destroyed || this.#closing) return run.turnedAway(visitor);
    if (stream.manners.login === 'upgrade') {
      const fault = credentials && visitor.ordeal.login(credentials);
      if (fault === 'ignored') return leave('ignore');
      const why = fault ?? run.objection(credentials, exchange, stream);
      if (why !== undefined) return turnAway(stream.turnAway?.(why) ?? { status: 401, body: '' });
    }
    const handshake = await this.#shaker();
    socket.once('close', () => run.turnedAway(visitor));
    handshake.shake(stream.manners, request, socket, head, (line, deflate) => {
      const wire = stream.wire(request.headers);
      visitor.record.knocked(101);
      run.accept({ visitor, exchange, stream, wire, credentials, deflate, line });
    });
  }

  /** Never answers; the client hangs up when it has waited enough. */
  #leaveHanging(socket: Duplex): void {
    this.#hanging.add(socket);
    socket.once('close', () => this.#hanging.delete(socket));
    // Or its hanging up would not be noticed.
    socket.resume();
  }

  /** For so long, or until the client hangs up or the server closes. */
  async #hold(socket: Duplex, span: Nanos): Promise<void> {
    const { clock } = this.#options;
    this.#hanging.add(socket);
    await new Promise<void>((resolve) => {
      const cancel = clock.wake(clock.now() + span, resolve);
      socket.once('close', () => {
        cancel();
        resolve();
      });
    });
    this.#hanging.delete(socket);
  }

  /** Loads the WebSocket library once; whoever knocks meanwhile waits for it. */
  async #shaker(): Promise<Handshake> {
    const { run, clock } = this.#options;
    this.#handshake ??= import('./session/handshake.ts').then(
      ({ Handshake }) => new Handshake(run.scenario.limits.message, clock),
    );
    return await this.#handshake;
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
function refuse(socket: Duplex, { status, headers = {}, body }: RestAnswer, clock: Clock): void {
  const reason = STATUS_CODES[status] ?? '';
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const destroy = (): void => void socket.destroy();
  const cancel = clock.wake(clock.now() + refusalDeadline, destroy);
  socket.once('close', cancel);
  socket.once('finish', destroy);
  socket.write(`HTTP/1.1 ${status} ${reason}\r\nConnection: close\r\n${lines.join('')}`);
  socket.end(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body.toString()}`);
}
