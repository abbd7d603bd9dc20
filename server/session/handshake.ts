import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { Clock } from '../../market/clock.ts';
import { AbruptWebSocket, ClientSocket, PatientWebSocket } from './client-socket.ts';
import type { Manners } from '../exchanges/exchange.ts';
import type { Line } from './line.ts';

/** Shakes hands with WebSocket clients, as each stream's manners want it. */
export class Handshake {
  readonly #maxPayload: number;
  readonly #clock: Clock;
  /** One WebSocket server for each way of shaking hands. */
  readonly #servers = new Map<string, WebSocketServer>();

  /** `maxPayload`: bytes of the largest message a client may send. */
  constructor(maxPayload: number, clock: Clock) {
    this.#maxPayload = maxPayload;
    this.#clock = clock;
  }

  /** Answers an upgrade. A bad request is refused with 400 and never opens; `deflate` says whether compression was agreed on. */
  shake(
    manners: Manners,
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    opened: (line: Line, deflate: boolean) => void,
  ): void {
    const server = this.#serverFor(manners, request.headers['sec-websocket-extensions']);
    server.handleUpgrade(request, socket, head, (webSocket) => {
      const deflate = webSocket.extensions.includes('permessage-deflate');
      opened(new ClientSocket(webSocket, socket, this.#clock), deflate);
    });
  }

  #serverFor(manners: Manners, extensions = ''): WebSocketServer {
    // Without context takeover one compressed frame serves every client; a client that dictates our window does without.
    const compresses = manners.deflateFrom !== undefined && !extensions.includes('server_max_window_bits');
    const key = `${compresses} ${manners.closeFrames}`;
    const known = this.#servers.get(key);
    if (known !== undefined) return known;
    const server = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      // Sessions answer pings themselves, so that one can withhold the answer.
      autoPong: false,
      maxPayload: this.#maxPayload,
      handleProtocols: () => false,
      WebSocket: manners.closeFrames ? PatientWebSocket : AbruptWebSocket,
      perMessageDeflate: compresses && { serverNoContextTakeover: true },
    });
    this.#servers.set(key, server);
    return server;
  }
}
