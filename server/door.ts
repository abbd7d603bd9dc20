import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Clock } from '../market/clock.ts';
import { Admission, type Entrance } from './door/admission.ts';
import { ConnectRate } from './door/connect-rate.ts';
import { WaitingRoom } from './door/waiting-room.ts';
import type { Credentials } from './exchanges/exchange.ts';
import { findStream } from './exchanges/find-stream.ts';
import { FrontDesk } from './http/front-desk.ts';
import type { Handshake } from './session/handshake.ts';
import type { Log } from './log.ts';
import { refuse } from './http/refuse.ts';
import type { Run } from './run.ts';
import type { Arrival, Move } from './session/visit.ts';

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
  readonly #rate: ConnectRate;
  readonly #room: WaitingRoom;
  /** Requests without a whole answer. */
  readonly #asking = new Set<ServerResponse>();
  #closed = false;

  constructor(run: Run, clock: Clock, log: Log) {
    this.#run = run;
    this.#clock = clock;
    this.#frontDesk = new FrontDesk(run, clock, log);
    this.#rate = new ConnectRate(run.scenario.limits.connectsPerMinute, clock);
    this.#room = new WaitingRoom(clock);
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

  async upgrade(upgrade: Upgrade): Promise<void> {
    const { request, socket, head, entrance, credentials } = upgrade;
    const clock = this.#clock;
    if (this.#closed) return refuse(socket, { status: 503, body: '' }, clock);
    const address = request.socket.remoteAddress ?? '';
    if (this.#rate.isExceededBy(address)) return refuse(socket, { status: 429, body: '' }, clock);
    const admission = new Admission(this.#run, entrance, socket, this.#room, clock);
    if (!(await admission.isGranted(credentials))) return;
    const handshake = await this.getReady();
    // Nobody tells of a close that has been already.
    if (socket.destroyed) return void admission.over();
    if (this.#closed) return void admission.turnAway({ status: 503, body: '' });
    socket.once('close', () => admission.over());
    handshake.shake(entrance.stream.manners, request, socket, head, (line, deflate) =>
      this.#welcome(upgrade, admission, { line, deflate }),
    );
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
    this.#room.clear();
    for (const response of this.#asking) response.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
    await this.#frontDesk[Symbol.asyncDispose]();
  }

  #welcome(
    { request, socket, entrance, credentials, elsewhere }: Upgrade,
    admission: Admission,
    carried: Carried,
  ): void {
    const { visitor } = admission;
    visitor.record.knocked(101);
    const wire = entrance.stream.wire(request.headers);
    const moves = (shown: Credentials, login: Buffer): Move | undefined => {
      const other = elsewhere?.(shown);
      if (other === undefined) return undefined;
      const move = (): void => {
        admission.over();
        const theirs = other.entrance.stream.wire(request.headers);
        other.door.#adopt(socket, { ...carried, ...other.entrance, wire: theirs, credentials: undefined, login });
      };
      return { to: other.id, move };
    };
    this.#run.accept({ ...carried, ...entrance, visitor, wire, credentials, moves });
  }

  /** Takes over a client that another run has greeted. */
  #adopt(socket: Duplex, arrival: Omit<Arrival, 'visitor'>): void {
    const visitor = this.#run.knock(arrival.exchange, arrival.stream);
    socket.once('close', () => this.#run.turnedAway(visitor));
    visitor.record.knocked(101);
    this.#run.accept({ ...arrival, visitor });
  }
}

/** What a handshake has made of a socket. */
type Carried = Pick<Arrival, 'line' | 'deflate'>;
