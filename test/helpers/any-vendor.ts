import { once } from 'node:events';
import { createServer } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';

/** A WebSocket server of nobody known, which does with each client what it is told, and answers plain requests with what was asked. */
export async function anyVendor(
  meet: (socket: WebSocket) => void,
): Promise<AsyncDisposable & { readonly url: string }> {
  const http = createServer((request, response) => {
    response
      .writeHead(418, { 'x-of': 'vendor' })
      .end(`${request.method} ${request.url} ${String(request.headers['x-key'])}`);
  });
  const sockets = new WebSocketServer({ server: http, perMessageDeflate: true, autoPong: false });
  sockets.on('connection', (socket) => meet(socket));
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const address = http.address();
  return {
    url: `ws://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets.clients) socket.terminate();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}
