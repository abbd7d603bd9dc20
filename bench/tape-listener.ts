import { once } from 'node:events';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { dialects } from './dialects.ts';
import { firstId, symbols } from './tape.ts';

/** A client process that takes every trade of a long tape, and knows by their ids that none was lost, doubled or moved. */

export type ListenOrder =
  { readonly do: 'listen'; readonly port: number } | { readonly do: 'count'; readonly until: number };

/** What it has heard when the count was reached or the line was cut. */
export interface Heard {
  readonly events: number;
  /** The first trade that was not the next one, in words; absent when all was well. */
  readonly wrong: string | undefined;
}

const frame = z.array(z.object({ T: z.string(), msg: z.string().optional() }));
let [events, wanted] = [0, Infinity];
let wrong: string | undefined;
let reached: () => void = () => undefined;

async function listen(port: number): Promise<object> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/v2/sip`, { perMessageDeflate: false });
  const subscribed = new Promise<void>((resolve, reject) => {
    socket.on('error', reject);
    socket.on('close', () => {
      reject(new Error('the line was cut'));
      reached();
    });
    socket.on('message', (data) => {
      const text = Buffer.isBuffer(data) ? data.toString('latin1') : '';
      if (text.startsWith('[{"T":"t"')) return take(text);
      const [first] = frame.parse(JSON.parse(text));
      if (first?.T === 'subscription') resolve();
      if (first?.T === 'error') reject(new Error(first.msg));
    });
  });
  await once(socket, 'open');
  for (const message of dialects.alpaca.talk(symbols)) socket.send(message);
  await subscribed;
  return {};
}

/** Ids count up from one trade to the next, so their place in the text is all that has to be read. */
function take(text: string): void {
  for (let at = text.indexOf('"i":'); at >= 0; at = text.indexOf('"i":', at + 100)) {
    const id = Number(text.slice(at + 4, text.indexOf(',', at)));
    if (id !== firstId + events) wrong ??= `after ${events} trades came the one numbered ${id - firstId}`;
    events++;
  }
  if (events >= wanted) reached();
}

async function count(until: number): Promise<Heard> {
  wanted = until;
  if (events < until) await new Promise<void>((resolve) => (reached = resolve));
  return { events, wrong };
}

process.on('message', (order: ListenOrder) => {
  const answer = order.do === 'listen' ? listen(order.port) : count(order.until);
  void answer.then((told) => process.send?.(told));
});
await once(process, 'disconnect');
process.exit();
