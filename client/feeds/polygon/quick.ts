import type { Market, MarketEvent, Quote, TapeLetter, Trade } from '../../../market/event.ts';
import type { JsonScan } from '../feed.ts';
import type { Cluster } from './clusters.ts';
import { exchangeOf, quoteConditionOf, takerOf, tapeOf, tradeConditionOf } from './codes.ts';
import { QuickFields, slot } from './quick-fields.ts';
import { toSymbol } from './tickers.ts';

const nothing: readonly never[] = Object.freeze([]);
/** Kept spellings of tickers and lists of conditions, per stream; the most are forgotten at once when there are more. */
const mostKept = 32_768;

/**
 * Reads trades and quotes as the vendor spells them, in whatever order of fields, for a fraction of what reading them with care costs. Of
 * all else it says `undefined`; what both read is the same event.
 */
export class QuickReader {
  readonly #market: Market;
  readonly #lot: number;
  readonly #types: ReadonlyMap<string, (fields: QuickFields) => MarketEvent>;
  readonly #fields = new QuickFields();
  readonly #symbols = new Map<string, string>();
  readonly #conditions = new Map<string, readonly string[]>();

  /** `lot`: shares that one of a quote's sizes counts. */
  constructor({ market, channels }: Cluster, lot: number) {
    this.#market = market;
    this.#lot = lot;
    const makers: Readonly<Record<string, (fields: QuickFields) => MarketEvent>> = {
      T: (fields) => this.#trade(fields),
      Q: (fields) => this.#quote(fields),
      XT: (fields) => this.#coinTrade(fields),
    };
    this.#types = new Map(Object.entries(makers).filter(([type]) => channels.has(type)));
  }

  read(scan: JsonScan): MarketEvent | undefined {
    const fields = this.#fields;
    const type = fields.open(scan);
    const make = type === undefined ? undefined : this.#types.get(type);
    if (make === undefined || !fields.read(scan)) return undefined;
    const event = make(fields);
    return fields.odd ? undefined : event;
  }

  #trade(fields: QuickFields): Trade {
    const tape = tapeOf(fields.whole(slot.z));
    return {
      kind: 'trade',
      market: this.#market,
      symbol: this.#symbol(fields.text(slot.sym)),
      at: fields.millis(slot.t),
      id: fields.maybeText(slot.i) ?? '',
      price: fields.number(slot.p),
      size: fields.amount(slot.s, slot.ds),
      exchange: exchangeOf(this.#market, fields.whole(slot.x)),
      conditions: this.#tradeConditions(fields.list(slot.c), tape),
      tape,
      sequence: fields.whole(slot.q),
      participantAt: fields.maybeMillis(slot.pt),
      trfId: fields.whole(slot.trfi),
      trfAt: fields.maybeMillis(slot.trft),
      taker: undefined,
      receivedAt: undefined,
      correction: undefined,
      reportSequence: undefined,
      session: undefined,
    };
  }

  #coinTrade(fields: QuickFields): Trade {
    return {
      kind: 'trade',
      market: this.#market,
      symbol: this.#symbol(fields.text(slot.pair)),
      at: fields.millis(slot.t),
      id: fields.maybeText(slot.i) ?? '',
      price: fields.number(slot.p),
      size: fields.number(slot.s),
      exchange: exchangeOf(this.#market, fields.whole(slot.x)),
      conditions: nothing,
      tape: undefined,
      sequence: undefined,
      participantAt: undefined,
      trfId: undefined,
      trfAt: undefined,
      taker: takerOf(fields.list(slot.c)),
      receivedAt: fields.maybeMillis(slot.r),
      correction: undefined,
      reportSequence: undefined,
      session: undefined,
    };
  }

  #quote(fields: QuickFields): Quote {
    const condition = fields.whole(slot.c);
    return {
      kind: 'quote',
      market: this.#market,
      symbol: this.#symbol(fields.text(slot.sym)),
      at: fields.millis(slot.t),
      bidPrice: fields.number(slot.bp),
      bidSize: (fields.maybeNumber(slot.bs) ?? 0) * this.#lot,
      bidExchange: exchangeOf(this.#market, fields.whole(slot.bx)),
      askPrice: fields.number(slot.ap),
      askSize: (fields.maybeNumber(slot.as) ?? 0) * this.#lot,
      askExchange: exchangeOf(this.#market, fields.whole(slot.ax)),
      conditions: condition === undefined ? nothing : [quoteConditionOf(this.#market, condition)],
      indicators: fields.list(slot.i),
      tape: tapeOf(fields.whole(slot.z)),
      sequence: fields.whole(slot.q),
      participantAt: fields.maybeMillis(slot.pt),
      trfAt: undefined,
      bidAt: fields.maybeMillis(slot.bt),
      askAt: fields.maybeMillis(slot.at),
      receivedAt: undefined,
      reportSequence: undefined,
      session: undefined,
    };
  }

  #symbol(ticker: string): string {
    return kept(this.#symbols, ticker, () => toSymbol(this.#market, ticker));
  }

  #tradeConditions(ids: readonly number[], tape: TapeLetter | undefined): readonly string[] {
    if (ids.length === 0) return nothing;
    const make = (): readonly string[] => Object.freeze(ids.map((id) => tradeConditionOf(this.#market, id, tape)));
    return kept(this.#conditions, `${tape ?? ''}${ids.join()}`, make);
  }
}

function kept<Value>(values: Map<string, Value>, key: string, make: () => Value): Value {
  const known = values.get(key);
  if (known !== undefined) return known;
  if (values.size >= mostKept) values.clear();
  const made = make();
  values.set(key, made);
  return made;
}
