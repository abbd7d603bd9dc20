import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Visitor } from './chronicle.ts';
import type { Clock } from '../market/clock.ts';
import type { Nanos } from '../market/event.ts';
import { minute } from '../market/nanos.ts';
import type { Credentials, Exchange, RestAnswer, Stream } from './exchanges/exchange.ts';
import { findStream } from './exchanges/find-stream.ts';
import { FrontDesk } from './http/front-desk.ts';
import type { Handshake } from './session/handshake.ts';
import type { Log } from './log.ts';
import { refuse } from './http/refuse.ts';
import { resetSocket } from './http/reset-socket.ts';
import type { Run } from './run.ts';
import type { Arrival } from './session/visit.ts';

/** A stream, and the exchange whose it is. */
export interface Entrance {
  readonly exchange: Exchange;
  readonly stream: Stream;
}

/** An upgrade request that has found its run. */
export interface Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
  readonly entrance: Entrance;
  /** Those of the request, if it had any. */
  readonly credentials: Credentials | undefined;
  /** The door of the run whose key a client shows, when it is another's. */
  readonly elsewhere?: (credentials: Credentials) => Neighbour | undefined;
}

/** Another run of the same process. */
export interface Neighbour {
  readonly id: string;
  readonly door: Door;
  readonly entrance: Entrance;
}

/**
 * Lets clients in to one run, as WebSockets and over HTTP. Upgrades never pass through the web framework: they are refused, rate limited
 * and handed to the run here.
 */
export class Door implements AsyncDisposable {
  readonly #run: Run;
  readonly #clock: Clock;
  readonly #frontDesk: FrontDesk;
  #handshake: Promise<Handshake> | undefined;
  /** Upgrades of the current minute per client address. */
  readonly #connects = new Map<string, number>();
  #minute = 0n;
  /** Upgrades that get no answer, or none yet. */
  readonly #hanging = new Set<Duplex>();
  /** Requests without a whole answer. */
  readonly #asking = new Set<ServerResponse>();
  #closed = false;

  constructor(run: Run, clock: Clock, log: Log) {
    this.#run = run;
    this.#clock = clock;
    this.#frontDesk = new FrontDesk(run, clock, log);
  }

  /** The stream at a path, with or without its exchange's name and a trailing slash. */
  find(path: string): Entrance | undefined {
    return findStream(this.#run.exchanges, path);
  }

  /** Answers a request over HTTP. */
  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.#closed) return void response.writeHead(503).end();
    this.#asking.add(response);
    response.once('close', () => this.#asking.delete(response));
    await this.#frontDesk.answer(request, response);
  }

  async upgrade({ request, socket, head, entrance, credentials, elsewhere }: Upgrade): Promise<void> {
    const run = this.#run;
    const clock = this.#clock;
    if (this.#closed) return refuse(socket, { status: 503, body: '' }, clock);
    if (this.#tooMany(request.socket.remoteAddress ?? '')) return refuse(socket, { status: 429, body: '' }, clock);
    const { exchange, stream } = entrance;
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
    if (socket.destroyed || this.#closed) return run.turnedAway(visitor);
    if (stream.manners.login === 'upgrade') {
      const fault = credentials && visitor.ordeal.login(credentials);
      if (fault === 'ignored') return leave('ignore');
      const why = fault ?? run.objection(credentials, exchange, stream);
      if (why !== undefined) return turnAway(stream.turnAway?.(why) ?? { status: 401, body: '' });
    }
    const handshake = await this.getReady();
    // Nobody tells of a close that has been already.
    if (socket.destroyed) return run.turnedAway(visitor);
    if (this.#closed) return turnAway({ status: 503, body: '' });
    socket.once('close', () => run.turnedAway(visitor));
    handshake.shake(stream.manners, request, socket, head, (line, deflate) => {
      const arrival = { deflate, line };
      visitor.record.knocked(101);
      run.accept({
        ...arrival,
        ...entrance,
        visitor,
        wire: stream.wire(request.headers),
        credentials,
        moves: (login, message) => {
          const other = elsewhere?.(login);
          if (other === undefined) return undefined;
          const move = (): void => {
            run.turnedAway(visitor);
            const wire = other.entrance.stream.wire(request.headers);
            other.door.#adopt(socket, { ...arrival, ...other.entrance, wire, credentials: undefined, login: message });
          };
          return { to: other.id, move };
        },
      });
    });
  }

  /** Loads the WebSocket library once; whoever knocks meanwhile waits for it. */
  async getReady(): Promise<Handshake> {
    this.#handshake ??= import('./session/handshake.ts').then(
      ({ Handshake }) => new Handshake(this.#run.scenario.limits.message, this.#clock),
    );
    return await this.#handshake;
  }

  /** Lets nobody in any more, and sends away who is there. */
  close(): void {
    this.#closed = true;
    for (const session of [...this.#run.sessions]) {
      session.record.dismissed(() => session.end());
      session.line.straighten();
    }
    for (const waiting of [...this.#hanging, ...this.#asking]) waiting.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
    await this.#frontDesk[Symbol.asyncDispose]();
  }

  /** Takes over a client that another run has greeted. */
  #adopt(socket: Duplex, arrival: Omit<Arrival, 'visitor'>): void {
    const visitor: Visitor = this.#run.knock(arrival.exchange, arrival.stream);
    socket.once('close', () => this.#run.turnedAway(visitor));
    visitor.record.knocked(101);
    this.#run.accept({ ...arrival, visitor });
  }

  /** Never answers; the client hangs up when it has waited enough. */
  #leaveHanging(socket: Duplex): void {
    this.#hanging.add(socket);
    socket.once('close', () => this.#hanging.delete(socket));
    // Or its hanging up would not be noticed.
    socket.resume();
  }

  /** For so long, or until the client hangs up or the door closes. */
  async #hold(socket: Duplex, span: Nanos): Promise<void> {
    const clock = this.#clock;
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

  #tooMany(address: string): boolean {
    const { connectsPerMinute } = this.#run.scenario.limits;
    if (connectsPerMinute === undefined) return false;
    const now = this.#clock.now() / minute;
    if (now !== this.#minute) this.#connects.clear();
    this.#minute = now;
    const count = (this.#connects.get(address) ?? 0) + 1;
    this.#connects.set(address, count);
    return count > connectsPerMinute;
  }
}
