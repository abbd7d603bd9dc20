import { once } from 'node:events';
import { WebSocketServer, type WebSocket } from 'ws';
import { breathe, type Server } from './contender.ts';
import { dialects, type Spelt } from './dialects.ts';
import type { Lane } from './lane.ts';
import { tradesOf } from './tape.ts';

/** Events handed over per turn of the event loop. */
const tick = { naive: 64, batched: 512 } as const;

/** Made once per process, because a naive server's tape costs nothing to read either. */
let spelled: readonly Spelt[] | undefined;

interface Listener {
  readonly socket: WebSocket;
  readonly symbols: ReadonlySet<string>;
  buffered(): number;
}

/** What everyone writes: `ws`, JSON.stringify and one send per message and client; or one array frame per tick, encoded once. */
export async function openNaive(lane: Lane, how: keyof typeof tick): Promise<Server> {
  const { spell, asked, single } = dialects[lane.vendor];
  const wire = (spelled ??= spell(tradesOf(lane.events)));
  const words = wire.map(({ word }) => word);
  const listeners: Listener[] = [];
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, backlog: 4096 });
  server.on('connection', (socket) => {
    socket.on('error', () => socket.terminate());
    socket.on('message', (data) => {
      const symbols = Buffer.isBuffer(data) ? asked(JSON.parse(data.toString())) : undefined;
      if (symbols !== undefined)
        listeners.push({ socket, symbols: new Set(symbols), buffered: () => socket.bufferedAmount });
    });
  });
  await once(server, 'listening');
  const address = server.address();
  let [delivered, ended] = [0, false];
  let started: bigint | undefined;
  const all = lane.audience === 'same';

  const sendOne = ({ symbol, word }: Spelt): void => {
    for (const { socket, symbols } of listeners) {
      if (!all && !symbols.has(symbol)) continue;
      socket.send(JSON.stringify(single ? word : [word]));
      delivered++;
    }
  };
  const sendMany = (events: readonly object[]): void => {
    const frame = Buffer.from(JSON.stringify(events));
    for (const { socket } of listeners) socket.send(frame, { binary: false });
    delivered += events.length * listeners.length;
  };
  const rush = async (): Promise<void> => {
    for (let at = 0; at < wire.length; at += tick[how]) {
      if (how === 'batched') sendMany(words.slice(at, at + tick[how]));
      else for (const event of wire.slice(at, at + tick[how])) sendOne(event);
      await breathe(listeners);
    }
    ended = true;
  };
  /** A timer per event, armed when the tape starts. */
  const armTimers = (): void => {
    const first = wire[0]?.at ?? 0n;
    let left = wire.length;
    started = process.hrtime.bigint();
    for (const event of wire) {
      setTimeout(
        () => {
          sendOne(event);
          if (--left === 0) ended = true;
        },
        Number(event.at - first) / 1e6,
      );
    }
  };
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    ready: () => listeners.length,
    play: () => (lane.pacing === undefined ? void rush() : armTimers()),
    pass: () => 1,
    ended: () => ended,
    delivered: () => delivered,
    anchor: () => (started === undefined ? undefined : { wall: started, market: wire[0]?.at ?? 0n }),
    [Symbol.asyncDispose]: async () => {
      for (const client of server.clients) client.terminate();
      server.close();
    },
  };
}
