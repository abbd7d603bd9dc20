import { turn } from '../../../market/clock.ts';
import type { Channel, MarketEvent } from '../../../market/event.ts';
import {
  pageSize,
  selects,
  sourceKind,
  TapeError,
  type Outline,
  type Page,
  type Selection,
  type Source,
  type Surroundings,
  type Survey,
} from '../source.ts';
import { keyOf } from '../../../market/chance.ts';
import { instrumentsOf, type Instrument } from './instrument.ts';
import { Moment } from './moment.ts';
import { nameOf, options, type Options } from './options.ts';
import { Path } from './path.ts';
import { endOf, stretchesOf } from './stretches.ts';
import { breath, surveyOf } from './survey.ts';
import { Ticker } from './ticker.ts';
import { spanOf, toNanos, toSecond, type Span } from './trading-hours.ts';

/** A market that never was: seeded, the same for the same options and seed, for any part of it. */
export const synthetic = sourceKind({
  options: options.meta({
    title: 'Generated market',
    description: 'A market made up from a seed: trades, quotes, auctions, price bands and halts of a plausible day.',
    examples: [{ symbols: ['AAPL', 'BTC/USD'], day: '2026-07-01', rate: 80 }],
  }),
  explain: (market) => {
    const span = spanOf(market);
    const names = market.symbols.map(nameOf);
    const shown = names.length > 8 ? `${names.slice(0, 8).join(', ')} and ${names.length - 8} more` : names.join(', ');
    return `a generated market of ${shown}, ${iso(span.from)} to ${iso(span.to)}, about ${market.rate} events/s`;
  },
  open: (market, surroundings) => new SyntheticSource(market, surroundings),
});

class SyntheticSource implements Source {
  readonly name: string;
  readonly #span: Span;
  readonly #instruments: readonly Instrument[];

  constructor(market: Options, { seed }: Pick<Surroundings, 'seed'>) {
    const chosen = market.seed ?? seed;
    this.name = `synthetic (seed ${chosen})`;
    this.#span = spanOf(market);
    if (this.#span.from >= this.#span.to) {
      throw new TapeError(`synthetic: day: ${market.day ?? ''}: the US stock market is closed; choose a trading day`);
    }
    this.#instruments = instrumentsOf(market, this.#span, chosen);
    this.#seed = chosen;
  }
  readonly #seed: number;

  async survey(signal: AbortSignal): Promise<Survey> {
    const tickers = this.#tickers({});
    return { holdings: await surveyOf(stretchesOf(tickers, this.#span), signal) };
  }

  /** Trading hours stand for what happens in them, so that a run of years starts at once. */
  async outline(): Promise<readonly Outline[]> {
    return this.#tickers({}).flatMap(({ instrument }) => {
      const { symbol, market, hours } = instrument;
      const [first, last] = [hours[0], hours.at(-1)];
      if (first === undefined || last === undefined) return [];
      const from = toNanos(Math.max(first.from, this.#span.from));
      const to = toNanos(Math.min(endOf(last), this.#span.to)) - 1n;
      return channelsOf(instrument).map((channel) => ({ symbol, market, channel, from, to }));
    });
  }

  async *pages(selection: Selection, signal: AbortSignal): AsyncGenerator<Page> {
    const wanted = selects(selection);
    const moment = new Moment();
    const add = (offset: number, event: MarketEvent): void => {
      if (wanted(event)) moment.add(offset, event);
    };
    let page: MarketEvent[] = [];
    /** Seconds of symbols since others had their turn: in a quiet market years may pass without a page. */
    let quiet = 0;
    for (const { from, to, open } of stretchesOf(this.#tickers(selection), clip(this.#span, selection))) {
      for (let second = from; second < to && !signal.aborted; second++) {
        for (const { ticker, hours } of open) ticker.make(second, hours, add);
        moment.take(page);
        if (page.length < pageSize) {
          if ((quiet += open.length) >= breath) {
            quiet = 0;
            await turn();
          }
          continue;
        }
        quiet = 0;
        // Cut by position: a busy second is many pages, and moving the rest up for each would take the square of it.
        let cut = 0;
        for (; page.length - cut >= pageSize; cut += pageSize) {
          yield page.slice(cut, cut + pageSize);
          if (signal.aborted) return;
        }
        page = page.slice(cut);
      }
    }
    if (page.length > 0 && !signal.aborted) yield page;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Nothing is open: every page is made when it is asked for.
  }

  #tickers({ symbols, channels }: Selection): readonly Ticker[] {
    const wantedSymbols = symbols && new Set(symbols);
    const wanted = (channel: Channel): boolean => channels?.includes(channel) ?? true;
    // Symbols of one market share a path, and with it what moves them together.
    const paths = new Map<string, Path>();
    return this.#instruments
      .filter(({ symbol }) => wantedSymbols?.has(symbol) ?? true)
      .map((instrument) => {
        const { movesWith } = instrument.contract?.underlying ?? instrument;
        const path = paths.get(movesWith) ?? new Path(keyOf(`market of ${movesWith}`, this.#seed));
        paths.set(movesWith, path);
        return new Ticker(instrument, path, this.#span.from, wanted);
      });
  }
}

/** The part of the span that a selection needs, in whole seconds. */
function clip(span: Span, { from, to }: Selection): Span {
  return {
    from: from === undefined ? span.from : Math.max(span.from, toSecond(from)),
    to: to === undefined ? span.to : Math.min(span.to, toSecond(to - 1n) + 1),
  };
}

function channelsOf({ books, newsRate, valueRate }: Instrument): readonly Channel[] {
  if (valueRate > 0) return ['value'];
  return ['trade', 'quote', ...more(books > 0, 'book'), ...more(newsRate > 0, 'news')];
}

const more = (has: boolean, channel: Channel): Channel[] => (has ? [channel] : []);

const iso = (second: number): string => new Date(Number(toNanos(second) / 1_000_000n)).toISOString().slice(0, 19) + 'Z';
