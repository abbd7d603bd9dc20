import type {
  Bar,
  BarKind,
  Book,
  Cancel,
  Correction,
  Imbalance,
  Luld,
  Market,
  MarketEvent,
  Nanos,
  News,
  Pricing,
  Quote,
  Status,
  TapeLetter,
  Trade,
} from '../../../market/event.ts';
import { day, minute } from '../../../market/nanos.ts';
import { unknownOfBar, unknownOfQuote, unknownOfTrade } from '../../../market/unknown.ts';
import { type Fields, Unreadable } from '../feed.ts';

// What the vendor's letters mean (sheet §5). What its C# SDK requires is required here, and an event in our words cannot be without; what
// the vendor leaves out is unknown; letters that came to be after this was written are passed over.

/** Reads an event whose symbol is known: live ones name theirs, and rows of history stand below theirs. */
export type EventReader = (market: Market, symbol: string, said: Fields) => MarketEvent;

const unsaidOfTrade = { sequence: undefined, participantAt: undefined, trfId: undefined, trfAt: undefined };
/** What a row of history says became of a trade, as the tape's correction indicator spells it: NYSE TAQ 01, 07 and 08. */
const updates = new Map([
  ['corrected', 1],
  ['incorrect', 7],
  ['canceled', 8],
]);

export function trade(market: Market, symbol: string, said: Fields): Trade {
  const update = said.maybeText('u');
  return {
    kind: 'trade',
    market,
    symbol,
    at: said.instant('t'),
    // Options have none.
    id: said.maybeId('i') ?? '',
    price: said.number('p'),
    size: said.number('s'),
    exchange: said.maybeText('x'),
    conditions: conditionsOf(said),
    tape: tapeOf(said),
    ...unsaidOfTrade,
    taker: takerOf(said),
    ...unknownOfTrade,
    correction: update === undefined ? undefined : updates.get(update),
  };
}

/** Crypto's buyers and sellers. */
function takerOf(said: Fields): Trade['taker'] {
  const side = said.maybeText('tks');
  return side === 'B' ? 'buy' : side === 'S' ? 'sell' : undefined;
}

export function quote(market: Market, symbol: string, said: Fields): Quote {
  return {
    kind: 'quote',
    market,
    symbol,
    at: said.instant('t'),
    bidPrice: said.number('bp'),
    bidSize: said.number('bs'),
    bidExchange: said.maybeText('bx'),
    askPrice: said.number('ap'),
    askSize: said.number('as'),
    askExchange: said.maybeText('ax'),
    conditions: conditionsOf(said),
    indicators: [],
    tape: tapeOf(said),
    sequence: undefined,
    participantAt: undefined,
    ...unknownOfQuote,
  };
}

/** A list of letters for stocks; for options all of them in one text [S CS]. */
function conditionsOf(said: Fields): readonly string[] {
  const conditions = said.get('c');
  return typeof conditions === 'string' ? conditions.split('') : said.texts('c');
}

function tapeOf(said: Fields): TapeLetter | undefined {
  return tapeLetter(said.maybeText('z'));
}

export function tapeLetter(text: string | undefined): TapeLetter | undefined {
  return text === 'A' || text === 'B' || text === 'C' || text === 'O' ? text : undefined;
}

export const bar =
  (kind: BarKind): EventReader =>
  (market, symbol, said): Bar => {
    const start = said.instant('t');
    return {
      kind,
      market,
      symbol,
      at: publishedAt(kind, start),
      start,
      open: said.number('o'),
      high: said.number('h'),
      low: said.number('l'),
      close: said.number('c'),
      volume: said.number('v'),
      trades: said.number('n'),
      vwap: said.number('vw'),
      ...unknownOfBar,
    };
  };

/**
 * The vendor tells when a bar's time began, never when it was published: so its end stands for that, in the stream as in history, and
 * both tell the same bar. A day's bar comes every minute while its day lasts [M LIVE §6.7], and is as of the day's end all the same.
 */
export function publishedAt(kind: BarKind, start: Nanos): Nanos {
  return start + (kind === 'daily-bar' ? day : minute);
}

export function status(market: Market, symbol: string, said: Fields): Status {
  return {
    kind: 'status',
    market,
    symbol,
    at: said.instant('t'),
    code: said.text('sc'),
    message: said.maybeText('sm') ?? '',
    reasonCode: said.maybeText('rc') ?? '',
    reasonMessage: said.maybeText('rm') ?? '',
    tape: tapeOf(said),
  };
}

export function luld(market: Market, symbol: string, said: Fields): Luld {
  return {
    kind: 'luld',
    market,
    symbol,
    at: said.instant('t'),
    up: said.number('u'),
    down: said.number('d'),
    indicator: said.maybeText('i') ?? '',
    tape: tapeOf(said),
    indicators: undefined,
    sequence: undefined,
  };
}

/** Beyond the price the C# SDK knows what the documentation does not [S CS]. */
export function imbalance(market: Market, symbol: string, said: Fields): Imbalance {
  return {
    kind: 'imbalance',
    market,
    symbol,
    at: said.instant('t'),
    price: said.number('p'),
    pairedShares: said.maybeNumber('ps'),
    imbalanceShares: said.maybeNumber('is'),
    side: said.maybeText('side'),
    auction: said.maybeText('at'),
    tape: tapeOf(said),
    auctionTime: undefined,
    exchange: undefined,
    sequence: undefined,
  };
}

export function correction(market: Market, symbol: string, said: Fields): Correction {
  const print = (side: 'o' | 'c'): Correction['original'] => ({
    id: said.maybeId(`${side}i`) ?? '',
    price: said.number(`${side}p`),
    size: said.number(`${side}s`),
    conditions: said.texts(`${side}c`),
  });
  return {
    kind: 'correction',
    market,
    symbol,
    at: said.instant('t'),
    exchange: said.maybeText('x'),
    original: print('o'),
    corrected: print('c'),
    tape: tapeOf(said),
  };
}

export function cancel(market: Market, symbol: string, said: Fields): Cancel {
  const action = said.text('a');
  if (action !== 'C' && action !== 'E') throw new Unreadable('a is neither C nor E');
  return {
    kind: 'cancel',
    market,
    symbol,
    at: said.instant('t'),
    id: said.maybeId('i') ?? '',
    price: said.number('p'),
    size: said.number('s'),
    exchange: said.maybeText('x'),
    action,
    tape: tapeOf(said),
  };
}

export function book(market: Market, symbol: string, said: Fields): Book {
  const levels = (side: string): Book['bids'] =>
    said.objects(side).map((level) => ({ price: level.number('p'), size: level.number('s') }));
  return {
    kind: 'book',
    market,
    symbol,
    at: said.instant('t'),
    bids: levels('b'),
    asks: levels('a'),
    // Only a whole book says so [D DCRY].
    reset: said.flag('r'),
    exchange: said.maybeText('x'),
    receivedAt: undefined,
  };
}

export function pricing(market: Market, symbol: string, said: Fields): Pricing {
  return {
    kind: 'pricing',
    market,
    symbol,
    at: said.instant('t'),
    exchange: said.maybeText('x'),
    indexPrice: said.maybeNumber('ip'),
    markPrice: said.maybeNumber('mp'),
    fundingRate: said.maybeNumber('fr'),
    openInterest: said.maybeNumber('oi'),
    fundingAt: said.maybeInstant('ft'),
  };
}

/** An item is sent anew when it changes, with the same id: its last change is when it was published, or the change would pass for a copy. */
export function news(said: Fields): News {
  const createdAt = said.instant('created_at');
  const updatedAt = said.maybeInstant('updated_at') ?? createdAt;
  const at = updatedAt > createdAt ? updatedAt : createdAt;
  const symbols = said.texts('symbols');
  return {
    kind: 'news',
    market: 'stocks',
    symbol: symbols[0] ?? '',
    at,
    id: said.maybeId('id') ?? '',
    headline: said.text('headline'),
    summary: said.maybeText('summary') ?? '',
    author: said.maybeText('author') ?? '',
    createdAt: createdAt === at ? undefined : createdAt,
    updatedAt,
    url: said.maybeText('url') ?? '',
    content: said.maybeText('content') ?? '',
    symbols,
    source: said.maybeText('source') ?? '',
  };
}
