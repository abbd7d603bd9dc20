import type { Channel, Market, Nanos } from '../market/event.ts';
import type { DeckPhase, Speed } from './deck/deck-options.ts';
import type { Command, Refusal, Subscription } from './exchanges/exchange.ts';

/** What every entry of a journal says. */
interface Moment {
  /** Number of the entry, from 1; reports quote it. */
  readonly number: number;
  /** Wall time. */
  readonly at: Nanos;
  /** How long the tape had played, in tape time; faults are timed by it. */
  readonly elapsed: Nanos;
  /** Market time under the needle; absent before the first event. */
  readonly market: Nanos | undefined;
}

/** Where a client speaks with the exchange. `session`: number of the connection, counted from 1 over the run, refused ones too. */
export interface Contact {
  readonly session: number;
  readonly exchange: string;
  readonly path: string;
  /** Who it is: a label of its key that gives the key away to nobody; absent before it has logged in. */
  readonly client: string | undefined;
}

/** A request for history, and all that became of it. */
interface Request {
  readonly exchange: string;
  /** Without the values of keys. */
  readonly url: string;
  readonly client: string | undefined;
  readonly status: number;
  /** As of a connection that is refused. */
  readonly retryAfter?: Nanos;
  /** Wall time from the question to the answer. */
  readonly took: Nanos;
  /** The rows of the answer, as parts of the wire's time line; both ends inclusive. */
  readonly covers: readonly Covered[];
}

/** Rows of one symbol that a client was told over HTTP. Times as on the wire. */
export interface Covered {
  readonly market: Market;
  readonly symbol: string;
  readonly channel: Channel;
  readonly from: Nanos;
  readonly to: Nanos;
  readonly rows: number;
}

/** What was seen, and the step whose fault touched it, if one did. */
export type Happened = { readonly fault?: string } & (
  | ({
      readonly kind: 'knocked';
      /** How it was answered: 101 is let in; absent while it gets no answer. */
      readonly status: number | undefined;
      /** Wall time that the answer asks the client to wait (its Retry-After header). */
      readonly retryAfter?: Nanos;
    } & Contact)
  /** `does`: what the exchange took it for. */
  | ({ readonly kind: 'heard'; readonly text: string; readonly does?: Command['kind'] } & Contact)
  | ({ readonly kind: 'said'; readonly text: string } & Contact)
  | ({ readonly kind: 'logged-in' } & Contact)
  | ({ readonly kind: 'refused'; readonly why: Refusal } & Contact)
  /** Everything it holds after it asked for more or less. */
  | ({ readonly kind: 'subscribed'; readonly list: readonly Subscription[] } & Contact)
  | ({ readonly kind: 'ping' | 'pong' } & Contact)
  /** Events sent in a row; `from` and `to` are their first and last sequence numbers on the deck, both inclusive. */
  | ({
      readonly kind: 'sent' | 'missed';
      readonly from: number;
      readonly to: number;
      readonly events: number;
      readonly bytes: number;
    } & Contact)
  /** `code`: as the client sees it, 1006 without a Close frame. `by`: who ended it; `papertape`: it ended with its run. */
  | ({ readonly kind: 'closed'; readonly by: 'client' | 'exchange' | 'papertape'; readonly code: number } & Contact)
  /** It has shown the key of another run, and is there now. */
  | ({ readonly kind: 'moved'; readonly to: string } & Contact)
  | ({ readonly kind: 'asked' } & Request)
  /** A step begins, strikes, or is over. `session`: the one it strikes. */
  | {
      readonly kind: 'fault';
      readonly step: string;
      readonly phase: 'begins' | 'strikes' | 'ends';
      readonly name: string;
      readonly session?: number;
    }
  | { readonly kind: 'deck'; readonly phase: DeckPhase; readonly speed: Speed; readonly pass: number }
);

/** One line of a journal. */
export type Entry = Moment & Happened;
