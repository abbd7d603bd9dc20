import { dialects } from './dialects.ts';
import { distinctWishes, wishes, type Lane } from './lane.ts';

/** What the light receivers say, as bytes, because they know no WebSocket: see sink.c for the layout. */
export function scriptsOf(lane: Lane, port: number): Buffer | undefined {
  if (lane.contender === 'raw') return undefined;
  const dialect = dialects[lane.vendor];
  const upgrade = Buffer.from(
    `GET ${dialect.path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: cGFwZXJ0YXBlLWJlbmNoLQ==\r\n\r\n',
  );
  const count = distinctWishes(lane.audience, lane.clients);
  const parts = [u32(count)];
  for (let client = 0; client < count; client++) {
    const talk = Buffer.concat(dialect.talk(wishes(lane.audience, client)).map(clientFrame));
    parts.push(u32(upgrade.length), upgrade, u32(talk.length), talk);
  }
  return Buffer.concat(parts);
}

/** A text frame as a client sends it, masked with zeros (RFC 6455 §5.3). */
function clientFrame(text: string): Buffer {
  const payload = Buffer.from(text);
  const mask = Buffer.alloc(4);
  if (payload.length < 126) return Buffer.concat([Buffer.from([0x81, 0x80 | payload.length]), mask, payload]);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(payload.length);
  return Buffer.concat([Buffer.from([0x81, 0x80 | 126]), length, mask, payload]);
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
