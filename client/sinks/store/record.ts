import { crc32 } from 'node:zlib';
import type { Parcel } from './parcel.ts';
import { tableNames } from './tables.ts';

/** What a spool file begins with. The number changes with the layout of the rows, so that no other version reads them wrongly. */
export const segmentHead = Buffer.from('papertape spool 1\n');

/** Length of what stands before a record's rows: length of the rows, checksum, table, whether known, count, times of the oldest and newest row. */
export const recordHead = 30;
/** More than a parcel can have: a length beyond it is torn. */
const mostLength = 1 << 30;

/** A parcel as the spool keeps it. */
export function recordOf(parcel: Parcel): Buffer {
  const head = Buffer.allocUnsafe(recordHead);
  head.writeUInt32BE(parcel.bytes.length, 0);
  head.writeUInt8(tableNames.indexOf(parcel.table), 8);
  head.writeUInt8(parcel.known ? 1 : 0, 9);
  head.writeUInt32BE(parcel.rows, 10);
  head.writeBigInt64BE(parcel.from, 14);
  head.writeBigInt64BE(parcel.to, 22);
  const record = Buffer.concat([head, parcel.bytes]);
  record.writeUInt32BE(crc32(record.subarray(8)), 4);
  return record;
}

/** How many bytes and rows a record has; `undefined` when this is no record's beginning. */
export function sizeOf(head: Buffer): { readonly bytes: number; readonly rows: number } | undefined {
  if (head.length < recordHead) return undefined;
  const length = head.readUInt32BE(0);
  const table = head.readUInt8(8);
  if (length > mostLength || table >= tableNames.length) return undefined;
  return { bytes: recordHead + length, rows: head.readUInt32BE(10) };
}

/** The parcel of a record; `undefined` when a byte of it is wrong. */
export function parcelOf(record: Buffer): Parcel | undefined {
  const table = tableNames[record.readUInt8(8)];
  if (table === undefined || crc32(record.subarray(8)) !== record.readUInt32BE(4)) return undefined;
  return {
    table,
    known: record.readUInt8(9) === 1,
    rows: record.readUInt32BE(10),
    from: record.readBigInt64BE(14),
    to: record.readBigInt64BE(22),
    bytes: record.subarray(recordHead),
  };
}
