/**
 * What a feed is: one vendor's way to talk, seen from the client. A feed is a translator, not an actor: no socket, no clock, no memory of
 * a conversation. The connection asks it what to send and what it heard; a new vendor is one folder beside this file and one line in index.ts.
 */

import type { IncomingHttpHeaders } from 'node:http';
import type { z } from 'zod';
import type { Channel, Market, MarketEvent, Nanos } from '../../market/event.ts';
import type { Wants } from '../wants.ts';

export { countOf, eachOf, minus, nothing, plus, wantsOf, type Wants } from '../wants.ts';
export {
  asciiText,
  Complaints,
  excerptOf,
  Fields,
  type FrameReader,
  Instant,
  instantOf,
  instantText,
  Interned,
  JsonFrames,
  JsonReader,
  JsonScan,
  named,
  hashed,
  type Said,
  Unreadable,
  whyOf,
} from '../reading/index.ts';

/** The vendors that Papertape speaks to, as rows name them in `data_source`. */
export const vendors = ['alpaca', 'polygon', 'twelvedata'] as const;
export type Vendor = (typeof vendors)[number];

/** What a vendor knows its customer by. Never logged, never in an error's text. */
export interface Key {
  readonly id: string;
  /** Empty where the vendor gives none. */
  readonly secret: string;
}

/** What a vendor may hold against a client, free of vendor spelling. Each asks for something else; see `connection`. */
export const troubles = [
  /** The key is wrong, revoked or expired: another may do. */
  'bad-key',
  /** The login did not come in time. */
  'login-timeout',
  /** Somebody else, or a ghost of ours, holds the place. */
  'too-many-connections',
  /** The plan does not pay for it. */
  'not-entitled',
  'too-many-symbols',
  /** Too much was asked in too short a time. */
  'too-many-requests',
  /** The vendor gave up sending, since we read too slowly. */
  'slow-client',
  /** What we said made no sense to it: a mistake of ours or of the settings. */
  'bad-request',
  /** Nothing answers at this address: the path or the feed is wrong. */
  'not-found',
  /** The vendor sent us away without blame: maintenance, restart, replaced by a newer connection. */
  'sent-away',
  /** The vendor's own mishap. */
  'vendor-error',
] as const;
export type Trouble = (typeof troubles)[number];

/** What a vendor says that is no market event. */
export type Notice =
  | { readonly kind: 'greeted' }
  | { readonly kind: 'logged-in' }
  /** All that the vendor now sends, nothing else (Alpaca answers so). */
  | { readonly kind: 'holds'; readonly wants: Wants }
  /** What it sends from now on, or no longer, beside the rest. */
  | { readonly kind: 'granted' | 'released'; readonly wants: Wants }
  /** What it will not send; `wants` is undefined where the vendor does not say which. */
  | { readonly kind: 'denied'; readonly wants: Wants | undefined; readonly why: Trouble; readonly message: string }
  | { readonly kind: 'trouble'; readonly why: Trouble; readonly code: number | undefined; readonly message: string }
  /** The vendor's own sign of life, which says nothing of the market. */
  | { readonly kind: 'alive' }
  /** A message, or a part of one, that could not be read. The rest of its frame was. `excerpt`: at most 200 characters. */
  | { readonly kind: 'unreadable'; readonly why: string; readonly excerpt: string };

/** Who hears a feed: events and notices in the order of the frame. */
export interface Listener {
  event(event: MarketEvent): void;
  notice(notice: Notice): void;
}

/** Payload of a WebSocket message: text, or binary. */
export type Message = string | Uint8Array;

/** Where to connect, and how the key is shown there, if it is. */
export interface Address {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** One stream of one vendor: a path, an encoding, a market. */
export interface Feed {
  readonly vendor: Vendor;
  /** For people: `alpaca iex`. */
  readonly name: string;
  readonly market: Market;
  /** What can be asked for. */
  readonly channels: readonly Channel[];
  address(key: Key): Address;
  /** Whether the vendor speaks first; the login then waits for its greeting. */
  readonly greets: boolean;
  /** What logs in; `undefined` where the address already shows the key, and connecting is being logged in. */
  login(key: Key): Message | undefined;
  /** The messages that ask for these; several where the vendor limits the length of one. */
  subscribe(wants: Wants): readonly Message[];
  unsubscribe(wants: Wants): readonly Message[];
  /** Whether the vendor confirms what it sends; without, a sent request counts as granted. */
  readonly acknowledges: boolean;
  /** What is sent now and then, so that the vendor keeps the connection; none where WebSocket pings do. */
  readonly heartbeat: { readonly every: Nanos; readonly message: Message } | undefined;
  /** Reads a frame by content. Never throws: what cannot be read is a notice. */
  hear(frame: Buffer, listener: Listener): void;
  /** What an HTTP answer other than 101 to the upgrade holds against us. `body`: the first 4 KiB. */
  refusal(status: number, body: string): { readonly why: Trouble; readonly message: string };
}

/** A span of the market that is wanted again, `to` inclusive: what shares the last instant may be missing too. */
export interface Ask {
  readonly channel: Channel;
  readonly symbols: readonly string[];
  readonly from: Nanos;
  readonly to: Nanos;
}

export interface Request {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

export type Answer =
  /** Events in the vendor's order. `next`: the request for the next page, key and all. `unreadable`: rows that could not be read. */
  | {
      readonly kind: 'page';
      readonly events: readonly MarketEvent[];
      readonly next: Request | undefined;
      readonly unreadable: number;
    }
  | { readonly kind: 'refused'; readonly why: Trouble; readonly message: string };

/** A vendor's past: requests and their answers, as pure translation. */
export interface History {
  readonly vendor: Vendor;
  /** What refills a channel: itself, another that says less (bars for prices), or nothing. */
  refills(channel: Channel): Channel | undefined;
  /** Symbols in one request at most. */
  readonly mostSymbols: number;
  /** Requests in a minute that the vendor allows one key of its smallest plan that has streams. */
  readonly perMinute: number;
  /** The request for the first page. Times are widened to the vendor's grain, never narrowed. */
  request(ask: Ask, key: Key): Request;
  /** Reads an answer to `request`. Events outside the ask are left out. Never throws. */
  read(ask: Ask, request: Request, status: number, headers: IncomingHttpHeaders, body: string): Answer;
}

/** A vendor as settings name it: what can be set, and what is made of it. The unit of addition: one folder, one line in index.ts. */
export interface FeedKind<Options extends z.ZodType = z.ZodType> {
  readonly vendor: Vendor;
  /** A strict object whose `vendor` is this vendor's name; `streamUrl` and `historyUrl` default to the vendor's own hosts. */
  readonly options: Options;
  feed(options: z.output<Options>): Feed;
  history(options: z.output<Options>): History;
}

/** Writes the options' type once, for the feed and its history. */
export const feedKind = <Options extends z.ZodType>(kind: FeedKind<Options>): FeedKind<Options> => kind;
