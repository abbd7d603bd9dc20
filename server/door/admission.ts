import type { Duplex } from 'node:stream';
import type { Clock } from '../../market/clock.ts';
import type { Visitor } from '../chronicle.ts';
import type { Credentials, Exchange, RestAnswer, Stream } from '../exchanges/exchange.ts';
import { refuse } from '../http/refuse.ts';
import { resetSocket } from '../http/reset-socket.ts';
import type { Run } from '../run.ts';
import type { WaitingRoom } from './waiting-room.ts';

/** A stream, and the exchange whose it is. */
export interface Entrance {
  readonly exchange: Exchange;
  readonly stream: Stream;
}

/** One visitor's way in: faults have their say first, then the key, where the upgrade shows it. */
export class Admission {
  readonly visitor: Visitor;
  readonly #run: Run;
  readonly #entrance: Entrance;
  readonly #socket: Duplex;
  readonly #room: WaitingRoom;
  readonly #clock: Clock;

  /** Knocks at the run. */
  constructor(run: Run, entrance: Entrance, socket: Duplex, room: WaitingRoom, clock: Clock) {
    this.visitor = run.knock(entrance.exchange, entrance.stream);
    this.#run = run;
    this.#entrance = entrance;
    this.#socket = socket;
    this.#room = room;
    this.#clock = clock;
  }

  /** Whether it may come in. Who may not has been answered, or never will be. */
  async isGranted(credentials: Credentials | undefined): Promise<boolean> {
    if (!(await this.#faultsAllow())) return false;
    // It may have gone while it was held.
    return this.#socket.destroyed ? this.over() : this.#keyAllows(credentials);
  }

  turnAway(answer: RestAnswer): false {
    this.visitor.record.knocked(answer.status, answer.headers);
    this.over();
    refuse(this.#socket, answer, this.#clock);
    return false;
  }

  /** It is no visitor any more, whoever ended it. */
  over(): false {
    this.#run.turnedAway(this.visitor);
    return false;
  }

  async #faultsAllow(): Promise<boolean> {
    const turn = this.visitor.ordeal.upgrade();
    switch (turn?.kind) {
      case 'answer':
        return this.turnAway(turn.answer);
      case 'ignore':
      case 'reset':
        return this.#leave(turn.kind);
      case 'hold':
        await this.#room.hold(this.#socket, turn.span);
        return true;
      case undefined:
        return true;
    }
  }

  #keyAllows(credentials: Credentials | undefined): boolean {
    const { exchange, stream } = this.#entrance;
    if (stream.manners.login !== 'upgrade') return true;
    const fault = credentials && this.visitor.ordeal.login(credentials);
    if (fault === 'ignored') return this.#leave('ignore');
    const why = fault ?? this.#run.objection(credentials, exchange, stream);
    return why === undefined || this.turnAway(stream.turnAway?.(why) ?? { status: 401, body: '' });
  }

  /** Gives no answer. */
  #leave(how: 'ignore' | 'reset'): false {
    this.visitor.record.knocked(undefined);
    this.over();
    if (how === 'reset') resetSocket(this.#socket);
    else this.#room.leave(this.#socket);
    return false;
  }
}
