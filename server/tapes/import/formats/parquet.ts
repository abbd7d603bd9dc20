import { TapeError } from '../../../sources/source.ts';
import type { MarketEvent } from '../../../../market/event.ts';
import { BadRow, type TableFormat } from '../format.ts';

/** Papertape's own Parquet, in any order. */
export const parquet: TableFormat = {
  name: 'parquet',
  title: 'Papertape Parquet (columns kind, market, symbol, at and those of the events)',
  shape: 'parquet',
  events: async function* (path, signal) {
    const { ParquetTape } = await import('../../../sources/file/parquet.ts');
    for await (const rows of new ParquetTape(path).rows(signal)) yield rows.map(rowOf);
  },
};

function rowOf(row: MarketEvent | TapeError): MarketEvent | BadRow {
  if (!(row instanceof TapeError)) return row;
  const [, field = '', found = ''] = /: (\w+): (.+?); correct the row/.exec(row.message) ?? [];
  return field === ''
    ? new BadRow('the row cannot be read', row.message)
    : new BadRow(`${field} is missing or of another kind`, found);
}
