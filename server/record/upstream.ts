import { type ClientRequest, type IncomingMessage, request as plain, type ServerResponse } from 'node:http';
import { request as secure } from 'node:https';
import type { Duplex } from 'node:stream';

/** Headers that belong to one connection, not to what is said over it (RFC 9110 §7.6.1). */
const hops = ['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade', 'te', 'trailer'];

/** The vendor: where requests and upgrades go, word for word but for the `Host`. */
export class Upstream {
  readonly #url: URL;

  constructor(url: URL) {
    this.#url = url;
  }

  /** Scheme, host and port: nothing that could be secret. */
  get origin(): string {
    return `${this.#url.protocol}//${this.#url.host}`;
  }

  /** Where a client goes that names no path. */
  target(asked: string): string {
    return asked === '/' ? `${this.#url.pathname}${this.#url.search}` : asked;
  }

  /** Begins the same request at the vendor. */
  open(request: IncomingMessage, headers: string[]): ClientRequest {
    const { protocol, hostname, port } = this.#url;
    const isSecure = protocol === 'wss:' || protocol === 'https:';
    const options = {
      hostname: hostname.replace(/^\[|\]$/g, ''),
      port: port === '' ? (isSecure ? 443 : 80) : port,
      method: request.method,
      path: this.target(request.url ?? '/'),
      headers,
      agent: false,
    };
    return isSecure ? secure(options) : plain(options);
  }

  /** The request's headers as they came, addressed to the vendor. */
  headersOf({ rawHeaders }: IncomingMessage): string[] {
    return rawHeaders.map((word, index) =>
      index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === 'host' ? this.#url.host : word,
    );
  }
}

/** Passes a plain request on and its answer back; nothing of it is recorded. */
export function passOn(
  upstream: Upstream,
  request: IncomingMessage,
  response: ServerResponse,
  failed: (error: Error) => void,
): void {
  const outgoing = upstream.open(request, endToEnd(upstream.headersOf(request)));
  outgoing.on('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.statusMessage, endToEnd(answer.rawHeaders));
    answer.on('error', () => response.destroy());
    answer.pipe(response);
  });
  outgoing.on('error', (error) => {
    failed(error);
    if (response.headersSent) response.destroy();
    else response.writeHead(502, { 'content-type': 'text/plain' }).end(`${unreachable(upstream, error)}\n`);
  });
  response.on('close', () => outgoing.destroy());
  request.pipe(outgoing);
}

/** A status line with its headers, as it came. */
export function headOf(
  { statusCode = 502, statusMessage = '', rawHeaders }: IncomingMessage,
  wanted = rawHeaders,
): string {
  const lines = wanted.flatMap((word, index) => (index % 2 === 0 ? [`${word}: ${wanted[index + 1] ?? ''}`] : []));
  return [`HTTP/1.1 ${statusCode} ${statusMessage}`, ...lines, '', ''].join('\r\n');
}

/** Passes the vendor's refusal of an upgrade on: its status, its headers, its body. */
export function refuseLike(answer: IncomingMessage, socket: Duplex): void {
  socket.write(headOf(answer, [...endToEnd(answer.rawHeaders), 'Connection', 'close']));
  answer.on('error', () => socket.destroy());
  answer.pipe(socket);
}

/** What a client is told, and the log, when the vendor gives no answer. */
export function unreachable(upstream: Upstream, error: NodeJS.ErrnoException): string {
  const why = distrusted.has(error.code ?? '')
    ? `${error.message}; if its certificate is by an authority of your own, start again with NODE_EXTRA_CA_CERTS=<its file, PEM>`
    : error.message;
  return `papertape record: ${upstream.origin} cannot be reached: ${why}`;
}

/** How OpenSSL calls certificates that lead to no authority it knows (Node's documentation of TLS, "X509 certificate error codes"). */
const distrusted = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

function endToEnd(headers: readonly string[]): string[] {
  return headers.filter((_, index) => !hops.includes((headers[index - (index % 2)] ?? '').toLowerCase()));
}
