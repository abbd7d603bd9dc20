import type { Place } from '../ledger/strays.ts';

/** What a write brings of the tape. */
export interface Cargo {
  /** Numbers of the deck between which it lies, both inclusive. */
  readonly from: number;
  readonly to: number;
  /** The events that it brings as they are; everything its session hears between the two when absent. */
  readonly places?: readonly Place[] | undefined;
}

/** A client's connection, whatever carries it. */
export interface Line {
  /** Whole frames. */
  write(frames: Buffer, cargo?: Cargo): void;
  /** Bytes written that the network has not yet taken. */
  readonly buffered: number;
  /** Calls once, when nothing is buffered any more. */
  onceDrained(then: () => void): void;
  /** Delivers what is written, then ends the connection: with a Close frame of that code, or without one. */
  hangUp(code: number | undefined): void;
  /** Delivers what is written, then says goodbye with a Close frame even where this exchange never does. */
  close(code: number, reason: string): void;
  /** Ends the connection at once. */
  drop(): void;
  /** Ends it at once with a TCP RST, so that what is on its way may be lost; over TLS like `drop`. */
  reset(): void;
  /** Reads no more while deaf: what the client sends meanwhile, its goodbye too, waits in the network. */
  deafen(deaf: boolean): void;
  /** Holds nothing back any more, whatever a fault wants: the server closes. */
  straighten(): void;
  /** Tells what happens on it, from now on. */
  listen(listener: LineListener): void;
}

/** What happens on a connection. */
export interface LineListener {
  message(data: Buffer): void;
  ping(payload: Buffer): void;
  pong(): void;
  /** What was written has not left and never will. */
  undelivered?(cargo: Cargo): void;
  /** The client says goodbye, and is answered when `answer` is called: at once when absent. */
  farewell?(answer: () => void): void;
  /** `clean`: the client said goodbye with a Close frame. */
  closed(clean: boolean): void;
}
