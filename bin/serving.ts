import { snippets, type Reachable } from './snippets.ts';

interface Greeted extends Reachable {
  /** Where the admin page is; absent without an admin API. */
  readonly admin: string | undefined;
}

/** What `serve` prints once clients can connect. */
export function greeting(name: string, file: string, reachable: Greeted): string {
  const { url, streams, admin } = reachable;
  const page = admin === undefined ? '' : `Steer it at ${admin}/ or over the API there (${admin}/docs). `;
  return `Papertape plays "${name}" (${file}) at ${url}

${streams.map((path) => `  ${url}${path}`).join('\n')}

${page}Stop with Ctrl-C.

${snippets(reachable).trimEnd()}
`;
}

/** An address that a client on this machine can use: a server that listens on every address is reached on loopback. */
export function reachableUrl(host: string, port: number, scheme: 'ws' | 'wss'): string {
  const named = host === '0.0.0.0' || host === '::' || host === '[::]' ? '127.0.0.1' : host;
  return `${scheme}://${named.includes(':') ? `[${named}]` : named}:${port}`;
}
