import type { Market, Nanos } from '../../../../market/event.ts';
import { type ByteWriter, type Leaf, type Scribe, type Span, turnPage } from '../../exchange.ts';
import { keyOf } from './answers.ts';
import { type Bookmark, tokenOf } from './page-token.ts';
import type { RowWriter } from './rows.ts';

/** What is told page by page of one symbol after the other: its bars, its trades. */
export interface Series<Entry> {
  /** Names the series in page tokens. */
  readonly letter: string;
  /** Entries of a span in its order; those before its first and after its last instant are passed over. */
  read(span: Span, signal: AbortSignal): AsyncIterable<Leaf<Entry>>;
  /** The instant of an entry on the wire. */
  readonly stamp: (entry: Entry, shift: Nanos) => Nanos;
  readonly write: RowWriter<Entry>;
  /** Takes down which events a row tells. */
  readonly tell: (entry: Entry, shift: Nanos, scribe: Scribe) => void;
}

export interface Walk<Entry> {
  readonly series: Series<Entry>;
  readonly market: Market;
  /** In the order in which they are told. */
  readonly symbols: readonly string[];
  readonly from: Nanos;
  readonly to: Nanos;
  readonly newestFirst: boolean;
  /** Most rows of the page. */
  readonly limit: number;
  /** Where the page before ended. */
  readonly bookmark: Bookmark | undefined;
}

/**
 * Writes one page: symbol after symbol, each in the order of time. As soon as it is full nothing more is read, so a page may end with a
 * token although nothing follows; only a null one ends the walk (sheet §7).
 */
export async function writePage<Entry>(
  walk: Walk<Entry>,
  form: { readonly name: string; readonly by: 'symbol' | 'itself'; readonly trailer?: string },
  signal: AbortSignal,
  scribe: Scribe | undefined,
  out: ByteWriter,
): Promise<void> {
  const bySymbol = form.by === 'symbol';
  out.utf8(`{${keyOf(form.name)}${bySymbol ? '{' : '['}`);
  let listed: string | undefined;
  let rows = 0;
  const next = await turn(walk, signal, (entry, shift, symbol) => {
    if (bySymbol && symbol !== listed) {
      out.utf8(`${listed === undefined ? '' : '],'}${keyOf(symbol)}[`);
      listed = symbol;
    } else if (rows > 0) out.u8(0x2c);
    rows++;
    walk.series.write(entry, shift, out);
    if (scribe !== undefined) walk.series.tell(entry, shift, scribe);
  });
  out.utf8(`${bySymbol ? (listed === undefined ? '}' : ']}') : ']'}${form.trailer ?? ''}`);
  out.utf8(`,"next_page_token":${next === undefined ? 'null' : JSON.stringify(tokenOf(next))}}`);
}

/** Hands on the rows of one page; returns where it ended if it is full. */
async function turn<Entry>(
  { series, market, symbols, from, to, newestFirst, limit, bookmark }: Walk<Entry>,
  signal: AbortSignal,
  row: (entry: Entry, shift: Nanos, symbol: string) => void,
): Promise<Bookmark | undefined> {
  let room = limit;
  for (const symbol of symbols) {
    const after = bookmark?.symbol === symbol ? bookmark : undefined;
    if (bookmark !== undefined && after === undefined && symbol < bookmark.symbol) continue;
    const first = after !== undefined && !newestFirst ? after.at : from;
    const last = after !== undefined && newestFirst ? after.at : to;
    const span: Span = { market, symbol, from: first, to: last, lag: 0n, newestFirst };
    const part = { from: first, to: last, after, limit: room };
    const end = await turnPage(series.read(span, signal), series.stamp, part, false, (entry, shift) => {
      room--;
      row(entry, shift, symbol);
    });
    if (end !== undefined) return { ...end, symbol, letter: series.letter };
  }
  return undefined;
}
