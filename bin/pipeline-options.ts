import { resolve } from 'node:path';
import type { PipelineInput, PipelineSettings } from '../client/index.ts';
import type { Channel } from '../market/event.ts';
import { Complaint, type Shell } from './shell.ts';
import { type Vendor, vendorKeys, vendorNamed } from './vendor-keys.ts';

/** What the command line says of a pipeline; the environment fills in what it does not. */
export interface PipelineOptions {
  readonly vendor?: Vendor;
  readonly url?: string;
  readonly symbols?: readonly string[];
  readonly channels?: readonly Channel[];
  readonly source?: string;
  readonly database?: string;
  readonly redis?: string;
  readonly servicePort?: string;
}

/** The settings of a pipeline of one feed. Throws a Complaint that names the options and variables that are wrong. */
export async function pipelineOf(options: PipelineOptions, shell: Shell): Promise<PipelineSettings> {
  const { pipelineSettings } = await import('../client/index.ts');
  const result = pipelineSettings.safeParse(inputOf(options, shell));
  if (result.success) return result.data;
  throw new Complaint(result.error.issues.map(({ path, message }) => `${saidBy(path)}: ${message}`).join('\n'));
}

function inputOf(options: PipelineOptions, { environment, folder }: Shell): PipelineInput {
  const said = (name: string): string | undefined => environment[name] || undefined;
  const vendor = options.vendor ?? vendorNamed(said('PAPERTAPE_VENDOR') ?? 'alpaca', 'PAPERTAPE_VENDOR');
  const streamUrl = options.url ?? said('PAPERTAPE_URL') ?? 'ws://127.0.0.1:8765';
  // Another place for streams has another history.
  const historyUrl = options.url === undefined ? said('PAPERTAPE_HTTP_URL') : undefined;
  const wanted = options.channels ?? [vendor === 'twelvedata' ? 'price' : 'trade'];
  const symbols = [...(options.symbols ?? ['AAPL', 'MSFT'])];
  const database = options.database ?? said('DATABASE_URL') ?? 'none';
  const url = options.redis ?? said('REDIS_URL');
  return {
    feeds: [
      {
        feed: { vendor, streamUrl, ...(historyUrl !== undefined && { historyUrl }) },
        keys: vendorKeys(vendor, streamUrl, environment),
        want: Object.fromEntries(wanted.map((channel) => [channel, symbols])),
        ...(options.source !== undefined && { dataSource: options.source }),
      },
    ],
    store: database === 'none' ? false : { database, spool: { folder: resolve(folder, '.papertape/spool') } },
    cache: url === undefined ? {} : { url },
    service: serviceOf(options.servicePort),
  };
}

function serviceOf(port: string | undefined): PipelineInput['service'] {
  if (port === undefined) return {};
  if (port === 'off') return false;
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    throw new Complaint(`--service-port: ${port} – expected a port from 0 to 65535, or off`);
  }
  return { port: Number(port) };
}

/** Which option or variable speaks of a setting. */
const speakers: Readonly<Record<string, string>> = {
  streamUrl: '--url or PAPERTAPE_URL',
  historyUrl: 'PAPERTAPE_HTTP_URL',
  keys: 'the keys of the environment',
  want: '--channels and --symbols',
  dataSource: '--source',
  database: '--database or DATABASE_URL',
};

function saidBy(path: readonly PropertyKey[]): string {
  const name = path.find((part) => typeof part === 'string' && part in speakers);
  return (typeof name === 'string' ? speakers[name] : undefined) ?? path.join('.');
}
