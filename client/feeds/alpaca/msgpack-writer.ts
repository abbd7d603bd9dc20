/** MessagePack of a map of texts and lists of texts, which is all that a client of the vendor says. */
export function packed(map: Readonly<Record<string, string | readonly string[]>>): Buffer {
  const entries = Object.entries(map);
  return Buffer.concat([
    head(0x80, 0xde, 15, entries.length),
    ...entries.flatMap(([name, value]) => [text(name), said(value)]),
  ]);
}

function said(value: string | readonly string[]): Buffer {
  if (typeof value === 'string') return text(value);
  return Buffer.concat([head(0x90, 0xdc, 15, value.length), ...value.map(text)]);
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([head(0xa0, 0xda, 31, bytes.length), bytes]);
}

/** Kind and length: in one byte up to `short`, else in three. */
function head(kind: number, wide: number, short: number, length: number): Buffer {
  if (length <= short) return Buffer.from([kind | length]);
  const bytes = Buffer.from([wide, 0, 0]);
  bytes.writeUInt16BE(length, 1);
  return bytes;
}
