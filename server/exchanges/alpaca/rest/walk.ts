import type { Market, Nanos } from '../../../../market/event.ts';
import type { ByteWriter, Span } from '../../exchange.ts';
import { keyOf } from './answers.ts';
import { type Bookmark, tokenOf } from './page-token.ts';
import type { RowWriter } from './rows.ts';

/** Some entries of a series, in its order. */
export interface Leaf<Entry> {
  readonly events: readonly Entry[];
  readonly shift: Nanos;
}

/** What is told page by page of one symbol after the other: its bars, its trades. */
export interface Series<Entry> {
  /** Names the series in page tokens. */
  readonly letter: string;
  /** Entries of a span in its order; those before its first and after its last instant are passed over. */
  read(span: Span, signal: AbortSignal): AsyncIterable<Leaf<Entry>>;
  /** The instant of an entry on the wire. */
  stamp(entry: Entry, shift: Nanos): Nanos;
  readonly write: RowWriter<Entry>;
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
  out: ByteWriter,
): Promise<void> {
  const bySymbol = form.by === 'symbol';
  out.utf8(`{${keyOf(form.name)}${bySymbol ? '{' : '['}`);
  let listed: string | undefined;
  let rows = 0;
  const next = await turnPage(walk, signal, (entry, shift, symbol) => {
    if (bySymbol && symbol !== listed) {
      out.utf8(`${listed === undefined ? '' : '],'}${keyOf(symbol)}[`);
      listed = symbol;
    } else if (rows > 0) out.u8(0x2c);
    rows++;
    walk.series.write(entry, shift, out);
  });
  out.utf8(`${bySymbol ? (listed === undefined ? '}' : ']}') : ']'}${form.trailer ?? ''}`);
  out.utf8(`,"next_page_token":${next === undefined ? 'null' : JSON.stringify(tokenOf(next))}}`);
}

/** Hands on the rows of one page; returns where it ended if it is full. */
async function turnPage<Entry>(
  { series, market, symbols, from, to, newestFirst, limit, bookmark }: Walk<Entry>,
  signal: AbortSignal,
  row: (entry: Entry, shift: Nanos, symbol: string) => void,
): Promise<Bookmark | undefined> {
  let room = limit;
  for (const symbol of symbols) {
    const mark = bookmark?.symbol === symbol ? bookmark : undefined;
    if (bookmark !== undefined && mark === undefined && symbol < bookmark.symbol) continue;
    const first = mark !== undefined && !newestFirst ? mark.at : from;
    const last = mark !== undefined && newestFirst ? mark.at : to;
    let told = mark?.ordinal ?? 0;
    let [at, ordinal] = [mark?.at, told];
    const span: Span = { market, symbol, from: first, to: last, lag: 0n, newestFirst };
    for await (const { events, shift } of series.read(span, signal)) {
      for (const entry of events) {
        const stamp = series.stamp(entry, shift);
        if (stamp < first || stamp > last) continue;
        if (told > 0 && stamp === mark?.at) {
          told--;
          continue;
        }
        if (room === 0) return { symbol, letter: series.letter, at: at ?? stamp, ordinal };
        ordinal = stamp === at ? ordinal + 1 : 1;
        at = stamp;
        room--;
        row(entry, shift, symbol);
      }
      if (room === 0 && at !== undefined) return { symbol, letter: series.letter, at, ordinal };
    }
  }
  return undefined;
}
