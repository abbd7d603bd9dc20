import { extension, PerMessageDeflate, Receiver } from 'ws';

/** What one side of a WebSocket connection says. */
export type Frame =
  | { readonly kind: 'text' | 'binary' | 'ping' | 'pong'; readonly data: Buffer }
  /** 1005: without a code. */
  | { readonly kind: 'close'; readonly code: number; readonly reason: string };

export interface FrameEarOptions {
  /** Whose words these are: a client's frames are masked. */
  readonly of: 'client' | 'vendor';
  /** The vendor's `Sec-WebSocket-Extensions`, in which both sides speak from then on. */
  readonly extensions: string | undefined;
  readonly hear: (frame: Frame) => void;
  /** Hears once why nothing more can be understood; the bytes go on being passed on. */
  readonly lost: (why: Error) => void;
}

/** Longest message understood; a longer one is passed on, but neither it nor what follows is recorded. */
const longestMessage = 64 << 20;

/** Understands a copy of the bytes of one direction, without a word in the conversation. */
export class FrameEar implements AsyncDisposable {
  readonly #receiver: Receiver;
  readonly #deflate: PerMessageDeflate | undefined;
  #isLost = false;
  #isOver = false;

  /** Throws for extensions that nobody here speaks. */
  constructor({ of, extensions, hear, lost }: FrameEarOptions) {
    const isServer = of === 'client';
    const name = PerMessageDeflate.extensionName;
    const agreed = extensions === undefined ? {} : extension.parse(extensions);
    const terms = agreed[name];
    if (terms !== undefined) {
      this.#deflate = new PerMessageDeflate({ isServer, maxPayload: longestMessage });
      this.#deflate.accept(terms);
    }
    this.#receiver = new Receiver({
      isServer,
      extensions: this.#deflate === undefined ? {} : { [name]: this.#deflate },
      maxPayload: longestMessage,
    });
    this.#receiver.on('message', (data, isBinary) => hear({ kind: isBinary ? 'binary' : 'text', data }));
    this.#receiver.on('ping', (data) => hear({ kind: 'ping', data }));
    this.#receiver.on('pong', (data) => hear({ kind: 'pong', data }));
    this.#receiver.on('conclude', (code, reason) => {
      // Nothing may follow, and the library takes nothing more.
      this.#isOver = true;
      hear({ kind: 'close', code, reason: reason.toString() });
    });
    this.#receiver.on('error', (error) => {
      this.#isLost = true;
      lost(error);
    });
  }

  /** Takes the next bytes; what it gives back resolves when it has room for more. */
  write(bytes: Buffer): Promise<void> | undefined {
    if (this.#isLost || this.#isOver) return undefined;
    // The receiver unmasks in place, and these bytes are still to be sent.
    if (this.#receiver.write(Buffer.from(bytes))) return undefined;
    return new Promise((resolve) => {
      this.#receiver.once('drain', resolve);
      this.#receiver.once('close', resolve);
    });
  }

  /** Understands what it has, which takes a while when it is packed, and is done. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#isLost && !this.#receiver.writableFinished && !this.#receiver.destroyed) {
      await new Promise<void>((resolve) => {
        this.#receiver.once('finish', resolve);
        this.#receiver.once('close', resolve);
        if (!this.#isOver) this.#receiver.end();
      });
    }
    this.#isLost = true;
    this.#receiver.destroy();
    this.#deflate?.cleanup();
  }
}
