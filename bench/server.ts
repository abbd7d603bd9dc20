import { subscribe } from 'node:diagnostics_channel';
import { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Server } from './contender.ts';
import type { Lane, Order, Played } from './lane.ts';
import { openNaive } from './naive-ws.ts';
import { openPapertape } from './papertape.ts';
import { openRaw } from './raw-tcp.ts';

/** A server process: opens one contender after another as its parent orders, and tells what each has sent. */

let server: Server | undefined;
let sockets: Socket[] = [];
subscribe('net.server.socket', (message) => {
  if (typeof message === 'object' && message !== null && 'socket' in message && message.socket instanceof Socket)
    sockets.push(message.socket);
});

async function open(lane: Lane): Promise<Server> {
  switch (lane.contender) {
    case 'papertape':
      return await openPapertape(lane);
    case 'naive':
    case 'batched':
      return await openNaive(lane, lane.contender);
    case 'raw':
      return await openRaw(lane);
  }
}

async function play(playing: Server, clients: number): Promise<Played> {
  while (playing.ready() < clients) await sleep(2);
  const count = (): number => sockets.reduce((sum, { bytesWritten }) => sum + bytesWritten, 0);
  const mark = () => ({
    at: process.hrtime.bigint(),
    cpu: process.cpuUsage(),
    delivered: playing.delivered(),
    bytes: count(),
  });
  let from = mark();
  playing.play();
  if (lane?.passes !== undefined) {
    // Later loops are what is asked for: the first is not counted.
    while (playing.pass() === 1) await sleep(1);
    from = mark();
  }
  while (!playing.ended()) {
    playing.anchor();
    await sleep(lane?.pacing === undefined ? 2 : 20);
  }
  while (sockets.some((socket) => socket.writableLength > 0)) await sleep(1);
  const { user, system } = process.cpuUsage(from.cpu);
  const anchor = playing.anchor();
  return {
    from: String(from.at),
    delivered: playing.delivered() - from.delivered,
    bytes: count() - from.bytes,
    allBytes: count(),
    cpuNanos: (user + system) * 1000,
    rss: process.memoryUsage.rss(),
    anchor: anchor && { wall: String(anchor.wall), market: String(anchor.market) },
  };
}

let lane: Lane | undefined;

async function obey(order: Order): Promise<unknown> {
  switch (order.do) {
    case 'open':
      sockets = [];
      lane = order.lane;
      server = await open(order.lane);
      return { port: server.port };
    case 'play':
      if (server === undefined) throw new Error('nothing is open yet; order open first');
      return await play(server, order.clients);
    case 'close':
      await server?.[Symbol.asyncDispose]();
      server = undefined;
      return {};
  }
}

process.on('message', (order: Order) => void obey(order).then((answer) => process.send?.(answer)));
process.on('disconnect', () => process.exit());
