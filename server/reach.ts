import { clientVariables } from './client-variables.ts';
import type { Address, Credentials } from './exchanges/exchange.ts';
import type { Run } from './run.ts';
import { closest } from './scenario/spelling.ts';

/** How clients of a run find it, and as whom they come. */
export interface Reach extends Address {
  /** What a client's process is started with, so that the vendors' SDKs find the run without a change; lay it over its own. */
  readonly env: Readonly<Record<string, string>>;
  /** The whole URL of a stream, by its path: `/v2/iex`. Throws a RangeError for a path that no exchange of the run serves. */
  streamUrl(path: string): string;
}

/** How clients find a run at an address of this machine. */
export function reachOf(run: Run, { host, port, scheme, prefix, key, secret }: Place): Reach {
  // Who listens on every address is reached on loopback.
  const named = ['', '0.0.0.0', '::', '[::]'].includes(host) ? '127.0.0.1' : host;
  const url = `${scheme}://${named.includes(':') ? `[${named}]` : named}:${port}${prefix}`;
  const address = { url, httpUrl: url.replace(/^ws/, 'http'), key, secret };
  const names = run.exchanges.map(({ name }) => name);
  return {
    ...address,
    env: clientVariables(address, names),
    streamUrl(path) {
      const paths = run.exchanges.flatMap(({ name, streams }) => streams.map((one) => ({ name, path: one.path })));
      if (paths.some((one) => one.path === path || `/${one.name}${one.path}` === path)) return `${url}${path}`;
      const meant = closest(path, run.streams);
      const wayOut = meant === undefined ? `use one of ${run.streams.join(', ')}` : `did you mean ${meant}?`;
      throw new RangeError(`${path} is no stream of this scenario; ${wayOut}`);
    },
  };
}

interface Place extends Credentials {
  readonly host: string;
  readonly port: number;
  readonly scheme: 'ws' | 'wss';
  /** What comes before every path of a vendor; usually nothing. */
  readonly prefix: string;
}
