import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { once } from 'node:events';
import { type Command, InvalidArgumentError } from 'commander';
import { parseDuration } from '../../market/duration.ts';
import type { Nanos } from '../../market/event.ts';
import type { Recorder, RecorderOptions } from '../../server/index.ts';
import { driftTable } from '../drift-table.ts';
import { listenComplaint } from '../exchange.ts';
import { openLog } from '../log.ts';
import { readSettings } from '../settings.ts';
import { readTlsFiles, tlsComplaint, type TlsFiles } from '../tls-files.ts';
import { Complaint, type ExitCode, exitCodes, isStopped, printable, type Shell } from '../shell.ts';

interface Options {
  readonly upstream: URL;
  readonly tape?: string;
  readonly frames?: string;
  readonly drift?: string;
  readonly failOnDrift?: boolean;
  readonly vendor?: string;
  readonly window?: Nanos;
  readonly port: string;
  readonly host?: string;
  readonly logLevel?: string;
  readonly tls?: boolean;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
}

/** Adds `record`: stands between a client and a vendor and makes a tape of what the client hears. */
export function addRecord(program: Command, shell: Shell, ended: (code: ExitCode) => void): void {
  program
    .command('record')
    .description('stand between your client and a vendor, and make a tape of what the client hears')
    .requiredOption('--upstream <url>', 'the vendor: wss://stream.data.alpaca.markets', upstreamOf)
    .option('-t, --tape <file>', 'tape to begin or to go on with; ends in .ndjson or .ndjson.gz')
    .option('--frames <file>', 'write every frame as it came as NDJSON, keys blacked out; of any WebSocket')
    .option('--drift <file>', "write as JSON how the vendor's messages differ from Papertape's")
    .option('--fail-on-drift', 'end with 1 when they differ')
    .option('--vendor <name>', 'alpaca, polygon or twelvedata, where the path does not show it')
    .option('--window <duration>', 'how far apart on the tape events may come and still be put in order', windowOf)
    .option('-p, --port <port>', 'port to listen on, 0 for a free one', '8767')
    .option('--host <host>', 'address to listen on (PAPERTAPE_HOST, 127.0.0.1)')
    .option('--log-level <level>', 'trace, debug, info, warn, error, fatal or silent (PAPERTAPE_LOG_LEVEL, info)')
    .option('--tls', 'speak https and wss to clients, as serve does (PAPERTAPE_TLS=1)')
    .option('--tls-cert <file>', 'a certificate of your own, PEM, with its chain (PAPERTAPE_TLS_CERT)')
    .option('--tls-key <file>', 'its private key, PEM (PAPERTAPE_TLS_KEY)')
    .addHelpText(
      'after',
      `
Your client connects to the recorder as it would to the vendor, with the same path and its own keys; everything is passed on as it is,
both ways, also refusals and how connections end. HTTP requests are passed on too, and not recorded. Keys are never written down.

A recording that was stopped, killed or cut off goes on when the same tape is named again: what it has already is not written twice, and
its sidecar tells the pieces and the gaps between them. Events that come too late for their place are kept beside it, in
<tape>.strays.ndjson; 'papertape tape import' puts them in. The data is the vendor's: keep it to yourself.

When it is stopped, clients and vendor are told so with a Close frame (1001). A vendor whose certificate is by an authority of your own, such
as another Papertape with --tls, is trusted with NODE_EXTRA_CA_CERTS=ca.pem in the environment.

Exit codes: 0 stopped by SIGINT or SIGTERM, 1 failed, or drift with --fail-on-drift, 2 bad input, 3 cannot listen.

Examples:
  papertape record --upstream wss://stream.data.alpaca.markets --tape my-day.ndjson.gz
      and the client: new Alpaca({ … }).marketData.stockStream({ url: 'ws://127.0.0.1:8767/v2/iex' })
  papertape record --upstream wss://socket.polygon.io --tape my-day.ndjson.gz --drift drift.json --fail-on-drift
  papertape record --upstream wss://ws.twelvedata.com --tape my-day.ndjson --frames frames.ndjson
  papertape record --upstream wss://any.example/feed --frames frames.ndjson     # no exchange known here: frames only
  papertape cert && papertape record --tls --upstream wss://stream.data.alpaca.markets --tape my-day.ndjson.gz
      for clients that speak wss alone, such as Alpaca's JavaScript SDK 3.x`,
    )
    .action(async (options: Options) => ended(await record(options, shell)));
}

async function record(options: Options, shell: Shell): Promise<ExitCode> {
  const { tape, frames, drift, upstream, vendor, window } = options;
  if (tape === undefined && frames === undefined && drift === undefined && options.failOnDrift !== true) {
    throw new Complaint('nothing to record to: give --tape, --frames or --drift');
  }
  // The port is the recorder's own: an exchange may run beside it.
  const { host, port, logLevel, tls } = readSettings(shell.environment, options);
  const log = await openLog(logLevel, shell.err);
  const secure = tls && (await readTlsFiles(tls, shell));
  const broken: Error[] = [];
  const stop = new AbortController();
  const stopped = (): void => stop.abort();
  shell.stop.addEventListener('abort', stopped);
  if (shell.stop.aborted) stopped();
  const place = (file: string | undefined): string | undefined => file && resolve(shell.folder, file);
  const recorder = await open(
    {
      upstream,
      host,
      port,
      tls: secure?.tls,
      tape: place(tape),
      frames: place(frames),
      vendor,
      window,
      log,
      signal: stop.signal,
      failed: (error) => {
        broken.push(error instanceof Error ? error : new Error(String(error)));
        stop.abort();
      },
    },
    secure,
    shell,
  );
  shell.out.write(printable(greeting(options, recorder)));
  if (!stop.signal.aborted) await once(stop.signal, 'abort');
  await recorder[Symbol.asyncDispose]();
  const report = recorder.drift;
  if (drift !== undefined) {
    await writeFile(resolve(shell.folder, drift), `${JSON.stringify(report, undefined, 2)}\n`);
  }
  shell.out.write(printable(`${outcome(options, recorder)}${driftTable(report)}`));
  for (const error of broken)
    throw new Complaint(`nothing more could be recorded: ${error.message}`, exitCodes.failed, { cause: error });
  return options.failOnDrift === true && report.findings > 0 ? exitCodes.failed : exitCodes.ok;
}

async function open(options: RecorderOptions, secure: TlsFiles | undefined, shell: Shell): Promise<Recorder> {
  const { startRecorder } = await import('../../server/index.ts');
  const { host = '127.0.0.1', port = 0 } = options;
  return await startRecorder(options).catch(async (error: unknown) => {
    if (isStopped(error, shell)) throw new Complaint('stopped before it was ready', exitCodes.ok, { cause: error });
    if (error instanceof RangeError) throw new Complaint(`--vendor ${error.message}`, undefined, { cause: error });
    const complaint = await tlsComplaint(error, secure);
    throw listenComplaint(complaint, { host, port, portBy: '--port', hostBy: '--host or PAPERTAPE_HOST' });
  });
}

/** What tells a user where the client has to go. The address of the vendor may hold a key, so its query is not shown. */
function greeting({ upstream, tape, frames }: Options, { url }: Recorder): string {
  const path = upstream.pathname === '/' ? '' : upstream.pathname;
  const into = [tape, frames].filter((file) => file !== undefined).join(' and ');
  return `Papertape records ${upstream.protocol}//${upstream.host}${into === '' ? '' : ` to ${into}`}

  ${url}${path}   in place of   ${upstream.protocol}//${upstream.host}${path}

Point your client there; its own keys are passed on and never written down. Stop with Ctrl-C.
`;
}

function outcome({ tape, frames }: Options, { summary }: Recorder): string {
  const lines = [`\n${count(summary.connections)} connection(s)`];
  if (summary.tape !== undefined && tape !== undefined) {
    const { events, repeats, strays, pieces, cut } = summary.tape;
    lines.push(`${tape}: ${count(events)} events${pieces > 1 ? `, piece ${pieces}` : ''}`);
    if (cut > 0) lines.push(`  ${count(cut)} bytes of a piece that was not finished before were cut off`);
    if (repeats > 0) lines.push(`  ${count(repeats)} heard once more, which it has already`);
    if (strays > 0)
      lines.push(`  ${count(strays)} came too late for their place; they are in the .strays.ndjson beside it`);
  }
  if (summary.frames !== undefined && frames !== undefined) lines.push(`${frames}: ${count(summary.frames)} lines`);
  return `${lines.join('\n')}\n`;
}

const count = (number: number): string => number.toLocaleString('en-US');

function upstreamOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['ws:', 'wss:', 'http:', 'https:'].includes(url.protocol)) {
    throw new InvalidArgumentError('expected ws://… or wss://…');
  }
  if (url.username !== '' || url.password !== '') {
    throw new InvalidArgumentError('no user name or password there: your client sends its own');
  }
  return url;
}

function windowOf(text: string): Nanos {
  const window = parseDuration(text);
  if (window === undefined) throw new InvalidArgumentError('expected a duration such as 2s or 500ms');
  return window;
}
