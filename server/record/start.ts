import { once } from 'node:events';
import type { Server } from 'node:http';
import { type Clock, SystemClock } from '../../market/clock.ts';
import type { Nanos } from '../../market/event.ts';
import { second } from '../../market/nanos.ts';
import { type Log, silentLog } from '../log.ts';
import { openServer } from '../http/open-server.ts';
import { refuse } from '../http/refuse.ts';
import type { Tls } from '../http/tls-error.ts';
import { Drift } from './drift/drift.ts';
import { Dialects } from './hearing.ts';
import { Recorder, unready } from './recorder.ts';
import { Secrets } from './secrets.ts';
import { TapeRecording } from './tape-recording.ts';
import { TranscriptFile } from './transcript-file.ts';
import { Upstream } from './upstream.ts';

export interface RecorderOptions {
  /** The vendor: `wss://stream.data.alpaca.markets`; a path in it is where clients go that ask for none. */
  readonly upstream: URL;
  /** Loopback unless told otherwise. */
  readonly host?: string;
  /** 0 takes a free one. */
  readonly port?: number;
  /** With a certificate clients come over https and wss alone, whatever the vendor speaks. */
  readonly tls?: Tls | undefined;
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

/**
 * Starts a recorder. Throws a `TapeError` when the tape is none that can go on, a `RangeError` for an unknown vendor, a
 * `TlsError` when the certificate cannot serve, and Node's own error when the port is taken or a file cannot be written.
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
  const server = await openServer(options.tls, clock, log);
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
      { server, upstream, dialects, scheme: options.tls === undefined ? 'ws' : 'wss', host, clock },
    );
  } catch (error) {
    server.close();
    await transcript?.[Symbol.asyncDispose]();
    throw error;
  }
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  server.listen({ host, port });
  await once(server, 'listening');
}
