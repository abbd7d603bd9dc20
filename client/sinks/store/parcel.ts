import type { Nanos } from '../../../market/event.ts';
import type { TableName } from './tables.ts';

/** Rows of one table on their way to it. */
export interface Parcel {
  readonly table: TableName;
  readonly rows: number;
  /** As COPY wants them, without its header and trailer. */
  readonly bytes: Buffer;
  /** Whether some of them are probably there already. */
  readonly known: boolean;
  /** The times of its oldest and its newest row. */
  readonly from: Nanos;
  readonly to: Nanos;
}

/** Both halves of a parcel of several rows. */
export function halves(parcel: Parcel): readonly [Parcel, Parcel] {
  const first = Math.ceil(parcel.rows / 2);
  let at = 0;
  for (let row = 0; row < first; row++) at = rowEnd(parcel.bytes, at);
  return [
    { ...parcel, rows: first, bytes: parcel.bytes.subarray(0, at) },
    { ...parcel, rows: parcel.rows - first, bytes: parcel.bytes.subarray(at) },
  ];
}

/** Where the row ends that begins at `start`. (PostgreSQL manual: COPY, "Binary Format": a count of cells, each led by its length.) */
function rowEnd(bytes: Buffer, start: number): number {
  let at = start + 2;
  for (let cells = bytes.readInt16BE(start); cells > 0; cells--) at += 4 + Math.max(bytes.readInt32BE(at), 0);
  return at;
}
