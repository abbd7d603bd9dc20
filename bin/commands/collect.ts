import { once } from 'node:events';
import { resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { type Channel, channels } from '../../market/event.ts';
import type { Pipeline, PipelineSettings, Sink } from '../../client/index.ts';
import { HappeningLog } from '../happening-log.ts';
import { listenComplaint } from '../exchange.ts';
import { openLog } from '../log.ts';
import { packageVersion } from '../package-files.ts';
import { readPipelineFile } from '../pipeline-file.ts';
import { pipelineOf, type PipelineOptions } from '../pipeline-options.ts';
import { readSettings } from '../settings.ts';
import { Complaint, type ExitCode, exitCodes, printable, type Shell } from '../shell.ts';
import { vendorNamed, vendors } from '../vendor-keys.ts';

interface Options extends PipelineOptions {
  readonly rows?: string;
  readonly print?: boolean;
  readonly logLevel?: string;
}

/** Adds `collect`: the client and pipeline. */
export function addCollect(program: Command, shell: Shell, ended: (code: ExitCode) => void): void {
  program
    .command('collect')
    .description('listen to a vendor, or to a Papertape that plays one, and store, cache and serve what it says')
    .argument('[file]', 'settings of a pipeline, YAML; without it, the options below')
    .option('--vendor <name>', `${vendors.join(', ')} (PAPERTAPE_VENDOR, alpaca)`, (text) =>
      vendorNamed(text, '--vendor'),
    )
    .option('--url <url>', 'where the vendor’s streams are (PAPERTAPE_URL, ws://127.0.0.1:8765: a Papertape)')
    .option('--symbols <list>', 'symbols, with commas between (AAPL,MSFT)', listOf)
    .option(
      '--channels <list>',
      'channels, with commas between: trade,quote,bar (trade; twelvedata: price)',
      channelsOf,
    )
    .option('--source <name>', 'what rows name as their source (the vendor’s name); name another for replayed data')
    .option('--database <url>', 'postgres://…, a folder for an embedded PostgreSQL, or none (DATABASE_URL, none)')
    .option('--redis <url>', 'redis://… to cache in (REDIS_URL; in this process)')
    .option('--service-port <port>', 'port of health and live prices, 0 for a free one, or off (8768)')
    .option('--rows <file>', 'append what is heard to a file, JSON, one event a line (PAPERTAPE_ROWS)')
    .option('--print', 'print what is heard, JSON, one event a line')
    .option('--log-level <level>', 'trace, debug, info, warn, error, fatal or silent (PAPERTAPE_LOG_LEVEL, info)')
    .addHelpText(
      'after',
      `
It comes back whatever ends its connection, notices a feed that went mute, asks history for what it missed, cleans, makes minute bars, stores
each event once, and tells how it fares on http://127.0.0.1:8768/health.

Keys come from the environment: PAPERTAPE_KEY and PAPERTAPE_SECRET, or what the vendor's SDK reads (APCA_API_KEY_ID and APCA_API_SECRET_KEY,
POLYGON_API_KEY or MASSIVE_API_KEY, TWELVEDATA_API_KEY); several with commas between are used in turn. A settings file says \${NAME} where a
variable belongs.

Exit codes: 0 stopped by SIGINT or SIGTERM, 1 failed, 2 bad input, 3 cannot listen.

Examples:
  papertape serve & papertape collect --print                      # a market at any hour
  papertape run scenarios/mute-feed.scenario.yaml -- papertape collect
  papertape collect --url wss://stream.data.alpaca.markets --symbols AAPL,MSFT --channels trade,quote --database postgres://localhost/market
  papertape collect pipeline.yaml`,
    )
    .action(async (file: string | undefined, options: Options) => ended(await collect(file, options, shell)));
}

async function collect(file: string | undefined, options: Options, shell: Shell): Promise<ExitCode> {
  const { logLevel } = readSettings(shell.environment, { logLevel: options.logLevel });
  const log = await openLog(logLevel, shell.err);
  const settings = file === undefined ? await pipelineOf(options, shell) : await settingsIn(file, options, shell);
  const pipeline = await open(settings, await sinksOf(options, shell), new HappeningLog(log), shell.stop);
  shell.err.write(printable(greeting(pipeline)));
  if (!shell.stop.aborted) await once(shell.stop, 'abort');
  await pipeline[Symbol.asyncDispose]();
  return exitCodes.ok;
}

async function settingsIn(file: string, options: Options, shell: Shell): Promise<PipelineSettings> {
  // Who says something twice would be heard once, and wonder which.
  const idle = Object.keys(options).find((name) => !['rows', 'print', 'logLevel'].includes(name));
  if (idle === undefined) return await readPipelineFile(resolve(shell.folder, file), shell);
  const option = idle.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  throw new Complaint(`--${option}: ${file} has the settings; write it there, or go without a file`);
}

async function open(
  settings: PipelineSettings,
  sinks: readonly Sink[],
  log: HappeningLog,
  signal: AbortSignal,
): Promise<Pipeline> {
  const { openPipeline, StoreError } = await import('../../client/index.ts');
  try {
    return await openPipeline(settings, { sinks, listen: log.tell, signal, version: packageVersion() });
  } catch (error) {
    if (error instanceof StoreError) throw new Complaint(error.message, undefined, { cause: error });
    if (settings.service === false) throw error;
    const { host, port } = settings.service;
    throw listenComplaint(error, { host, port, portBy: '--service-port or service.port', hostBy: 'service.host' });
  }
}

async function sinksOf(options: Options, { environment, folder, out }: Shell): Promise<Sink[]> {
  const { fileOutlet, Lines } = await import('../../client/index.ts');
  const rows = options.rows ?? environment['PAPERTAPE_ROWS'];
  const sinks: Sink[] = [];
  if (rows !== undefined && rows !== '') {
    const outlet = await fileOutlet(resolve(folder, rows)).catch((cause: unknown) => {
      const message = cause instanceof Error ? cause.message : String(cause);
      throw new Complaint(`--rows or PAPERTAPE_ROWS: ${message}`, undefined, { cause });
    });
    sinks.push(new Lines(outlet));
  }
  if (options.print === true) {
    const write = async (text: string): Promise<void> => void out.write(text);
    sinks.push(new Lines({ write, close: async () => undefined }));
  }
  return sinks;
}

function greeting({ collectors, service }: Pipeline): string {
  const feeds = collectors.map(({ name, wants }) => {
    const channelsWanted = [...wants].map(([channel, symbols]) => `${channel} of ${[...symbols].join(', ')}`);
    return `  ${name}: ${channelsWanted.join('; ')}`;
  });
  const served =
    service === undefined ? '' : `\n  health and live prices: ${service.url}/health, ${service.url}/status`;
  return `Papertape collects\n${feeds.join('\n')}${served}\n  Stop with Ctrl-C.\n`;
}

const listOf = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

function channelsOf(text: string): Channel[] {
  return listOf(text).map((name) => {
    const channel = channels.find((one) => one === name);
    if (channel === undefined) throw new InvalidArgumentError(`${name} is no channel. Use ${channels.join(', ')}.`);
    return channel;
  });
}
