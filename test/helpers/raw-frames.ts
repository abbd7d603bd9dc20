// What clients that are nothing but a TCP socket write and read, without a WebSocket library between them and the bytes.

export const endOfHead = '\r\n\r\n';

/** A request for an upgrade, written by hand. */
export function upgradeRequest(url: string, headers: Readonly<Record<string, string>> = {}): string {
  const { hostname, port, pathname, search } = new URL(url);
  const lines = {
    Host: `${hostname}:${port}`,
    Upgrade: 'websocket',
    Connection: 'Upgrade',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    ...headers,
  };
  const text = Object.entries(lines).map(([name, value]) => `${name}: ${value}\r\n`);
  return `GET ${pathname}${search} HTTP/1.1\r\n${text.join('')}\r\n`;
}

/** Where a whole frame lies among bytes. */
export interface FramePlace {
  readonly opcode: number;
  readonly from: number;
  /** Where its payload begins. */
  readonly payload: number;
  /** The first byte after it. */
  readonly to: number;
}

/** The whole frames among a server's bytes, which are not masked, from a place on. */
export function* wholeFrames(bytes: Buffer, start = 0): Generator<FramePlace> {
  let from = start;
  while (from + 2 <= bytes.length) {
    const short = bytes.readUInt8(from + 1);
    const payload = from + (short < 126 ? 2 : short === 126 ? 4 : 10);
    if (payload > bytes.length) return;
    const length =
      short < 126 ? short : short === 126 ? bytes.readUInt16BE(from + 2) : Number(bytes.readBigUInt64BE(from + 2));
    const to = payload + length;
    if (to > bytes.length) return;
    yield { opcode: bytes.readUInt8(from) & 15, from, payload, to };
    from = to;
  }
}

/** A client's frame with a mask of zeros. */
export function maskedFrame(head: number, payload: Buffer): Buffer {
  const length =
    payload.length < 126
      ? Buffer.from([0x80 | payload.length])
      : Buffer.from([0x80 | 126, payload.length >> 8, payload.length & 0xff]);
  return Buffer.concat([Buffer.from([head]), length, Buffer.alloc(4), payload]);
}
