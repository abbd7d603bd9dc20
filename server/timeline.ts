import { turn } from '../market/clock.ts';
import { isBarKind, type Channel, type Market, type MarketEvent, type Nanos, publisherOf } from '../market/event.ts';
import { BarMaker } from './bars/bar-maker.ts';
import { derive } from './bars/derive.ts';
import type { Deriver } from './bars/deriver.ts';
import { Prices } from './bars/prices.ts';
import { PublishedBooks } from './bars/published-books.ts';
import { SecondBars } from './bars/second-bars.ts';
import { Ticks } from './bars/ticks.ts';
import type { Exchange, History } from './exchanges/exchange.ts';
import { merge } from './merge.ts';
import { selects, TapeError, type Page, type Selection, type Source } from './sources/source.ts';
import { WholeBooks } from './books/whole-books.ts';

/** Events that a timeline keeps after the first pass, so that later loops neither read nor encode them again. */
const keptEvents = 200_000;

/** What an exchange makes of a tape for its clients. */
export type Publisher = Pick<Exchange, 'name' | 'bars' | 'prices' | 'wholeBooks'>;

export interface TimelineOptions {
  readonly symbols: readonly string[] | undefined;
  /** The part to play, both inclusive, already checked against what the tapes hold. */
  readonly from: Nanos;
  readonly to: Nanos;
  /** Kinds of bars the tapes hold of a symbol themselves; all others are made of trades. */
  recorded(market: Market, symbol: string): ReadonlySet<Channel>;
  /** Whether they hold any bars. */
  readonly holdsBars: boolean;
  /** Whether they hold order books. */
  readonly holdsBooks: boolean;
  /** What the tapes hold, for whoever asks what there is. */
  readonly listed: History['listed'];
  /** Who makes bars and prices of it. */
  readonly publishers: readonly Publisher[];
  readonly seed: number;
}

/**
 * All tapes of a scenario merged into one sequence of pages, oldest event first, with the bars that follow from the
 * trades. Reads anew at every call, except that a short pass is kept in memory and played from there the next time.
 */
export class Timeline {
  readonly from: Nanos;
  readonly to: Nanos;
  /** The first of its publishers. */
  readonly publisher: string | undefined;
  readonly #sources: readonly Source[];
  readonly #options: TimelineOptions;
  readonly #marketsOf: ReadonlyMap<string, ReadonlySet<Market>>;
  #kept: readonly Page[] | undefined;

  constructor(sources: readonly Source[], options: TimelineOptions) {
    this.#sources = sources;
    this.#options = options;
    this.from = options.from;
    this.to = options.to;
    this.publisher = options.publishers[0]?.name;
    const marketsOf = new Map<string, Set<Market>>();
    for (const { market, symbol } of options.listed) {
      marketsOf.set(symbol, (marketsOf.get(symbol) ?? new Set()).add(market));
    }
    this.#marketsOf = marketsOf;
  }

  /** Symbols that may come, in their order, once per market. */
  get listed(): History['listed'] {
    return this.#options.listed;
  }

  /** Which of these markets has the symbol; the first of them when several have. */
  marketOf(symbol: string, markets: readonly Market[]): Market | undefined {
    const among = this.#marketsOf.get(symbol);
    return among && markets.find((market) => among.has(market));
  }

  /** Pages from the first event at or after `from`, order books made whole before it. Ends early, without error, on abort. */
  async *pages(from: Nanos, signal: AbortSignal): AsyncGenerator<Page> {
    if (from > this.from) return yield* this.#after(from, signal);
    if (this.#kept !== undefined) return yield* this.#kept;
    let kept: Page[] | undefined = [];
    let room = keptEvents;
    for await (const page of this.#read({}, signal)) {
      yield page;
      room -= page.length;
      if (room < 0) kept = undefined;
      kept?.push(page);
    }
    if (!signal.aborted) this.#kept = kept;
  }

  /**
   * Events of a part as one exchange publishes them, read apart from the passes that decks play. Bars are those of a pass if the part
   * begins with a day of its market. Ends early, without error, on abort.
   */
  async *part(selection: Selection, publisher: string, signal: AbortSignal): AsyncGenerator<Page> {
    const selected = selects(selection);
    const wanted = (event: MarketEvent): boolean => selected(event) && isOf(event, publisher);
    if (this.#kept !== undefined) {
      for (const page of this.#kept) {
        if (signal.aborted) return;
        if (!overlaps(page, selection)) continue;
        yield page.filter(wanted);
        await turn();
      }
      return;
    }
    for await (const page of this.#read(selection, signal, publisher)) {
      yield page.filter(wanted);
    }
  }

  /**
   * A seek reads from the start, because the minute and the day under the needle are made of the trades before it, and
   * drops what is older. Tapes that hold their own bars could jump; they are read through all the same, for one truth.
   * Order books that were passed over come first, whole, since what follows are changes to them.
   */
  async *#after(from: Nanos, signal: AbortSignal): AsyncGenerator<Page> {
    const books = new WholeBooks();
    let reached = false;
    for await (const page of this.#kept ?? this.#read({}, signal)) {
      if (reached) {
        yield page;
        continue;
      }
      const first = page.findIndex((event) => event.at >= from);
      for (const event of first < 0 ? page : page.slice(0, first)) if (event.kind === 'book') books.change(event, 0n);
      const arrival = page[first];
      if (arrival === undefined) {
        // An empty page for each that is passed over, so that others have their turn on a long way.
        yield [];
        continue;
      }
      reached = true;
      // Told as of the arrival: with the time of their last change they would be due before it.
      const { at } = arrival;
      const whole = books.standing(() => true).map(({ book }) => ({ ...book, at, receivedAt: undefined }));
      yield whole.length === 0 && first === 0 ? page : [...whole, ...page.slice(first)];
    }
  }

  /** What the options let through of a selection, with the bars and prices that follow from it, of one publisher or of all. */
  #read(part: Selection, signal: AbortSignal, publisher?: string): AsyncIterable<Page> {
    const { symbols, from, to } = this.#options;
    const selection: Selection = {
      symbols: part.symbols?.filter((symbol) => symbols?.includes(symbol) !== false) ?? symbols,
      channels: isAsRecorded(part) ? part.channels : undefined,
      from: part.from !== undefined && part.from > from ? part.from : from,
      to: part.to !== undefined && part.to <= to ? part.to : to + 1n,
    };
    const pages = merge(this.#sources.map((source) => ordered(source, selection, signal)));
    if (isAsRecorded(part)) return pages;
    const ticks = new Ticks((market, symbol) => this.#options.recorded(market, symbol));
    return derive(pages, this.#derivers(publisher), ticks, this.#options.holdsBars);
  }

  /** What each exchange makes of the tape: its bars, and its last prices if it has any. */
  #derivers(only: string | undefined): readonly Deriver[] {
    const { publishers, seed, holdsBooks } = this.#options;
    const asked = publishers.filter(({ name }) => only === undefined || name === only);
    return asked.flatMap(({ name: publisher, bars, prices, wholeBooks }) => [
      // Not for history, which tells the changes of the tape.
      ...(wholeBooks === undefined || !holdsBooks || only !== undefined
        ? []
        : [new PublishedBooks({ publisher, ...wholeBooks })]),
      ...(prices === true ? [new Prices({ publisher })] : []),
      ...(bars.second === undefined ? [] : [new SecondBars({ schedule: bars.second, publisher })]),
      new BarMaker({ schedule: bars, publisher, seed }),
    ]);
  }
}

/** Bars and prices are made of other events, so those have to be read as well. */
function isAsRecorded({ channels }: Selection): boolean {
  return channels?.every((channel) => !isBarKind(channel) && channel !== 'price') === true;
}

/** Whether history of an exchange has it: what is on the tape and what it made of that, but for order books, which are the tape's. */
function isOf(event: MarketEvent, publisher: string): boolean {
  const own = publisherOf(event);
  return own === undefined || (own === publisher && event.kind !== 'book');
}

function overlaps(page: Page, { from, to }: Selection): boolean {
  const [first, last] = [page[0], page.at(-1)];
  if (first === undefined || last === undefined) return false;
  return (from === undefined || last.at >= from) && (to === undefined || first.at < to);
}

/** A tape that runs backwards would make the deck wait for the past: refuse it where it is read. */
async function* ordered(source: Source, selection: Selection, signal: AbortSignal): AsyncGenerator<Page> {
  let last = 0n;
  for await (const page of source.pages(selection, signal)) {
    if (signal.aborted) return;
    const first = page[0];
    if (first === undefined) continue;
    if (first.at < last) {
      throw new TapeError(`${source.name} is not in time order: ${first.symbol} at ${first.at} comes after ${last}`);
    }
    last = page[page.length - 1]?.at ?? last;
    yield page;
    // Reading ahead must not hold up what is due: whoever waits for a timer or a socket comes first.
    await turn();
  }
}
