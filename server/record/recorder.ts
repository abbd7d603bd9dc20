import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type Clock, SystemClock } from '../../market/clock.ts';
import type { Nanos } from '../../market/event.ts';
import { second } from '../../market/nanos.ts';
import { type Log, silentLog } from '../log.ts';
import { refuse } from '../http/refuse.ts';
import { resetSocket } from '../http/reset-socket.ts';
import { Conversation, type Keepers } from './conversation.ts';
import { Drift, type DriftReport } from './drift/drift.ts';
import { type Dialect, Dialects } from './hearing.ts';
import { relay } from './relay.ts';
import { Secrets } from './secrets.ts';
import { TapeRecording, type TapeSummary } from './tape-recording.ts';
import { TranscriptFile } from './transcript-file.ts';
import { headOf, passOn, refuseLike, unreachable, Upstream } from './upstream.ts';

export interface RecorderOptions {
  /** The vendor: `wss://stream.data.alpaca.markets`; a path in it is where clients go that ask for none. */
  readonly upstream: URL;
  /** Loopback unless told otherwise. */
  readonly host?: string;
  /** 0 takes a free one. */
  readonly port?: number;
  /** The tape to begin or to go on with, `.ndjson` or `.ndjson.gz`; without it only drift and frames are looked at. */
  readonly tape?: string | undefined;
  /** Where every frame is written down as it came, keys blacked out. */
  readonly frames?: string | undefined;
  /** Whose words are spoken, where the path does not tell. */
  readonly vendor?: string | undefined;
  /** How far apart on the tape events may come and still be put in order; two seconds when absent. */
  readonly window?: Nanos | undefined;
  readonly clock?: Clock;
  readonly log?: Log;
  /** Hears that nothing more can be recorded, because the disk is full, say. Clients go on hearing the vendor. */
  readonly failed?: (error: unknown) => void;
  /** Gives up a start that takes long, such as reading a big tape that goes on. Once it runs, dispose of it instead. */
  readonly signal?: AbortSignal;
}

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

/**
 * Starts a recorder. Throws a `TapeError` when the tape is none that can go on, a `RangeError` for an unknown vendor, and Node's own error
 * when the port is taken or a file cannot be written.
 */
export async function startRecorder(options: RecorderOptions): Promise<Recorder> {
  const { host = '127.0.0.1', port = 8767, clock = new SystemClock(), log = silentLog } = options;
  const signal = options.signal ?? new AbortController().signal;
  const failed =
    options.failed ?? ((error: unknown): void => log.error({ err: error }, 'nothing more can be recorded'));
  const upstream = new Upstream(options.upstream);
  const dialects = new Dialects(options.vendor);
  if (dialects.names.length === 0) {
    const known = new Dialects(undefined).names.join(', ');
    throw new RangeError(`${options.vendor ?? ''}: no exchange known here is called so; there are ${known}`);
  }
  const server = createServer();
  // Whoever comes while a big tape is still read is told so.
  server.on('request', (_, response) => void response.writeHead(503, { 'retry-after': '1' }).end());
  server.on('upgrade', (_, socket) => {
    socket.on('error', () => socket.destroy());
    refuse(socket, unready, clock);
  });
  await listen(server, host, port);
  let transcript: TranscriptFile | undefined;
  try {
    transcript = options.frames === undefined ? undefined : await TranscriptFile.open(options.frames, clock, failed);
    const tape =
      options.tape === undefined
        ? undefined
        : await TapeRecording.open({
            path: options.tape,
            origin: upstream.origin,
            window: options.window ?? 2n * second,
            clock,
            signal,
            failed,
          });
    const secrets = new Secrets();
    server.removeAllListeners('request').removeAllListeners('upgrade');
    // A key in the address of the vendor is one as well.
    secrets.pathOf(options.upstream.search === '' ? '/' : `/${options.upstream.search}`);
    return new Recorder(
      { tape, transcript, drift: new Drift(), secrets, log },
      { server, upstream, dialects, host, clock },
    );
  } catch (error) {
    server.close();
    await transcript?.[Symbol.asyncDispose]();
    throw error;
  }
}

const unready = { status: 503, body: '' };

interface Place {
  readonly server: Server;
  readonly upstream: Upstream;
  readonly dialects: Dialects;
  readonly host: string;
  readonly clock: Clock;
}

/** Stands between clients and a vendor and records what they hear. Dispose of it to end the tape. */
export class Recorder implements AsyncDisposable {
  readonly port: number;
  /** `ws://host:port`, to be followed by the vendor's path. */
  readonly url: string;
  readonly #keepers: Keepers;
  readonly #place: Place;
  readonly #clients = new Set<Duplex>();
  readonly #vendors = new Set<Duplex>();
  readonly #ending = new Set<Promise<void>>();
  /** Bars heard last, by stream. */
  readonly #bars = new Map<string, Map<string, Nanos>>();
  #connections = 0;

  /** Is called by `startRecorder` with a server that listens. */
  constructor(keepers: Keepers, place: Place) {
    this.#keepers = keepers;
    this.#place = place;
    const address = place.server.address();
    this.port = typeof address === 'object' && address !== null ? address.port : 0;
    this.url = `ws://${place.host.includes(':') ? `[${place.host}]` : place.host}:${this.port}`;
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
    for (const socket of [...this.#clients, ...this.#vendors]) socket.destroy();
    await closed;
    await Promise.all(this.#ending);
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
    this.#vendors.add(vendor);
    vendor.once('close', () => this.#vendors.delete(vendor));
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
    const hear = (side: 'client' | 'vendor') => (bytes: Buffer) => conversation?.hear(side, bytes);
    if (heads.client.length > 0) socket.unshift(heads.client);
    if (heads.vendor.length > 0) vendor.unshift(heads.vendor);
    relay(socket, vendor, hear('client'));
    relay(vendor, socket, hear('vendor'));
    socket.once('close', () => {
      if (conversation === undefined) return;
      const ended = this.#end(connection, conversation).finally(() => this.#ending.delete(ended));
      this.#ending.add(ended);
    });
  }

  /** What was heard last may still be unpacked. */
  async #end(connection: number, conversation: Conversation): Promise<void> {
    await conversation[Symbol.asyncDispose]();
    void this.#keepers.transcript?.write({ connection, kind: 'end' });
    this.#keepers.log.info({ connection }, 'a client is gone');
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

async function listen(server: Server, host: string, port: number): Promise<void> {
  server.listen({ host, port });
  await once(server, 'listening');
}
