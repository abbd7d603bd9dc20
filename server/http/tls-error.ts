/** A server's certificate, with the chain below it if there is one, and its private key: both PEM. */
export interface Tls {
  readonly cert: string;
  readonly key: string;
}

/** A certificate or a key that cannot serve. `part` says which of the two; the message says why, and the way out. */
export class TlsError extends Error {
  override readonly name = 'TlsError';
  readonly part: keyof Tls;

  constructor(part: keyof Tls, message: string, options?: ErrorOptions) {
    super(message, options);
    this.part = part;
  }
}
