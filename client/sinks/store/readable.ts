import { isoMillis } from '../../../market/nanos.ts';
import type { Parcel } from './parcel.ts';
import { type CellType, layouts } from './tables.ts';

const epochNanos = 946_684_800_000_000_000n;

type Readable = string | number | null | readonly Readable[];

/** A parcel's only row as people read it: its values by column, those without one left out. Large numbers are text, for their digits. */
export function readable({ table, bytes }: Parcel): Record<string, Readable> {
  const row: Record<string, Readable> = {};
  let at = 2;
  for (const [column, type] of layouts[table]) {
    const length = bytes.readInt32BE(at);
    at += 4;
    if (length < 0) continue;
    row[column] = cell(type, bytes.subarray(at, at + length));
    at += length;
  }
  return row;
}

function cell(type: CellType, bytes: Buffer): Readable {
  switch (type) {
    case 'timestamptz':
      return isoMillis(bytes.readBigInt64BE() * 1000n + epochNanos);
    case 'int2':
      return bytes.readInt16BE();
    case 'int4':
      return bytes.readInt32BE();
    case 'int8':
      return String(bytes.readBigInt64BE());
    case 'float8': {
      const value = bytes.readDoubleBE();
      return Number.isFinite(value) ? value : String(value);
    }
    case 'text':
      return bytes.toString('utf8');
    case 'jsonb':
      // Behind the version of the format.
      return bytes.toString('utf8', 1);
    case 'text[]':
      return items('text', bytes);
    case 'int4[]':
      return items('int4', bytes);
  }
}

/** Behind the header of an array: dimensions, nulls, type, length, lower bound. */
function items(type: CellType, bytes: Buffer): readonly Readable[] {
  const found: Readable[] = [];
  for (let at = 20; at < bytes.length;) {
    const length = bytes.readInt32BE(at);
    found.push(cell(type, bytes.subarray(at + 4, at + 4 + length)));
    at += 4 + length;
  }
  return found;
}
