import type { IncomingHttpHeaders } from 'node:http';
import type { z } from 'zod';
import type { Channel, Market, MarketEvent, Nanos } from '../../market/event.ts';
import type { ByteWriter } from '../wire/byte-writer.ts';
import type { Source } from '../sources/source.ts';
import type { Rest, RestAnswer } from './rest.ts';
import type { Heard } from '../wire/heard.ts';
import type { Refusal, Subscription, Verdict, Wish } from './wish.ts';

export { movesPrice } from '../../market/sale-conditions.ts';
export { ByteWriter, snippet, type Snippet } from '../wire/byte-writer.ts';
export { openings } from '../wire/openings.ts';
export { folded, joined, type Cut } from '../history/fold.ts';
export { Latest, type Last } from '../history/latest.ts';
export { turnPage, type Leaf, type Mark, type Part } from '../history/turn-page.ts';
export { parameter } from './parameter.ts';
export { jsonArray } from '../wire/json-array.ts';
export {
  heardIn,
  heardInJson,
  nonsense,
  Packed,
  type Heard,
  type Meaning,
  type Reader,
  type Readers,
  type Said,
} from '../wire/heard.ts';
export { pingOption } from './ping-option.ts';
export type * from './rest.ts';
export { refusals, type Refusal, type Subscription, type Verdict, type Wish } from './wish.ts';
export { pageSize, type Page, type Selection, type Source, type Survey } from '../sources/source.ts';

export interface Credentials {
  readonly key: string;
  readonly secret: string;
}

/** What a client may hear of its own account, beside the market: `order` = what becomes of its orders. */
export const accountChannels = ['order'] as const;
export type AccountChannel = (typeof accountChannels)[number];

/** What a client asked for, free of vendor spelling. */
export type Command =
  | { readonly kind: 'login'; readonly credentials: Credentials }
  | { readonly kind: 'subscribe'; readonly to: readonly Wish[] }
  | { readonly kind: 'unsubscribe'; readonly from: readonly Wish[] }
  /** Gives up everything it holds. */
  | { readonly kind: 'reset' }
  /** From now on it hears exactly these of its account. */
  | { readonly kind: 'listen'; readonly to: readonly AccountChannel[] }
  | { readonly kind: 'ping' }
  | { readonly kind: 'nonsense'; readonly why: Refusal }
  /** What this exchange passes over in silence. */
  | { readonly kind: 'ignored' };

/** What the exchange wants to say, free of vendor spelling. */
export type Notice =
  | { readonly kind: 'welcome' }
  | { readonly kind: 'logged-in' }
  | {
      readonly kind: 'subscribed' | 'unsubscribed';
      /** What became of each wish of the request, in its order. */
      readonly verdicts: readonly Verdict[];
      /** Everything the session holds now: sorted symbols per channel, no empty channels. */
      readonly all: readonly Subscription[];
    }
  | { readonly kind: 'reset' }
  | { readonly kind: 'listening'; readonly to: readonly AccountChannel[] }
  | { readonly kind: 'pong' }
  /** `count`: the sessions a key may have, or the messages heard in this minute, where that is why. */
  | { readonly kind: 'refused'; readonly why: Refusal; readonly count?: number };

/** Spells events. One per exchange and encoding; sessions that share it share its bytes. */
export interface Encoder {
  readonly name: string;
  readonly opcode: 'text' | 'binary';
  /**
   * Starts a frame of `count` events (always ≥ 1), ends it, and separates two events. An exchange that sends one object a
   * frame says `single: true`, and then `open` and `close` always see a count of 1.
   */
  open(count: number, out: ByteWriter): void;
  separate(out: ByteWriter): void;
  close(out: ByteWriter): void;
  readonly single: boolean;
  /** Events in one frame at most, for clients that refuse a frame too long; no limit when absent. */
  readonly mostEvents?: number;
  /**
   * Writes one event. All its times are moved by `shift` (0n = as recorded; see `stamped` for what else moves). Pure: the same
   * event and shift always give the same bytes.
   */
  event(event: MarketEvent, shift: Nanos, out: ByteWriter): void;
}

/** How one session talks: chosen once, at the upgrade. Pure: no socket, no clock, no state. */
export interface Wire {
  readonly encoder: Encoder;
  /** Reads one client message, by content, not by opcode. Never throws: nonsense is a Command too. */
  decode(message: Buffer): Command;
  /** The payloads of the frames that say it; most exchanges need one, some none. */
  notice(notice: Notice): readonly Buffer[];
  /**
   * Reads what the vendor itself sends, for recorders: the way back from `encoder` as far as the wire carries. Never throws: what cannot
   * be read is told. An exchange without it is played but not recorded.
   */
  hear?(message: Buffer): readonly Heard[];
}

/** How a refusal ends a connection. */
export interface Ending {
  readonly after: Nanos;
  /** Close code instead of the usual one; `none`: without a Close frame. */
  readonly code?: number | 'none';
}

/** How an exchange behaves around the protocol: data for the one Session state machine. Wall-clock durations. */
export interface Manners {
  readonly greets: boolean;
  /** Log in within this, or hear `login-timeout` and be dropped. */
  readonly loginDeadline: Nanos;
  /** How a key is shown: in a message, or already in the upgrade request, which without a good one is refused over HTTP. */
  readonly login: 'message' | 'upgrade';
  /** Refusals that end the connection; all others leave it open. */
  readonly ends: Partial<Record<Refusal, Ending>>;
  /** What becomes of wishes beyond a plan's limit: the request is refused, each of its wishes is, or only those that do not fit. */
  readonly overLimit: 'request' | 'every-wish' | 'excess';
  /** Whether a symbol that no tape has can be subscribed to, and stays silent, or is refused. */
  readonly unknownSymbols: 'silent' | 'refused';
  /** Messages of a client in a minute; the next are answered with `too-many-messages` and do nothing. No limit when absent. */
  readonly messagesPerMinute?: number;
  /** A client that says nothing for so long is dropped; never when absent. */
  readonly idle?: Nanos;
  /** The server's own keep-alive. */
  readonly ping: { readonly every: Nanos; readonly patience: Nanos } | undefined;
  /** False: the socket is torn down without a Close frame and the client sees 1006. */
  readonly closeFrames: boolean;
  /** How long a session that ended without a Close frame of the client still occupies its place. */
  readonly ghost: Nanos;
  /**
   * Who has to go when a key has too many sessions: the newest at its login, or, as `subscriber`, when its first subscription has been
   * acknowledged; `nobody`: there is no such limit.
   */
  readonly evicts: 'newest' | 'subscriber' | 'oldest' | 'nobody';
  /** Compressed frames for clients that offer permessage-deflate; payloads below this many bytes go uncompressed. */
  readonly deflateFrom: number | undefined;
}

/** One WebSocket path of an exchange. */
export interface Stream {
  /** Below the exchange's root: `/v2/iex`. */
  readonly path: string;
  /** Another name for what answers elsewhere too; lists of streams leave it out. */
  readonly alias?: true;
  /** What a plan permits or not: `iex`, `sip`. */
  readonly feed: string;
  readonly markets: readonly Market[];
  /** How far behind the tape it plays, in market time: 15 minutes for delayed feeds. */
  readonly lag: Nanos;
  /** A tape of its own that plays whatever the scenario plays, stamped with the present: Alpaca's FAKEPACA. */
  readonly house: Source | undefined;
  /** What a session hears from its login on, until it subscribes to something itself; nothing when absent. */
  readonly unasked?: readonly Subscription[];
  readonly manners: Manners;
  /** The way of talking that the upgrade request asks for. */
  wire(headers: IncomingHttpHeaders): Wire;
  /** Credentials that the upgrade itself carries, in headers or URL. */
  credentials(headers: IncomingHttpHeaders, query: URLSearchParams): Credentials | undefined;
  /** How an upgrade is turned away where a key has to be shown with it. */
  turnAway?(why: Refusal): RestAnswer;
}

/** What a key may do. */
export interface Plan {
  /** HTTP requests per minute of wall time; no limit when absent. */
  readonly requests?: number | undefined;
  /** The same per day of UTC. */
  readonly requestsPerDay?: number | undefined;
  /** Feeds it may log in to; all when absent. */
  readonly feeds: readonly string[] | undefined;
  /** Channels it may subscribe to; all when absent. */
  readonly channels?: readonly Channel[] | undefined;
  /** Symbols it may subscribe to; all when absent. */
  readonly only?: readonly string[] | undefined;
  /** Sessions per stream at a time. */
  readonly sessions: number;
  /** How many symbols it may hold on a stream. */
  readonly symbols: SymbolLimit | undefined;
  /** The same for feeds that differ; `undefined` = without limit. */
  readonly symbolsOn?: Readonly<Record<string, SymbolLimit | undefined>>;
}

/** Symbols are counted per channel and summed over `counted`; `*` exceeds any limit. */
export interface SymbolLimit {
  readonly limit: number;
  readonly counted: readonly Channel[];
}

/** When this exchange publishes the bars it makes of trades. Market time. */
export interface BarSchedule {
  /** A minute's bars leave in `slots` bursts, spread over this span after the minute. */
  readonly minute: { readonly earliest: Nanos; readonly latest: Nanos; readonly slots: number };
  /** A bar that a late trade changed is sent again so long after it was first sent; where it is `revised`, so long after that trade. */
  readonly updated: Nanos;
  /** Until so long after it was first sent every late trade brings the bar again; when absent it comes a second time only. */
  readonly revised?: Nanos;
  /** The day so far, so long after every minute mark. */
  readonly daily: Nanos;
  /** A second's bar leaves so long after the second, and again if a trade changes it until `revised` after it was first sent. */
  readonly second?: { readonly delay: Nanos; readonly revised: Nanos };
}

/** Everything one imitated exchange is, once its switches are set. */
export interface Exchange {
  readonly name: string;
  readonly streams: readonly Stream[];
  readonly plans: Readonly<Record<string, Plan>>;
  /** Plan of keys that name none, and of every key when the scenario lists no keys. */
  readonly defaultPlan: string;
  readonly bars: BarSchedule;
  /**
   * Its clients hear order books whole after every change on the tape, of so many levels a side at most, and nothing on subscribing. When
   * absent they hear what the tape holds, and the whole book first.
   */
  readonly wholeBooks?: { readonly levels: number };
  /** It publishes last prices, made of trades, quotes and index values where the tape has none. */
  readonly prices?: true;
  /** Its HTTP side, when it has one. Loaded by the first request: who only streams never needs it. */
  readonly rest?: () => Promise<Rest>;
}

/** Where a client finds an exchange, and as whom it comes. */
export interface Address extends Credentials {
  /** `ws://host:port`, or `wss://` with TLS, to be followed by a vendor's path. */
  readonly url: string;
  /** The same for requests: `http://`, or `https://`. */
  readonly httpUrl: string;
}

/** How a scenario names an exchange (`exchanges: { <name>: options }`) and sets its switches. */
export interface ExchangeKind<Options extends z.ZodType = z.ZodType> {
  readonly options: Options;
  /** Answers only where a scenario names it. */
  readonly onRequest?: true;
  explain(options: z.output<Options>): string;
  /** Variables of the environment by which the vendor's own SDKs find it, and learn their key. */
  readonly variables?: (address: Address) => Readonly<Record<string, string>>;
  open(options: z.output<Options>): Exchange;
}
/** Lets an exchange's file write its switches once; `open` gets their type. */
export const exchangeKind = <Options extends z.ZodType>(kind: ExchangeKind<Options>): ExchangeKind<Options> => kind;
