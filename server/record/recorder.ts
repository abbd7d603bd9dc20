import type { ClientRequest, IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Clock } from '../../market/clock.ts';
import type { Nanos } from '../../market/event.ts';
import { refuse } from '../http/refuse.ts';
import { resetSocket } from '../http/reset-socket.ts';
import { Conversation, type Keepers } from './conversation.ts';
import type { DriftReport } from './drift/drift.ts';
import type { Dialect, Dialects } from './hearing.ts';
import { Passage } from './passage.ts';
import type { TapeSummary } from './tape-recording.ts';
import { headOf, passOn, refuseLike, unreachable, type Upstream } from './upstream.ts';

/** What a recording came to. */
export interface RecordingSummary {
  /** Connections that the vendor accepted. */
  readonly connections: number;
  /** Absent without a tape. */
  readonly tape: TapeSummary | undefined;
  /** Lines written. */
  readonly frames: number | undefined;
}

/** Clients at once; the next is refused. */
const mostConnections = 256;

/** What a client is told that comes too early, too late, or while there are too many. */
export const unready = { status: 503, body: '' };
/** Why clients still wait for the vendor's answer in vain. */
const stopping = new Error('the recorder stops');

interface Place {
  readonly server: Server;
  readonly upstream: Upstream;
  readonly dialects: Dialects;
  readonly scheme: 'ws' | 'wss';
  readonly host: string;
  readonly clock: Clock;
}

/** Stands between clients and a vendor and records what they hear. Dispose of it to end the tape. */
export class Recorder implements AsyncDisposable {
  readonly port: number;
  /** `ws://host:port`, or wss, to be followed by the vendor's path. */
  readonly url: string;
  readonly #keepers: Keepers;
  readonly #place: Place;
  readonly #clients = new Set<Duplex>();
  /** What clients wait for that the vendor has not answered yet. */
  readonly #asked = new Set<ClientRequest>();
  readonly #passages = new Set<Passage>();
  /** Bars heard last, by stream. */
  readonly #bars = new Map<string, Map<string, Nanos>>();
  #connections = 0;

  /** Is called by `startRecorder` with a server that listens. */
  constructor(keepers: Keepers, place: Place) {
    this.#keepers = keepers;
    this.#place = place;
    const address = place.server.address();
    this.port = typeof address === 'object' && address !== null ? address.port : 0;
    this.url = `${place.scheme}://${place.host.includes(':') ? `[${place.host}]` : place.host}:${this.port}`;
    place.server.on('request', (request, response) => {
      this.#keepers.secrets.learnHeaders(request.headers);
      passOn(place.upstream, request, response, (error) => this.#unreachable(error));
    });
    place.server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
  }

  get drift(): DriftReport {
    return this.#keepers.drift.report;
  }

  get summary(): RecordingSummary {
    const { tape, transcript } = this.#keepers;
    return { connections: this.#connections, tape: tape?.summary, frames: transcript?.lines };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise((resolve) => this.#place.server.close(resolve));
    this.#place.server.closeAllConnections();
    for (const asked of this.#asked) asked.destroy(stopping);
    await Promise.all([...this.#passages].map(async (passage) => await passage[Symbol.asyncDispose]()));
    await closed;
    try {
      await this.#keepers.tape?.[Symbol.asyncDispose]();
    } finally {
      await this.#keepers.transcript?.[Symbol.asyncDispose]();
    }
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { upstream, dialects, clock } = this.#place;
    const { secrets, log } = this.#keepers;
    socket.on('error', () => socket.destroy());
    if (this.#clients.size >= mostConnections) return refuse(socket, unready, clock);
    this.#clients.add(socket);
    socket.once('close', () => this.#clients.delete(socket));
    const target = upstream.target(request.url ?? '/');
    const path = secrets.pathOf(target);
    secrets.learnHeaders(request.headers);
    const dialect = this.#dialectOf(dialects, target, request);
    const outgoing = upstream.open(request, upstream.headersOf(request));
    this.#asked.add(outgoing);
    outgoing.once('close', () => this.#asked.delete(outgoing));
    socket.once('close', () => outgoing.destroy());
    outgoing.on('upgrade', (answer, vendor, first) => {
      this.#accept({ answer, vendor, socket, path, dialect, heads: { client: head, vendor: first } });
    });
    outgoing.on('response', (answer) => {
      log.info({ path, status: answer.statusCode }, 'the vendor refused a client');
      void this.#keepers.transcript?.write({ kind: 'refused', path, status: answer.statusCode });
      refuseLike(answer, socket);
    });
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      if (socket.destroyed) return;
      if (error === stopping) return refuse(socket, unready, clock);
      // The vendor hung up without an answer, and so does this.
      if (error.code === 'ECONNRESET') return resetSocket(socket);
      this.#unreachable(error);
      refuse(socket, { status: 502, body: `${unreachable(upstream, error)}\n` }, clock);
    });
    outgoing.end();
  }

  /** Whose words are spoken; learns the key that the upgrade shows. */
  #dialectOf(dialects: Dialects, target: string, request: IncomingMessage): Dialect | undefined {
    if (!URL.canParse(target, 'ws://vendor')) return undefined;
    const url = new URL(target, 'ws://vendor');
    const dialect = dialects.find(url.pathname, request.headers);
    const shown = dialect?.stream.credentials(request.headers, url.searchParams);
    this.#keepers.secrets.learn(shown?.key, shown?.secret);
    return dialect;
  }

  #accept({ answer, vendor, socket, path, dialect, heads }: Accepted): void {
    const { log, tape, transcript } = this.#keepers;
    const connection = ++this.#connections;
    socket.write(headOf(answer));
    void transcript?.write({ connection, kind: 'open', path });
    const conversation = this.#listen(connection, dialect, answer);
    if (dialect !== undefined) {
      this.#warnOfTwins(dialect);
      tape?.follow(`${dialect.exchange} ${dialect.path}`);
      log.info({ connection, path, exchange: dialect.exchange }, 'a client is connected; what it hears is recorded');
    } else {
      log.warn({ connection, path }, `no exchange known here answers on ${path}: ${unknown(transcript !== undefined)}`);
    }
    if (heads.client.length > 0) socket.unshift(heads.client);
    if (heads.vendor.length > 0) vendor.unshift(heads.vendor);
    const { clock } = this.#place;
    const passage = new Passage({ connection, client: socket, vendor, conversation, keepers: this.#keepers, clock });
    this.#passages.add(passage);
    void passage.ended.finally(() => this.#passages.delete(passage));
  }

  #listen(connection: number, dialect: Dialect | undefined, answer: IncomingMessage): Conversation | undefined {
    const stream = `${dialect?.exchange} ${dialect?.path}`;
    const bars = this.#bars.get(stream) ?? new Map<string, Nanos>();
    this.#bars.set(stream, bars);
    try {
      const extensions = answer.headers['sec-websocket-extensions'];
      return new Conversation(this.#keepers, connection, dialect, extensions, bars);
    } catch (error) {
      this.#keepers.log.warn(
        { connection, err: error },
        'the two agreed on an extension unknown here: nothing is recorded',
      );
      return undefined;
    }
  }

  /** A tape does not tell feeds apart. */
  #warnOfTwins({ exchange, path, markets }: Dialect): void {
    const twins = (this.#keepers.tape?.paths ?? []).filter((known) => {
      const [of = '', at = ''] = known.split(' ');
      const other = of === exchange && at !== path ? this.#place.dialects.find(at, {}) : undefined;
      return other?.markets.some((market) => markets.includes(market)) === true;
    });
    if (twins.length === 0 || markets.length > 1) return;
    this.#keepers.log.warn(
      { path, twins },
      `${path} and ${twins.join(', ')} tell of the same market, and a tape does not keep them apart; record each to a tape of its own`,
    );
  }

  #unreachable(error: Error): void {
    const { log, secrets } = this.#keepers;
    log.warn(secrets.conceal(unreachable(this.#place.upstream, error)));
  }
}

interface Accepted {
  readonly answer: IncomingMessage;
  readonly vendor: Duplex;
  readonly socket: Duplex;
  /** Without secrets. */
  readonly path: string;
  readonly dialect: Dialect | undefined;
  /** What came together with the last words of the upgrade. */
  readonly heads: { readonly client: Buffer; readonly vendor: Buffer };
}

const unknown = (writes: boolean): string =>
  writes
    ? 'only its frames are written down'
    : 'it is passed on, and nothing is recorded; name the vendor with --vendor, or write frames with --frames';
