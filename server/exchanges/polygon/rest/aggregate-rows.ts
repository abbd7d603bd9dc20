import type { Bar, Nanos } from '../../../../market/event.ts';
import { milli } from '../../../../market/nanos.ts';
import { ByteWriter } from '../../exchange.ts';

/** An aggregate and what its row says beside its numbers. */
export interface AggregateRow {
  readonly bar: Bar;
  /** In answers about many tickers, or about a day. */
  readonly ticker?: string;
  readonly at: Nanos;
}

const rowBytes = 128;

/** Rows of aggregates, names in the order of real answers; indices have neither volumes nor trades (official specification). */
export function aggregateRows(rows: readonly AggregateRow[]): Buffer {
  const out = new ByteWriter(Math.max(1, rows.length) * rowBytes);
  rows.forEach(({ bar, ticker, at }, index) => {
    const isIndex = bar.market === 'indices';
    if (index > 0) out.u8(0x2c);
    out.u8(0x7b);
    if (ticker !== undefined) out.utf8(`"T":${JSON.stringify(ticker)},`);
    if (!isIndex) {
      field('"v":', bar.volume, out);
      field(',"vw":', bar.vwap, out);
    }
    field(isIndex ? '"o":' : ',"o":', bar.open, out);
    field(',"c":', bar.close, out);
    field(',"h":', bar.high, out);
    field(',"l":', bar.low, out);
    field(',"t":', Number(at / milli), out);
    if (!isIndex) field(',"n":', bar.trades, out);
    if (bar.otc === true) out.ascii(',"otc":true');
    out.u8(0x7d);
  });
  return out.bytes.subarray(0, out.length);
}

function field(name: string, value: number, out: ByteWriter): void {
  out.ascii(name);
  out.number(value);
}
