import type { IncomingHttpHeaders } from 'node:http';
import type { MarketEvent, Nanos } from '../../market/event.ts';
import { openExchanges } from '../exchanges/index.ts';
import type { Exchange, Heard, Stream, Wire } from '../exchanges/exchange.ts';
import { findStream } from '../exchanges/find-stream.ts';
import type { Watched } from './drift/drift.ts';

/** Whose words are spoken on a path, and how. */
export interface Dialect extends Watched {
  readonly stream: Stream;
}

/** Tells by its path whose stream a client asks for. */
export class Dialects {
  readonly #exchanges: readonly Exchange[];
  readonly #vendor: string | undefined;

  /** `vendor`: the one whose words are spoken, where paths are not those of the vendor. */
  constructor(vendor: string | undefined) {
    this.#exchanges = openExchanges(undefined).filter(({ name }) => vendor === undefined || name === vendor);
    this.#vendor = vendor;
  }

  get names(): readonly string[] {
    return this.#exchanges.map(({ name }) => name);
  }

  find(path: string, headers: IncomingHttpHeaders): Dialect | undefined {
    const place = findStream(this.#exchanges, path) ?? (this.#vendor === undefined ? undefined : this.#ending(path));
    if (place === undefined) return undefined;
    const { exchange, stream } = place;
    const wire = stream.wire(headers);
    if (wire.hear === undefined || stream.markets.length === 0) return undefined;
    return { exchange: exchange.name, path: stream.path, markets: stream.markets, stream, wire };
  }

  /** The stream whose path a longer one ends in: behind a gateway, say. */
  #ending(path: string): { exchange: Exchange; stream: Stream } | undefined {
    const [longest] = this.#exchanges
      .flatMap((exchange) => exchange.streams.map((stream) => ({ exchange, stream })))
      .filter(({ stream }) => path.endsWith(stream.path))
      .sort((one, other) => other.stream.path.length - one.stream.path.length);
    return longest;
  }
}

/** Bars remembered: the start of the last one of each symbol. All US listings are some 12,000. */
const mostSymbols = 65_536;

/** What one connection hears, as a tape tells it: bars come when their market has reached that moment. */
export class Hearing {
  readonly #wire: Wire;
  #reached: Nanos | undefined;
  readonly #bars: Map<string, Nanos>;

  /** `bars` are shared by all connections to one stream. */
  constructor(wire: Wire, bars: Map<string, Nanos>) {
    this.#wire = wire;
    this.#bars = bars;
  }

  hear(message: Buffer): readonly Heard[] {
    return this.#wire.hear?.(message) ?? [];
  }

  /** The event a message tells, at its moment on the tape. */
  eventOf({ meaning }: Heard): MarketEvent | undefined {
    if (meaning.kind !== 'event') return undefined;
    const { event, published } = meaning;
    const reached = this.#reached ?? event.at;
    if (event.at > reached || this.#reached === undefined) this.#reached = event.at;
    if (published || !('start' in event)) return event;
    const at = event.at > reached ? event.at : reached;
    return { ...event, at, kind: event.kind === 'bar' && this.#isAgain(event) ? 'updated-bar' : event.kind };
  }

  /** Whether a minute was told before: then this is the same one, revised. */
  #isAgain({ symbol, start }: { readonly symbol: string; readonly start: Nanos }): boolean {
    const last = this.#bars.get(symbol);
    if (last !== undefined && last >= start) return last === start;
    if (this.#bars.size >= mostSymbols) this.#bars.clear();
    this.#bars.set(symbol, start);
    return false;
  }
}
