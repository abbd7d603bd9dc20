import type { WebSocket } from 'ws';

/** Where the library's types begin. */
export type Socket = WebSocket;

declare module 'ws' {
  /** The library's own reader of frames, a Writable, which its types leave out (ws 8.23, lib/receiver.js). */
  export class Receiver {
    constructor(options: {
      readonly isServer: boolean;
      readonly extensions: Readonly<Record<string, PerMessageDeflate>>;
      readonly maxPayload: number;
    });
    write(bytes: Buffer): boolean;
    end(): void;
    destroy(): void;
    readonly writableFinished: boolean;
    readonly destroyed: boolean;
    once(event: 'drain' | 'finish' | 'close', hear: () => void): this;
    on(event: 'message', hear: (data: Buffer, isBinary: boolean) => void): this;
    on(event: 'ping' | 'pong', hear: (data: Buffer) => void): this;
    on(event: 'conclude', hear: (code: number, reason: Buffer) => void): this;
    on(event: 'error', hear: (error: Error) => void): this;
  }
  export class PerMessageDeflate {
    static readonly extensionName: string;
    constructor(options: { readonly isServer: boolean; readonly maxPayload: number });
    accept(configurations: readonly object[]): object;
    cleanup(): void;
  }
  export const extension: { parse(header: string): Readonly<Record<string, readonly object[]>> };
}
