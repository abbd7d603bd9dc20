import type { Duplex } from 'node:stream';
import type { Client, Submittable } from 'pg';

const copyData = 0x64;
const copyDone = 0x63;
const errorResponse = 0x45;
/** What may come between: CopyOutResponse, notices, parameter changes, notifications. */
const asides: ReadonlySet<number> = new Set([0x48, 0x4e, 0x53, 0x41]);

/** What to do at a place of the bytes received. */
export type Frame = 'row' | 'aside' | 'done' | 'error' | 'partial';

/** Which message begins at `at`; `partial` when it has not fully arrived. (PostgreSQL manual, "Message Formats".) */
export function frameAt(view: DataView, at: number): Frame {
  if (at + 5 > view.byteLength) return 'partial';
  const code = view.getUint8(at);
  if (code === copyDone) return 'done';
  if (at + 1 + view.getInt32(at + 1) > view.byteLength) return 'partial';
  if (code === copyData) return 'row';
  if (asides.has(code)) return 'aside';
  return code === errorResponse ? 'error' : 'done';
}

/** The error an ErrorResponse tells of, with its SQLSTATE as `code`, as pg's own errors have it. */
export function errorAt(bytes: Buffer, at: number): Error {
  const fields = bytes.toString('utf8', at + 5, at + 1 + bytes.readInt32BE(at + 1)).split('\0');
  const field = (letter: string): string => fields.find((text) => text.startsWith(letter))?.slice(1) ?? '';
  return Object.assign(new Error(field('M')), { code: field('C') });
}

/**
 * A COPY … TO STDOUT whose messages are handed on as they come off the wire, unopened: pg-copy-streams takes each apart into buffers of
 * its own, which costs more than reading the rows. It takes the connection over for good: dispose of it when done.
 */
export class CopyOut implements Submittable {
  readonly #text: string;
  #stream: Duplex | undefined;
  #ended = false;
  #failure: Error | undefined;
  #stirred: () => void = () => undefined;

  constructor(text: string) {
    this.#text = text;
  }

  static start(client: Client, text: string): CopyOut {
    return client.query(new CopyOut(text));
  }

  /** Called by pg when the connection is free. */
  submit(connection: { readonly stream: Duplex; query(text: string): void }): void {
    const { stream } = connection;
    this.#stream = stream;
    // From here on the bytes are ours: pg would parse and drop them.
    stream.removeAllListeners('data');
    stream.pause();
    stream.on('readable', () => this.#stirred());
    stream.on('end', () => this.#end(new Error('the server closed the connection')));
    stream.on('close', () => this.#end(new Error('the connection was cut')));
    connection.query(this.#text);
    this.#stirred();
  }

  /** Called by pg when the connection breaks. */
  handleError(error: Error): void {
    this.#end(error);
  }

  /** The next bytes. Throws when the connection broke. */
  async next(): Promise<Buffer> {
    for (;;) {
      const chunk: unknown = this.#stream?.read();
      if (chunk instanceof Buffer) return chunk;
      if (this.#ended) throw this.#failure ?? new Error('the connection was cut');
      await new Promise<void>((resolve) => (this.#stirred = resolve));
    }
  }

  #end(failure: Error): void {
    this.#ended = true;
    this.#failure ??= failure;
    this.#stirred();
  }
}
