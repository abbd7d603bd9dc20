import { WebSocket } from 'ws';
import { alpaca } from '../client/feeds/alpaca/index.ts';
import type { Listener } from '../client/feeds/feed.ts';

/** A client of `ws` that makes of frames what its order says, and tells what it heard and how long that took. */

/** `parse`: JSON.parse and nothing else. `hear`: the client's feed, to typed events that have been checked. */
export interface HearerOrder {
  readonly how: 'parse' | 'hear';
  readonly port: number;
  readonly trades: number;
}

/** What a hearer heard: so many trades, what they were worth in all, and its processor's time. */
export interface Heard {
  readonly nanos: number;
  readonly cpuNanos: number;
  readonly trades: number;
  readonly worth: number;
  readonly unreadable: number;
}

const feed = alpaca.feed(alpaca.options.parse({ vendor: 'alpaca', stream: 'sip' }));

async function hear({ how, port, trades }: HearerOrder): Promise<Heard> {
  let [count, worth, unreadable] = [0, 0, 0];
  const listener: Listener = {
    event: (event) => {
      if (event.kind !== 'trade') return;
      count++;
      worth += event.price * event.size;
    },
    notice: () => unreadable++,
  };
  const parse = (data: Buffer): void => {
    for (const { p, s } of JSON.parse(data.toString())) {
      count++;
      worth += p * s;
    }
  };
  const take = how === 'parse' ? parse : (data: Buffer): void => feed.hear(data, listener);
  const socket = new WebSocket(`ws://127.0.0.1:${port}/v2/sip`);
  return await new Promise((resolve, reject) => {
    let [from, cpu] = [0n, process.cpuUsage()];
    socket.on('error', reject);
    socket.on('open', () => ([from, cpu] = [process.hrtime.bigint(), process.cpuUsage()]));
    socket.on('message', (data: Buffer) => {
      take(data);
      if (count < trades && unreadable === 0) return;
      const nanos = Number(process.hrtime.bigint() - from);
      const { user, system } = process.cpuUsage(cpu);
      socket.terminate();
      resolve({ nanos, cpuNanos: (user + system) * 1000, trades: count, worth, unreadable });
    });
  });
}

process.on('message', (order: HearerOrder) => void hear(order).then((heard) => process.send?.(heard)));
process.on('disconnect', () => process.exit());
