import type { Settings } from './settings.ts';
import { snippets, type Reachable } from './snippets.ts';

/** What `serve` prints once clients can connect. */
export function greeting(name: string, file: string, settings: Settings, reachable: Reachable): string {
  const { url, streams } = reachable;
  return `Papertape plays "${name}" (${file}) at ${url}

${streams.map((path) => `  ${url}${path}`).join('\n')}

Admin port ${settings.adminPort} is kept for the admin API of a later version. Stop with Ctrl-C.

${snippets(reachable).trimEnd()}
`;
}

/** An address that a client on this machine can use: a server that listens on every address is reached on loopback. */
export function reachableUrl(host: string, port: number, scheme: 'ws' | 'wss'): string {
  const named = host === '0.0.0.0' || host === '::' || host === '[::]' ? '127.0.0.1' : host;
  return `${scheme}://${named.includes(':') ? `[${named}]` : named}:${port}`;
}
