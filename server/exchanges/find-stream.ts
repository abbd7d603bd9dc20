import type { Exchange, Stream } from './exchange.ts';

/** The stream at a path, with or without its exchange's name and a trailing slash. */
export function findStream(
  exchanges: readonly Exchange[],
  path: string,
): { exchange: Exchange; stream: Stream } | undefined {
  for (const exchange of exchanges) {
    const named = path.startsWith(`/${exchange.name}/`) ? path.slice(exchange.name.length + 1) : path;
    const stream = exchange.streams.find((candidate) => candidate.path === named || `${candidate.path}/` === named);
    if (stream !== undefined) return { exchange, stream };
  }
  return undefined;
}
