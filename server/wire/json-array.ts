import type { ByteWriter } from './byte-writer.ts';

/** How events stand in a frame that is one JSON array: what an encoder of such frames says beside its events. */
export const jsonArray = {
  opcode: 'text',
  single: false,
  open: (_count: number, out: ByteWriter): void => out.u8(0x5b),
  separate: (out: ByteWriter): void => out.u8(0x2c),
  close: (out: ByteWriter): void => out.u8(0x5d),
} as const;
