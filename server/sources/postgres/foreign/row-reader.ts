import { markets, type Market, type MarketEvent, type Nanos } from '../../../../market/event.ts';
import type { Cells } from '../cells.ts';
import type { BoundTable } from './bound-table.ts';
import type { FieldName } from './fields.ts';
import { eventMaker } from './event-maker.ts';

/** A row that is no event: why, and enough of it to find it. */
export interface BadRow {
  readonly bad: string;
  readonly symbol: string | undefined;
  readonly at: Nanos | undefined;
}
/** An event and, when the wall showed its time twice, how much later the second time was. */
export interface GoodRow {
  readonly event: MarketEvent;
  readonly again: Nanos | undefined;
}

const none: readonly never[] = [];
const marketOf = new Map<string | undefined, Market>(markets.map((market) => [market, market]));

/** Reads the cells of `cellsOf`. */
export function rowReader(table: BoundTable, cells: Cells): () => GoodRow | BadRow {
  const { mapping, time, fields } = table;
  // One slot per field, filled anew by every row.
  const amounts: (number | undefined)[] = fields.map(() => undefined);
  const texts: (string | undefined)[] = fields.map(() => undefined);
  let conditions: readonly string[] = none;
  let sequence: number | undefined;
  const slot = (name: FieldName): number => fields.findIndex((field) => field.name === name);
  const amount = (name: FieldName): (() => number | undefined) => {
    const place = slot(name);
    return () => amounts[place];
  };
  const text = (name: FieldName): (() => string | undefined) => {
    const place = slot(name);
    return () => texts[place];
  };
  const eventAt = eventMaker(mapping, { amount, text, conditions: () => conditions, sequence: () => sequence });

  return () => {
    const moment = time.read(cells);
    let bad = typeof moment === 'string' ? moment : undefined;
    const symbol = table.symbol === undefined ? mapping.symbol : cells.text();
    const marketText = table.market === undefined ? undefined : cells.text();
    for (let place = 0; place < fields.length; place++) {
      const field = fields[place];
      if (field === undefined) break;
      if (field.type === 'amount') {
        const value = cells.float8();
        if (value === undefined ? field.use === 'needed' : !(value >= 0 && value < Infinity)) {
          bad ??= `has ${field.column.replaceAll('"', '')} ${value ?? 'NULL'}`;
        }
        amounts[place] = value;
      } else if (field.type === 'whole') {
        const value = cells.int8();
        sequence = value === undefined ? undefined : Number(value);
      } else if (field.type === 'texts') conditions = cells.texts() ?? none;
      else texts[place] = field.name === 'id' ? cells.rareText() : cells.text();
    }
    const market = table.market === undefined ? mapping.market : marketOf.get(marketText);
    if (symbol === undefined || symbol === '') bad ??= 'has no symbol';
    if (market === undefined) bad ??= `has the market ${marketText ?? 'NULL'}, which is none of ${markets.join(', ')}`;
    const at = typeof moment === 'string' ? undefined : moment.at;
    if (bad !== undefined || at === undefined || symbol === undefined || market === undefined) {
      return { bad: bad ?? 'has no time', symbol, at };
    }
    const again = typeof moment === 'string' ? undefined : moment.again;
    return { event: eventAt(at, symbol, market), again };
  };
}
