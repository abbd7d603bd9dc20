import { isBar, type MarketEvent, type Nanos } from '../../../../market/event.ts';
import { selects, TapeError, type Selection } from '../../source.ts';
import type { Cells } from '../cells.ts';
import type { Reading, Rows } from '../read.ts';
import type { BoundTable } from './bound-table.ts';
import { cellsOf, rowsOf } from './query.ts';
import { rowReader, type BadRow } from './row-reader.ts';
import { SecondHour } from './second-hour.ts';

/** How a mapped table is read: what is asked of PostgreSQL, and what becomes of the answer. */
export function readingOf(table: BoundTable, selection: Selection): Reading {
  return {
    query: rowsOf(table, selection),
    cells: cellsOf(table).length,
    rows: (cells) => rowsThat(table, selection, cells),
  };
}

function rowsThat(table: BoundTable, selection: Selection, cells: Cells): Rows {
  const { mapping } = table;
  const read = rowReader(table, cells);
  const wanted = selects(selection);
  const repeated = mapping.repeatedHour ?? (mapping.kind.endsWith('bar') ? 'in-turn' : 'first');
  const hour = new SecondHour();
  const put = (page: MarketEvent[], event: MarketEvent): void => {
    if (wanted(event)) page.push(event);
  };
  const end = (page: MarketEvent[]): void => {
    for (const event of hour.release()) put(page, event);
  };
  return {
    next(page) {
      const row = read();
      if ('bad' in row) {
        if (mapping.badRows === 'refuse') throw new TapeError(refusal(table, row));
        return;
      }
      const { event, again } = row;
      if (again === undefined) {
        if (!hour.empty) end(page);
        return put(page, event);
      }
      if (repeated === 'first') return put(page, event);
      const ofSecond = later(event, again);
      if (repeated === 'second') return put(page, ofSecond);
      if (hour.first(event.at, event.symbol)) put(page, event);
      else hour.hold(ofSecond);
    },
    end,
  };
}

const later = (event: MarketEvent, by: Nanos): MarketEvent =>
  isBar(event) ? { ...event, at: event.at + by, start: event.start + by } : { ...event, at: event.at + by };

/** Why a row stops the tape, and the two ways out. */
export function refusal({ mapping }: BoundTable, { bad, symbol, at }: BadRow): string {
  const when = at === undefined ? '' : ` at ${new Date(Number(at / 1_000_000n)).toISOString()}`;
  return (
    `${mapping.table} has a row that is no ${mapping.kind}: ${symbol ?? 'a row'}${when} ${bad}; ` +
    'correct it, or leave such rows out with badRows: skip'
  );
}
