import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { MarketEvent } from '../market/event.ts';
import { Prices } from '../server/bars/prices.ts';
import { Ticks } from '../server/bars/ticks.ts';
import type { Encoder } from '../server/exchanges/exchange.ts';
import { endpointsSchema, openExchanges } from '../server/exchanges/index.ts';
import { TopicFilter } from '../server/fan-out/topic-filter.ts';
import { EncodedPage } from '../server/fan-out/encoded-page.ts';
import { Topics } from '../server/fan-out/topics.ts';
import { breathe, type Server } from './contender.ts';
import { dialects, type Vendor } from './dialects.ts';
import type { Lane } from './lane.ts';
import { tradesOf, pagesOf } from './tape.ts';

/** Events per write with which the goals were set. */
const usualWrite = 512;

/** The limit of the platform: the very bytes the product sends, ready in memory, written page by page to plain sockets. */
export async function openRaw(lane: Lane): Promise<Server> {
  const encoder = encoderOf(lane.vendor);
  const topics = new Topics();
  const everything = new TopicFilter(topics, () => true);
  const chunks = pagesOf(heardOf(lane), lane.perWrite ?? usualWrite).map((page) => {
    const encoded = new EncodedPage(
      { page, from: 0, to: page.length, shift: 0n, stampedAt: undefined },
      encoder,
      1_000_000n,
    );
    encoded.encode(page.length, topics.ofPage(page), everything);
    return { bytes: Buffer.from(encoded.bytes.subarray(0, encoded.frames.at(-1)?.end)), events: page.length };
  });
  const sockets: Socket[] = [];
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => socket.destroy());
    sockets.push(socket);
  }).listen(0, '127.0.0.1', 4096);
  await once(server, 'listening');
  const address = server.address();
  let [delivered, pass, ended] = [0, 1, false];
  const play = async (): Promise<void> => {
    const outlets = sockets.map((socket) => ({ buffered: () => socket.writableLength }));
    for (; pass <= (lane.passes ?? 1); pass++) {
      for (const { bytes, events } of chunks) {
        for (const socket of sockets) socket.write(bytes);
        delivered += events * sockets.length;
        await breathe(outlets);
      }
    }
    ended = true;
  };
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    ready: () => sockets.length,
    play: () => void play(),
    pass: () => pass,
    ended: () => ended,
    delivered: () => delivered,
    anchor: () => undefined,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

/** The very encoder of the stream that the product's clients listen to. */
function encoderOf(vendor: Vendor): Encoder {
  const [exchange] = openExchanges(endpointsSchema.parse({ [vendor]: {} }));
  const stream = exchange?.streams.find(({ path }) => dialects[vendor].path.split('?')[0] === path);
  if (stream === undefined) throw new Error(`${vendor} has no stream ${dialects[vendor].path}`);
  return stream.wire({}).encoder;
}

/** What clients hear of the tape: its trades, or the prices made of them. */
function heardOf({ vendor, events }: Lane): readonly MarketEvent[] {
  const trades = tradesOf(events);
  return vendor === 'twelvedata'
    ? [...new Prices({ publisher: vendor }).take(new Ticks(() => new Set()).read(trades))]
    : trades;
}
