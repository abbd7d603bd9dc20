import type { Cancel, Clock } from '../../market/clock.ts';
import type { Nanos } from '../../market/event.ts';
import { second } from '../../market/nanos.ts';
import type { Shape } from '../faults/fault.ts';
import type { Cargo, LineListener, Line } from './line.ts';

/** Where bandwidth is scarce so many pieces leave in a second, so that bytes flow rather than come in gulps. */
const piecesPerSecond = 20;

/** Bytes that are on their way and have not left. */
interface Held {
  bytes: Buffer;
  /** Wall time before which it does not leave. */
  due: Nanos;
  /** Waits even when no shape delays any more. */
  readonly firm?: true;
  readonly cargo?: Cargo | undefined;
}

/**
 * A connection that faults bend: its bytes leave late, slowly or in slices, but always in their order; without a fault, and as soon as
 * nothing is held any more, it is a plain line. What is held counts as buffered, so that whoever bounds that bounds this too.
 */
export class BentLine implements Line {
  readonly #line: Line;
  readonly #clock: Clock;
  readonly #undelivered: (cargo: Cargo) => void;
  readonly #held: Held[] = [];
  #heldBytes = 0;
  /** What waits until nothing is held. */
  #afterwards: (() => void)[] = [];
  /** What the client sent while the connection was dead. */
  #unheard: (() => void)[] = [];
  #shapes: readonly Shape[] = [];
  #dead = false;
  /** Wall time from which the next bytes may leave, as far as slices and bandwidth are concerned. */
  #free: Nanos = 0n;
  /** Nothing follows a goodbye. */
  #ending = false;
  /** It was dropped while it was dead: nobody learns of it before it is not. */
  #dropped = false;
  #wake: Cancel | undefined;

  /** `undelivered` hears of what was written and never leaves. */
  constructor(line: Line, clock: Clock, undelivered: (cargo: Cargo) => void = () => undefined) {
    this.#line = line;
    this.#clock = clock;
    this.#undelivered = undelivered;
  }

  /** From now on it is bent like that, by all the shapes together: the slowest counts, and delays add up. */
  bend(shapes: readonly Shape[]): void {
    this.#shapes = shapes;
    this.#free = 0n;
    // What was only late does not wait for a delay that is over.
    if (shapes.every((shape) => shape.delay === undefined)) {
      for (const held of this.#held) if (held.firm === undefined) held.due = 0n;
    }
    this.#live(!shapes.some(({ dead }) => dead === true));
    this.#pump();
  }

  straighten(): void {
    for (const held of this.#held) held.due = 0n;
    this.bend([]);
  }

  /** Nothing that is written from now on leaves before so much wall time is over. */
  hold(span: Nanos): void {
    const until = this.#clock.now() + span;
    const last = this.#held.at(-1)?.due ?? until;
    this.#held.push({ bytes: Buffer.alloc(0), due: until > last ? until : last, firm: true });
    this.#pump();
  }

  get buffered(): number {
    return this.#heldBytes + this.#line.buffered;
  }

  write(frames: Buffer, cargo?: Cargo): void {
    if (this.#ending || this.#dropped) return cargo && this.#undelivered(cargo);
    if (this.#plain) return this.#line.write(frames, cargo);
    const now = this.#clock.now();
    const due = this.#shapes.reduce((at, shape) => at + (shape.delay?.() ?? 0n), now);
    const last = this.#held.at(-1)?.due ?? now;
    this.#held.push({ bytes: frames, due: due > last ? due : last, cargo });
    this.#heldBytes += frames.length;
    if (this.#wake === undefined) this.#pump();
  }

  onceDrained(then: () => void): void {
    this.#finally(() => this.#line.onceDrained(then));
  }

  hangUp(code: number | undefined): void {
    this.#end(() => this.#line.hangUp(code));
  }

  close(code: number, reason: string): void {
    this.#end(() => this.#line.close(code, reason));
  }

  /** At once; but of a connection that is dead the client learns nothing, not even that it has ended. */
  drop(): void {
    this.#forget();
    this.#dropped = true;
    if (!this.#dead) this.#line.drop();
  }

  reset(): void {
    this.#forget();
    this.#line.reset();
  }

  deafen(deaf: boolean): void {
    this.#line.deafen(deaf || this.#dead);
  }

  listen(listener: LineListener): void {
    const hear = (then: () => void): void => {
      if (this.#dead) this.#unheard.push(then);
      else then();
    };
    this.#line.listen({
      message: (data) => hear(() => listener.message(data)),
      ping: (payload) => hear(() => listener.ping(payload)),
      pong: () => hear(() => listener.pong()),
      undelivered: this.#undelivered,
      // What is on its way arrives before the answer.
      farewell: (answer) => this.#end(answer),
      closed: (clean) => {
        this.#forget();
        listener.closed(clean);
      },
    });
  }

  get #plain(): boolean {
    return this.#shapes.length === 0 && this.#held.length === 0;
  }

  #live(alive: boolean): void {
    if (alive !== this.#dead) return;
    this.#dead = !alive;
    this.#line.deafen(this.#dead);
    if (this.#dead) return;
    if (this.#dropped) return this.#line.drop();
    for (const hear of this.#unheard.splice(0)) hear();
  }

  #end(goodbye: () => void): void {
    this.#finally(goodbye);
    this.#ending = true;
  }

  #finally(then: () => void): void {
    if (this.#held.length > 0 || this.#dead) this.#afterwards.push(then);
    else then();
  }

  #forget(): void {
    this.#wake?.();
    this.#wake = undefined;
    for (const { cargo } of this.#held.splice(0)) if (cargo !== undefined) this.#undelivered(cargo);
    this.#heldBytes = 0;
    this.#afterwards = [];
    this.#unheard = [];
  }

  /** Lets go what is due, and sees again when the next is. */
  #pump(): void {
    this.#wake?.();
    this.#wake = undefined;
    if (this.#dead) return;
    for (;;) {
      const [first] = this.#held;
      if (first === undefined) break;
      const at = first.due > this.#free ? first.due : this.#free;
      if (at > this.#clock.now()) {
        this.#wake = this.#clock.wake(at, () => this.#pump());
        return;
      }
      this.#letGo(first, at);
    }
    for (const then of this.#afterwards.splice(0)) then();
  }

  #letGo(first: Held, at: Nanos): void {
    const { rate, size, pause } = paceOf(this.#shapes);
    const piece = first.bytes.subarray(0, Math.min(size, Math.ceil(rate / piecesPerSecond)));
    const isLast = piece.length === first.bytes.length;
    if (isLast) this.#held.shift();
    else first.bytes = first.bytes.subarray(piece.length);
    this.#heldBytes -= piece.length;
    // Slices are apart however late they are; bandwidth is made up for after a late timer, so that it is what it is.
    const apart = size < Infinity ? this.#clock.now() + pause : 0n;
    const spent = rate < Infinity ? at + (BigInt(piece.length) * second) / BigInt(Math.ceil(rate)) : 0n;
    this.#free = apart > spent ? apart : spent;
    if (piece.length > 0) this.#line.write(piece, isLast ? first.cargo : undefined);
  }
}

/** How fast all shapes together let bytes go: the slowest of each kind counts. Asked each time, for a tape may change its speed. */
function paceOf(shapes: readonly Shape[]): { readonly rate: number; readonly size: number; readonly pause: Nanos } {
  let [rate, size, pause] = [Infinity, Infinity, 0n];
  for (const { bytesPerSecond, slice } of shapes) {
    rate = Math.min(rate, bytesPerSecond ?? Infinity);
    if (slice === undefined) continue;
    size = Math.min(size, slice.bytes);
    if (slice.pause > pause) pause = slice.pause;
  }
  return { rate, size, pause };
}
