import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { minute } from '../market/nanos.ts';
import { startPapertape } from '../server/index.ts';
import { scenarioSchema } from '../server/scenario/schema.ts';
import { bar, opening } from '../test/helpers/events.ts';
import { memorySource } from '../test/helpers/memory-source.ts';

/** A server process of row 18: becomes what its parent orders, and tells its port. */

const count = 1000;
/** Midnight in New York, so that all the minutes are of one day. */
const midnight = opening - 630n * minute;
export const pagePath = `/v2/stocks/bars?symbols=AAPL&timeframe=1Min&limit=${count}&start=2026-07-01&end=2026-07-01`;

async function servePapertape(): Promise<number> {
  const bars = Array.from({ length: count + 1 }, (_, index) => {
    const start = midnight + BigInt(index) * minute;
    const cents = Math.round((231 + Math.sin(index / 40) * 5) * 100);
    return bar('bar', start, start + minute + 400_000_000n, {
      open: cents / 100,
      close: (cents + 7) / 100,
      volume: 1000 + index * 17,
      vwap: (cents * 10 + 31) / 1000,
    });
  });
  const scenario = scenarioSchema.parse({
    name: 'rest',
    tapes: [{ file: 'in-memory.ndjson' }],
    // What lies before the start is history, played or not.
    replay: { mode: 'single_pass', startOn: 'command', startAt: '2026-07-01T20:41:00.4Z' },
    endpoints: { alpaca: { requestLimit: { plus: 1_000_000_000 } } },
  });
  return (await startPapertape({ scenario, port: 0, tapes: [memorySource(bars)] })).port;
}

async function serveBuffer(length: number): Promise<number> {
  const ready = Buffer.alloc(length, 0x20);
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': ready.length }).end(ready);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address: AddressInfo | string | null = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Which server to be; a ready page has a length. */
export type RestOrder = { readonly serve: 'papertape' } | { readonly serve: 'buffer'; readonly length: number };

process.on('message', (order: RestOrder) => {
  const started = order.serve === 'papertape' ? servePapertape() : serveBuffer(order.length);
  void started.then((port) => process.send?.({ port }));
});
process.on('disconnect', () => process.exit());
