import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { z } from 'zod';
import { Worker } from './pit.ts';
import { median } from './race.ts';
import type { Finding } from './report.ts';
import { pagePath, type RestOrder } from './rest-server.ts';

const askers = 4;
const requests = 2000;
const request = `GET ${pagePath} HTTP/1.1\r\nHost: bench\r\nAPCA-API-KEY-ID: bench\r\nAPCA-API-SECRET-KEY: bench\r\n\r\n`;

/** Row 18: pages of 1,000 minute bars a second over HTTP, against node:http that sends as many ready bytes. */
export async function measureRestHistory(
  rounds: number,
  scale: number,
  flags: readonly string[],
): Promise<readonly Finding[]> {
  using papertape = new Worker('rest-server', 0, flags);
  const own = await opened(papertape, { serve: 'papertape' });
  const length = await lengthOfPage(own);
  using buffer = new Worker('rest-server', 0);
  const bare = await opened(buffer, { serve: 'buffer', length });
  const count = Math.max(200, Math.round(requests * scale));
  const [ratios, ours, theirs]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round <= rounds; round++) {
    const [ready, written] = [await rate(bare, count), await rate(own, count)];
    process.stderr.write('.');
    // The first round compiles.
    if (round === 0) continue;
    theirs.push(ready);
    ours.push(written);
    ratios.push(written / ready);
  }
  return [
    {
      row: 18,
      what: 'REST page of 1,000 bars / node:http sending a ready Buffer',
      sense: '≥',
      goal: 0.2,
      floor: 0.1,
      reached: median(ratios),
      note: `${median(ours).toFixed(0)} pages/s against ${median(theirs).toFixed(0)}, each of ${length} bytes`,
    },
  ];
}

async function opened(server: Worker, order: RestOrder): Promise<number> {
  const { port } = await server.ask<{ port: number }>(order);
  return port;
}

/** Length of the body, and proof that it is a whole page. */
async function lengthOfPage(port: number): Promise<number> {
  const headers = { 'APCA-API-KEY-ID': 'bench', 'APCA-API-SECRET-KEY': 'bench' };
  const body = await (await fetch(`http://127.0.0.1:${port}${pagePath}`, { headers })).text();
  const { bars } = z.object({ bars: z.object({ AAPL: z.array(z.unknown()).length(1000) }) }).parse(JSON.parse(body));
  if (bars.AAPL.length !== 1000) throw new RangeError('the page is not whole');
  return Buffer.byteLength(body);
}

/** Answers a second, over connections that ask again as soon as they have been answered. They count bytes, to cost little. */
async function rate(port: number, count: number): Promise<number> {
  const sockets = await Promise.all(Array.from({ length: askers }, async () => open(port)));
  const from = process.hrtime.bigint();
  await Promise.all(sockets.map(async (socket) => asks(socket, count / askers)));
  const seconds = Number(process.hrtime.bigint() - from) / 1e9;
  for (const socket of sockets) socket.destroy();
  return count / seconds;
}

async function open(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

async function asks(socket: Socket, count: number): Promise<void> {
  let left = count;
  let missing = 0;
  await new Promise<void>((resolve, reject) => {
    socket.on('error', reject);
    socket.on('data', (bytes: Buffer) => {
      if (missing === 0) {
        const head = bytes.indexOf('\r\n\r\n') + 4;
        const length = /content-length: (\d+)/i.exec(bytes.toString('latin1', 0, head))?.[1];
        if (length === undefined || !bytes.subarray(0, 12).equals(Buffer.from('HTTP/1.1 200'))) {
          return reject(new Error(`unexpected answer: ${bytes.toString('latin1', 0, 200)}`));
        }
        missing = head + Number(length);
      }
      missing -= bytes.length;
      if (missing > 0) return;
      missing = 0;
      if (--left <= 0) resolve();
      else socket.write(request);
    });
    socket.write(request);
  });
}
