import type { Duplex } from 'node:stream';
import { resetSocket } from '../http/reset-socket.ts';
import { FrameEdges } from './frame-edges.ts';

/** Hears a copy of the bytes; what it gives back resolves when it has room for more. */
export type Tap = (bytes: Buffer) => Promise<void> | undefined;

/**
 * Passes every byte of one socket on to another, and how it ends: a FIN as a FIN, a reset as a reset. Whoever cannot take more, the
 * receiver or the tap, holds the sender back.
 */
export class Relay {
  readonly #from: Duplex;
  readonly #to: Duplex;
  readonly #tap: Tap;
  readonly #edges = new FrameEdges();
  #lastWord: Buffer | undefined;
  #isOver = false;

  constructor(from: Duplex, to: Duplex, tap: Tap) {
    this.#from = from;
    this.#to = to;
    this.#tap = tap;
    from.on('data', (bytes: Buffer) => this.#pass(bytes));
    from.on('end', () => to.end());
    from.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNRESET' && !this.#isOver) resetSocket(to);
      else this.#leave();
    });
    from.on('close', () => {
      if (!from.readableEnded) this.#leave();
    });
  }

  /** Whether the sender has said goodbye, or has begun to. */
  get hasClosed(): boolean {
    return this.#edges.hasClosed;
  }

  /**
   * Says a last word to the receiver once the frame under way is whole, and passes nothing on after it. The tap hears on, until the
   * sender says goodbye, which ends the connection to it.
   */
  conclude(lastWord: Buffer): void {
    this.#lastWord = lastWord;
    if (this.#edges.isBetween) this.#finish(lastWord);
  }

  #pass(bytes: Buffer): void {
    const waits: Promise<void>[] = [];
    const [passed, lastWord] = [this.#isOver ? 0 : this.#edgeIn(bytes), this.#lastWord];
    if (passed > 0 && !this.#to.write(bytes.subarray(0, passed))) waits.push(drained(this.#to));
    if (lastWord !== undefined && !this.#isOver && this.#edges.isBetween) this.#finish(lastWord);
    const heard = this.#tap(bytes);
    if (heard !== undefined) waits.push(heard);
    for (let at = passed; at < bytes.length;) at = this.#edges.follow(bytes, at);
    if (this.#isOver && this.#edges.hasClosed) this.#from.end();
    if (waits.length === 0) return;
    this.#from.pause();
    void Promise.all(waits).then(() => this.#from.resume());
  }

  /** Follows the bytes: all of them, or when a last word waits to the end of the frame under way; returns how far. */
  #edgeIn(bytes: Buffer): number {
    let at = this.#edges.follow(bytes, 0);
    while (at < bytes.length && this.#lastWord === undefined) at = this.#edges.follow(bytes, at);
    return at;
  }

  #finish(lastWord: Buffer): void {
    this.#isOver = true;
    this.#to.write(lastWord);
  }

  /** The sender is gone without a FIN. Whoever was told a last word is to have it. */
  #leave(): void {
    if (this.#isOver) this.#to.end();
    else this.#to.destroy();
  }
}

async function drained(socket: Duplex): Promise<void> {
  if (socket.destroyed) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      socket.off('drain', done);
      socket.off('close', done);
      resolve();
    };
    socket.on('drain', done);
    socket.on('close', done);
  });
}
