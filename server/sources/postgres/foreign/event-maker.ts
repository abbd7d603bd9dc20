import type { Market, MarketEvent, Nanos, TapeLetter } from '../../../../market/event.ts';
import { unknownOfBar, unknownOfQuote, unknownOfTrade } from '../../../../market/unknown.ts';
import type { FieldName } from './fields.ts';
import type { Mapping } from './mapping.ts';

/** What the present row says, by field; a field without a column says nothing. */
export interface Says {
  amount(name: FieldName): () => number | undefined;
  text(name: FieldName): () => string | undefined;
  conditions(): readonly string[];
  sequence(): number | undefined;
}

const usualSpans = { bar: 60_000_000_000n, 'second-bar': 1_000_000_000n, 'daily-bar': 86_400_000_000_000n } as const;
const none: readonly never[] = [];
const tapeOf = new Map<string | undefined, TapeLetter>((['A', 'B', 'C', 'O'] as const).map((tape) => [tape, tape]));

/** How long a bar of this table lasts; 0 for what is no bar. */
export function spanOf({ kind, timeframe }: Mapping): Nanos {
  if (kind !== 'bar' && kind !== 'second-bar' && kind !== 'daily-bar') return 0n;
  return timeframe ?? usualSpans[kind];
}

type Make = (at: Nanos, symbol: string, market: Market) => MarketEvent;

/** Makes the event of the present row. `at` is the row's own time: for a bar the one it is labelled with. */
export function eventMaker(mapping: Mapping, says: Says): Make {
  const { kind } = mapping;
  const needed = (name: FieldName): (() => number) => {
    const found = says.amount(name);
    return () => found() ?? 0;
  };
  switch (kind) {
    case 'bar':
    case 'second-bar':
    case 'daily-bar':
      return barMaker(kind, mapping, says);
    case 'trade': {
      const [price, size] = [needed('price'), needed('size')];
      const [id, exchange, tape] = [says.text('id'), says.text('exchange'), says.text('tape')];
      return (at, symbol, market) => ({
        kind,
        market,
        symbol,
        at,
        id: id() ?? '',
        price: price(),
        size: size(),
        exchange: exchange(),
        conditions: says.conditions(),
        tape: tapeOf.get(tape()),
        sequence: says.sequence(),
        participantAt: undefined,
        trfId: undefined,
        trfAt: undefined,
        taker: undefined,
        ...unknownOfTrade,
      });
    }
    case 'quote': {
      const [bidPrice, bidSize, bidExchange] = [needed('bidPrice'), needed('bidSize'), says.text('bidExchange')];
      const [askPrice, askSize, askExchange] = [needed('askPrice'), needed('askSize'), says.text('askExchange')];
      const tape = says.text('tape');
      return (at, symbol, market) => ({
        kind,
        market,
        symbol,
        at,
        bidPrice: bidPrice(),
        bidSize: bidSize(),
        bidExchange: bidExchange(),
        askPrice: askPrice(),
        askSize: askSize(),
        askExchange: askExchange(),
        conditions: says.conditions(),
        indicators: none,
        tape: tapeOf.get(tape()),
        sequence: says.sequence(),
        participantAt: undefined,
        ...unknownOfQuote,
      });
    }
    case 'price': {
      const [price, exchange] = [needed('price'), says.text('exchange')];
      const [bidPrice, askPrice, dayVolume] = [
        says.amount('bidPrice'),
        says.amount('askPrice'),
        says.amount('dayVolume'),
      ];
      return (at, symbol, market) => ({
        kind,
        market,
        symbol,
        at,
        price: price(),
        bidPrice: bidPrice(),
        askPrice: askPrice(),
        dayVolume: dayVolume(),
        exchange: exchange(),
        mic: undefined,
        currency: undefined,
        baseCurrency: undefined,
        quoteCurrency: undefined,
        instrument: undefined,
      });
    }
    case 'value': {
      const value = needed('value');
      return (at, symbol, market) => ({ kind, market, symbol, at, value: value() });
    }
  }
}

function barMaker(kind: 'bar' | 'second-bar' | 'daily-bar', mapping: Mapping, says: Says): Make {
  const [open, high] = [says.amount('open'), says.amount('high')];
  const [low, close] = [says.amount('low'), says.amount('close')];
  const [volume, trades, vwap] = [says.amount('volume'), says.amount('trades'), says.amount('vwap')];
  const span = spanOf(mapping);
  const early = mapping.label === 'start' ? 0n : span;
  return (at, symbol, market) => {
    const [top, bottom, last] = [high() ?? 0, low() ?? 0, close() ?? 0];
    const start = at - early;
    return {
      kind,
      market,
      symbol,
      at: start + span,
      start,
      open: open() ?? 0,
      high: top,
      low: bottom,
      close: last,
      volume: volume() ?? 0,
      trades: trades() ?? 0,
      // A bar recorded without its vwap gets its typical price, the usual stand-in.
      vwap: vwap() ?? (top + bottom + last) / 3,
      ...unknownOfBar,
    };
  };
}
