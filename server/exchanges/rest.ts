import type { IncomingHttpHeaders } from 'node:http';
import type { Bar, Channel, Market, MarketEvent, Nanos, News } from '../../market/event.ts';

/** A run of history: what happened, and by how much every time of it is moved on the wire, as it was when it was streamed. */
export interface Chapter<Event extends MarketEvent = MarketEvent> {
  readonly events: readonly Event[];
  readonly shift: Nanos;
}

/** A part of history between two instants of the wire, both inclusive. */
export interface Period {
  readonly from: Nanos;
  readonly to: Nanos;
  /** How far behind the tape its feed plays, in market time: 15 minutes for delayed feeds. */
  readonly lag: Nanos;
  readonly newestFirst: boolean;
}

/** One symbol's part of it. */
export interface Span extends Period {
  readonly market: Market;
  readonly symbol: string;
}

/** What has been played so far, and nothing of the future. All instants are those of the wire. */
export interface History {
  /** The instant that history has reached: of the last event, or a later one in a quiet market; before the first, where it will start. */
  readonly now: Nanos;
  /** By how much the tape's times are moved on the wire at that instant; 0n as recorded. The market is open when it was on the tape. */
  readonly shift: Nanos;
  /** What the tapes hold, in the order of the symbols, each once per market. */
  readonly listed: readonly { readonly market: Market; readonly symbol: string }[];
  /** Events other than bars that happened in the span. */
  events(span: Span, channels: readonly Channel[], signal: AbortSignal): AsyncIterable<Chapter>;
  /** News about anything, whatever symbols it names. */
  news(period: Period, signal: AbortSignal): AsyncIterable<Chapter<News>>;
  /** Bars that start in the span, late trades counted in as far as they have been published; of a day that still runs, the day so far. */
  bars(span: Span, length: 'second' | 'minute' | 'day', signal: AbortSignal): AsyncIterable<Chapter<Bar>>;
}

export interface RestRequest {
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** Scheme and host the client used, for links that lead back here: `http://127.0.0.1:8765`. */
  readonly origin: string;
  /** Path and query as they were asked, without keys. */
  readonly url: string;
  /** Aborted when the client hangs up. */
  readonly signal: AbortSignal;
}

export interface RestAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON unless the headers say otherwise. */
  readonly body: Buffer | string;
}

/**
 * Takes down a row of an answer, for whoever asks later what a client was told. `at`: on the wire, of bars their start. `alone`: rows that
 * the answer leaves out may lie between it and the one before.
 */
export type Scribe = (
  of: { readonly market: Market; readonly symbol: string },
  channel: Channel,
  at: Nanos,
  alone?: boolean,
) => void;

/** What the asker may see. */
export interface Access {
  readonly history: History;
  /** Is told of every event and bar that the answer holds; absent when nobody wants to know. */
  readonly scribe?: Scribe | undefined;
  readonly key: string;
  /** Feeds its plan includes; all when absent. */
  readonly feeds: readonly string[] | undefined;
  /** Channels its plan includes; all when absent. */
  readonly channels: readonly Channel[] | undefined;
  /** Name of its plan; empty for those who show no key. */
  readonly plan: string;
  /** What its key may ask in a minute and in a day, as far as its plan limits it, this request counted. */
  readonly quotas: readonly Quota[];
}

/** One path of an exchange's HTTP side. `answer` is pure but for what it reads of the history. */
export interface Route {
  readonly method: 'GET';
  /** `:name` stands for one segment: `/v2/stocks/:symbol/bars`. */
  readonly path: string;
  /** Answers also those who show no key. */
  readonly keyless?: boolean;
  /** As how many requests it counts; 1 when absent. */
  cost?(request: RestRequest): number;
  answer(request: RestRequest, access: Access): Promise<RestAnswer> | RestAnswer;
}

/** Requests of one key in one minute of wall time, or in one day of UTC. */
export interface Quota {
  readonly span: 'minute' | 'day';
  readonly limit: number;
  /** Made so far, and what this one counts as, also when it is turned away. */
  readonly used: number;
  readonly remaining: number;
  /** When the next minute or day begins: nanoseconds since the epoch. */
  readonly reset: Nanos;
}

/** Why a request is turned away before its route sees it, or what became of one that failed. */
export type RestRefusal = 'no-key' | 'bad-key' | 'not-in-plan' | 'over-quota' | 'internal';

/** How an exchange turns pages. */
export interface Paging {
  /** The query parameter that brings the next page. */
  readonly parameter: string;
  /** The field of an answer that names it: by the parameter's value, or by a URL that has it. */
  readonly field: string;
  /** What stands there when nothing follows. */
  readonly atEnd: 'null' | 'absent';
}

/** The HTTP side of an exchange, as data for the one front desk. */
export interface Rest {
  readonly routes: readonly Route[];
  readonly paging?: Paging;
  /** The key a request carries; absent when it carries none. */
  credentials(
    headers: IncomingHttpHeaders,
    query: URLSearchParams,
  ): { readonly key: string; readonly secret: string } | undefined;
  /** `quota`: the one that is used up, where that is why. */
  refusal(why: RestRefusal, quota?: Quota): RestAnswer;
  /** Headers of every answer to a known key; `quota` is that of the minute. */
  headers(quota: Quota | undefined, request: RestRequest): Readonly<Record<string, string>>;
}
