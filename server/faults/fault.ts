import type { z } from 'zod';
import type { Chance } from '../../market/chance.ts';
import type { Market, MarketEvent, Nanos } from '../../market/event.ts';
import type { Credentials, Notice, Wish } from '../exchanges/exchange.ts';
import type { History, Rest, RestAnswer, RestRequest } from '../exchanges/rest.ts';
import type { Refusal } from '../exchanges/wish.ts';

export type { Chance } from '../../market/chance.ts';
export type { Credentials, Notice, Wish } from '../exchanges/exchange.ts';
export type { Chapter, History, Rest, RestAnswer, RestRequest, Span } from '../exchanges/rest.ts';
export { refusals, type Refusal } from '../exchanges/wish.ts';
export { altered } from '../history/altered.ts';
export { nextMoment } from '../injection/market-moments.ts';
export { brokenLink, isAgain, leadingTo, linkAgain, nextLink } from '../http/page-links.ts';
export { exchanged, type Leaf, padded, type Piece, piecesOf, type Value } from '../payload/index.ts';
export { byteSize, formatByteSize } from '../scenario/byte-size.ts';
export { closeCode, closeReason } from '../scenario/close-code.ts';
export { confirmations } from '../scenario/confirmations.ts';
export { marketMoment } from '../scenario/market-moment.ts';
export { answerOf, httpRefusal, type HttpRefusal, sayRefusal } from '../scenario/http-refusal.ts';

/** A connection that a fault strikes. */
export interface Victim {
  /** It has shown a good key. */
  readonly loggedIn: boolean;
  /** A Close frame with that code, whatever this exchange usually does, then the end of the connection. */
  close(code: number, reason: string): void;
  /** TCP RST: what was on its way may be lost. */
  reset(): void;
  /** TCP FIN after what was written, without a Close frame: clients see 1006. */
  hangUp(): void;
  /** Says so in the words of its exchange, and ends as that exchange ends there. */
  refuse(why: Refusal): void;
}

/** What becomes of a request to be let in, over WebSocket or HTTP, instead of what it asks for. */
export type Turn =
  | { readonly kind: 'answer'; readonly answer: RestAnswer }
  /** As it would have been, so much wall time later. */
  | { readonly kind: 'hold'; readonly span: Nanos }
  /** Nothing comes; the client waits until it gives up. */
  | { readonly kind: 'ignore' }
  /** TCP RST. */
  | { readonly kind: 'reset' };

/** How bytes travel to a client, and from it. */
export interface Shape {
  /** Wall time that the next write takes longer; bytes never overtake each other. */
  delay?(): Nanos;
  readonly bytesPerSecond?: number;
  /** So many bytes a TCP segment, with a pause of wall time between two. */
  readonly slice?: { readonly bytes: number; readonly pause: Nanos };
  /** Nothing arrives in either direction, and nobody is told. */
  readonly dead?: true;
}

/** An event that a fault is aimed at, and its place among those of its frame, from 0. */
export interface Placed {
  readonly event: MarketEvent;
  readonly place: number;
}

/** Where the events go that a fault has had in its hands. */
export interface Copies {
  /** Goes out now; `skew` moves all its times, as the client sees them. */
  pass(event: MarketEvent, skew?: Nanos): void;
  /** Goes out so much tape time later, before any event of the tape that is later still. */
  later(event: MarketEvent, after: Nanos): void;
}

/**
 * What a fault does to one session, or to one connection or request. Every hook is asked while the fault lasts; one that returns
 * `undefined`, or hands on just what it was given, has not touched anything, and is not counted. A hook that is absent never touches.
 */
export interface Fault {
  /** Once for each session: when the fault begins, or when a session comes that it is aimed at. */
  strike?(victim: Victim): void;
  /** An upgrade request, before anything is known of its client. */
  upgrade?(): Turn | undefined;
  /** `ignored`: nothing is answered, and the client is not logged in. */
  login?(credentials: Credentials): Refusal | 'ignored' | undefined;
  /** What is really asked for instead of a wish, or of that part of it which is aimed at: less, refused (`refused`), or nothing. */
  wish?(wish: Wish): readonly Wish[] | undefined;
  /** What the exchange is about to say to the client: lost, or so much wall time later; what follows waits too. */
  notice?(notice: Notice): 'lost' | Nanos | undefined;
  /** The answer to a client's ping frame. */
  pong?(): 'lost' | undefined;
  readonly line?: Shape;
  /** How much its client may have at most, whatever its plan. It has struck where that alone is in the way. */
  readonly most?: { readonly connections?: number; readonly symbols?: number };
  /** When it begins for a session that hears the tape: events of its own. `at`: market time now. */
  begin?(at: Nanos, copies: Copies): void;
  /** An event the session is to hear, in tape order: hand it on, or not, or others. */
  event?(event: MarketEvent, copies: Copies): void;
  /** The payload of a frame that holds events it is aimed at, before it is compressed: JSON text, or MessagePack when `binary`. */
  payload?(payload: Buffer, binary: boolean, aimed: readonly Placed[]): Buffer;
  /** When it ends: whatever it still holds back. */
  end?(at: Nanos, copies: Copies): void;
  /** When it ends, for each connection that it holds. */
  over?(victim: Victim): void;
  /** A REST request with a good key, before it is answered. */
  request?(request: RestRequest): Turn | undefined;
  /** Another request to be answered in its stead; `paging`: how this exchange turns pages. */
  asked?(request: RestRequest, paging: Rest['paging']): RestRequest | undefined;
  /** The history from which it is answered. */
  history?(history: History): History | undefined;
  /** The answer, before it is sent. `cut`: the connection breaks after it, with more announced than was sent. */
  answer?(answer: RestAnswer, paging: Rest['paging']): (RestAnswer & { readonly cut?: true }) | undefined;
}

/** What a fault may know of the run it strikes. */
export interface Circumstances {
  /** A stream of draws of its own, from the scenario's seed, the step's id and the session. */
  readonly chance: Chance;
  /** The symbols of the step's target; all when absent. */
  readonly symbols: readonly string[] | undefined;
  /** Wall time of a span as the scenario writes it: tape time, so that a faster tape shortens it. */
  wall(span: Nanos): Nanos;
  /** Where the tapes have a symbol. */
  marketOf(symbol: string): Market | undefined;
}

/** What a fault is counted by: `times: 3` are three of them, and `probability` is drawn for each. */
export type Countable =
  'connection' | 'upgrade' | 'login' | 'subscription' | 'reply' | 'ping' | 'event' | 'frame' | 'request';

/** How a scenario names a fault (`inject: { <name>: options }`). */
export interface FaultKind<Options extends z.ZodType = z.ZodType> {
  readonly options: Options;
  readonly counts: Countable;
  /** It strikes and is over; otherwise it lasts until its `for` or its `times` are over. */
  readonly momentary?: true;
  /** It strikes before a client has shown its key, so that no key can be aimed at. */
  readonly early?: true;
  /** With these options it strikes a client as a whole, whatever it hears, though it is counted by something smaller. */
  whole?(options: z.output<Options>): boolean;
  /** One sentence, without a full stop, in the third person: `the connection is reset`. */
  explain(options: z.output<Options>): string;
  open(options: z.output<Options>, circumstances: Circumstances): Fault;
}

/** Lets a fault's file write its options once; `open` gets their type. */
export const faultKind = <Options extends z.ZodType>(kind: FaultKind<Options>): FaultKind<Options> => kind;
