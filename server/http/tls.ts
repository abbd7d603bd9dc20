import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import type { Server } from 'node:http';
import { Server as HttpsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { Nanos } from '../../market/event.ts';
import type { Log } from '../log.ts';
import { type Tls, TlsError } from './tls-error.ts';

/** A server for https and wss. Throws a `TlsError` for what no client could accept: no certificate, an expired one, another's key. */
export function secureServer(tls: Tls, now: Nanos, log: Log): Server {
  check(tls, now);
  const server = new SecureServer({ cert: tls.cert, key: tls.key });
  server.on('tlsClientError', (error: NodeJS.ErrnoException, { remoteAddress }) => {
    log.warn(
      { code: error.code, remoteAddress },
      hints[error.code ?? ''] ?? 'a client broke off while it agreed on TLS',
    );
  });
  return server;
}

/** Node knows a connection only once it has agreed on TLS; whoever connects and says nothing would keep the server open for ever. */
class SecureServer extends HttpsServer {
  readonly #unagreed = new Map<string, Socket>();

  constructor(options: { readonly cert: string; readonly key: string }) {
    super(options);
    this.on('connection', (socket: Socket) => {
      const name = nameOf(socket);
      this.#unagreed.set(name, socket);
      socket.once('close', () => this.#unagreed.delete(name));
    });
    this.on('secureConnection', (socket: Socket) => this.#unagreed.delete(nameOf(socket)));
  }

  override closeAllConnections(): void {
    super.closeAllConnections();
    for (const socket of this.#unagreed.values()) socket.destroy();
  }
}

const nameOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress} ${remotePort}`;

const distrust = 'a client does not trust the certificate; papertape cert prints how clients come to trust it';
const hints: Readonly<Record<string, string>> = {
  ERR_SSL_HTTP_REQUEST: 'a client came without TLS; give it the address with wss:// or https://',
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: distrust,
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN: distrust,
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: distrust,
};

function check({ cert, key }: Tls, now: Nanos): void {
  const certificate = parsed(
    'cert',
    'not a PEM certificate; give one that begins with -----BEGIN CERTIFICATE-----',
    () => {
      return new X509Certificate(cert);
    },
  );
  const privateKey: KeyObject = parsed(
    'key',
    'not a PEM private key without a passphrase; decrypt it, or make a new one with papertape cert',
    () => {
      return createPrivateKey(key);
    },
  );
  const millis = Number(now / 1_000_000n);
  if (Date.parse(certificate.validTo) <= millis) {
    throw new TlsError('cert', `expired on ${certificate.validTo}; renew it, with papertape cert if that made it`);
  }
  if (Date.parse(certificate.validFrom) > millis) {
    throw new TlsError(
      'cert',
      `not valid before ${certificate.validFrom}; correct this machine's clock, or make a new one`,
    );
  }
  if (!certificate.checkPrivateKey(privateKey)) {
    throw new TlsError('key', 'belongs to another certificate; give the key that was made with this one');
  }
}

function parsed<Value>(part: keyof Tls, complaint: string, parse: () => Value): Value {
  try {
    return parse();
  } catch (cause) {
    throw new TlsError(part, complaint, { cause });
  }
}
