import type { LiveMessage } from '../schemas/live.ts';

/** What is used of a WebSocket, the browser's or another. */
export interface LiveSocket {
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: 'close' | 'error', listener: () => void): void;
  close(): void;
}
export type LiveSocketType = new (url: string, protocols: string[]) => LiveSocket;

/** Hears what happens in a run, until it is disposed of or the connection ends. */
export interface Listening extends Disposable {
  /** Resolves when the connection is over, for whatever reason. */
  readonly over: Promise<void>;
}

export interface LiveOptions {
  /** Where the admin API is: `http://127.0.0.1:8766`. */
  readonly url: string;
  readonly token?: string | undefined;
  /** The global one when absent; Node has one from version 22 on. */
  readonly WebSocket?: LiveSocketType | undefined;
}

/** Opens a connection that tells what happens as it happens. `query`: which run, and which entries of its journal. */
export function openLive(
  { url, token, WebSocket = globalSocket() }: LiveOptions,
  query: string,
  handler: (message: LiveMessage) => void,
): Listening {
  const shown = token === undefined ? [] : [`token.${base64url(token)}`];
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/live${query}`, ['papertape', ...shown]);
  socket.addEventListener('message', ({ data }) => {
    const message: LiveMessage = JSON.parse(String(data));
    handler(message);
  });
  // Every error is followed by a close, which is all there is to know; some sockets throw where nobody listens.
  socket.addEventListener('error', () => undefined);
  const over = new Promise<void>((resolve) => socket.addEventListener('close', resolve));
  return { over, [Symbol.dispose]: () => socket.close() };
}

function globalSocket(): LiveSocketType {
  const found: LiveSocketType | undefined = Reflect.get(globalThis, 'WebSocket');
  if (found === undefined)
    throw new TypeError('there is no global WebSocket; give one, such as that of the package ws');
  return found;
}

/** A browser can show a token only as a subprotocol, whose letters are few. */
function base64url(text: string): string {
  const bytes = String.fromCharCode(...new TextEncoder().encode(text));
  return btoa(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
