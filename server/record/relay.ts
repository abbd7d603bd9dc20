import type { Duplex } from 'node:stream';
import { resetSocket } from '../http/reset-socket.ts';

/** Hears a copy of the bytes; what it gives back resolves when it has room for more. */
export type Tap = (bytes: Buffer) => Promise<void> | undefined;

/**
 * Passes every byte of one socket on to another, and how it ends: a FIN as a FIN, a reset as a reset. Whoever cannot take more, the
 * receiver or the tap, holds the sender back.
 */
export function relay(from: Duplex, to: Duplex, tap: Tap): void {
  from.on('data', (bytes: Buffer) => {
    const waits: Promise<void>[] = [];
    if (!to.write(bytes)) waits.push(drained(to));
    const heard = tap(bytes);
    if (heard !== undefined) waits.push(heard);
    if (waits.length === 0) return;
    from.pause();
    void Promise.all(waits).then(() => from.resume());
  });
  from.on('end', () => to.end());
  from.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'ECONNRESET') resetSocket(to);
    else to.destroy();
  });
  from.on('close', () => {
    if (!from.readableEnded) to.destroy();
  });
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
