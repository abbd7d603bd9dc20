import type { Cancel, Clock } from '../../market/clock.ts';
import type { Nanos } from '../../market/event.ts';
import { minute } from '../../market/nanos.ts';
import type { Manners } from '../exchanges/exchange.ts';
import { frame } from '../wire/frame.ts';
import type { Line } from './line.ts';

const nothing = Buffer.alloc(0);

/** Watches one connection, as its exchange does: pings it and drops who does not answer, counts what it says, and notices its silence. */
export class Vigil {
  readonly #line: Line;
  readonly #manners: Manners;
  readonly #clock: Clock;
  readonly #silent: () => void;
  #ping: Cancel | undefined;
  #pongDue: Cancel | undefined;
  #idle: Cancel | undefined;
  /** The minute of wall time under way, and how much was said in it. */
  #minute = 0n;
  #messages = 0;

  /** `silent` is called when nothing has been said for as long as this exchange allows. */
  constructor(line: Line, manners: Manners, clock: Clock, silent: () => void) {
    this.#line = line;
    this.#manners = manners;
    this.#clock = clock;
    this.#silent = silent;
  }

  begin(): void {
    this.#keepAlive();
    this.#awaitWord();
  }

  end(): void {
    for (const cancel of [this.#ping, this.#pongDue, this.#idle]) cancel?.();
  }

  pong(): void {
    this.#pongDue?.();
    this.#pongDue = undefined;
  }

  /** A message has come. Returns which of its minute it is. */
  heard(): number {
    this.#awaitWord();
    const now = this.#clock.now() / minute;
    if (now !== this.#minute) this.#messages = 0;
    this.#minute = now;
    return ++this.#messages;
  }

  #keepAlive(): void {
    const { ping } = this.#manners;
    if (ping === undefined) return;
    this.#ping = this.#in(ping.every, () => {
      this.#line.write(frame('ping', nothing));
      // The oldest unanswered ping counts; a later one does not put off its end.
      this.#pongDue ??= this.#in(ping.patience, () => this.#line.drop());
      this.#keepAlive();
    });
  }

  #awaitWord(): void {
    const { idle } = this.#manners;
    if (idle === undefined) return;
    this.#idle?.();
    this.#idle = this.#in(idle, this.#silent);
  }

  #in(span: Nanos, then: () => void): Cancel {
    return this.#clock.wake(this.#clock.now() + span, then);
  }
}
