import { hash } from 'node:crypto';
import type { MarketEvent, Nanos, Quote } from './event.ts';

/**
 * What makes an event itself among those of the same symbol, kind and time: the vendor's id, or its sequence, or, when
 * it has neither, a digest of all it says. The same event heard again has the same key, whatever row it is.
 */
export function eventKey(event: MarketEvent): string {
  if (event.kind === 'trade' && event.id !== '') return `${event.exchange ?? ''}/${event.id}`;
  if ((event.kind === 'cancel' || event.kind === 'news') && event.id !== '') return event.id;
  if (event.kind === 'trade' || event.kind === 'quote') {
    if (event.sequence !== undefined) return `#${event.sequence}`;
    if (event.kind === 'quote') return digest(quoteSayings(event));
  }
  return digest(sayings(event));
}

/**
 * All that an event says beyond what every event says, in one order of fields, because a stream and a history may list them in different ones;
 * without the time of its reception, which only a stream can tell.
 */
function sayings(event: MarketEvent): string {
  const { kind: _kind, market: _market, symbol: _symbol, at: _at, ...said } = event;
  return JSON.stringify({ ...said, receivedAt: undefined }, (_, part: unknown) => {
    if (typeof part === 'bigint') return String(part);
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)));
  });
}

/** The same of a quote, spelled by hand: quotes are the most of what has no id. */
function quoteSayings(quote: Quote): string {
  const bid = `${quote.bidPrice} ${quote.bidSize} ${quote.bidExchange}`;
  const ask = `${quote.askPrice} ${quote.askSize} ${quote.askExchange}`;
  const times = `${quote.participantAt} ${quote.trfAt} ${quote.bidAt} ${quote.askAt}`;
  const marks = `${quote.conditions.join(',')}|${quote.indicators.join(',')}|${quote.tape}`;
  return `${bid}|${ask}|${marks}|${times}|${quote.reportSequence}|${quote.session}`;
}

const digest = (text: string): string => hash('md5', text, 'base64url');

/** Numbers events that are equal in every part of their identity: 3 to 37 % of the rows of a real tape are. */
export class Ordinals {
  #at: Nanos | undefined;
  // Tapes are in time order, so only the present instant's events can be equal to the next one.
  readonly #seen = new Map<string, number>();

  of(event: MarketEvent, key: string): number {
    if (event.at !== this.#at) {
      this.#at = event.at;
      this.#seen.clear();
    }
    const identity = `${event.market}\0${event.symbol}\0${event.kind}\0${key}`;
    const ordinal = this.#seen.get(identity) ?? 0;
    this.#seen.set(identity, ordinal + 1);
    return ordinal;
  }
}
