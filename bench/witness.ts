import { createHash, type Hash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { dialects, type Spelt } from './dialects.ts';
import { distinctWishes, wishes, type Lane, type Lateness, type Testimony } from './lane.ts';
import { firstId, tradesOf } from './tape.ts';

/** The full receiver: real `ws` clients that look at everything, for truth and for lateness instead of speed. */

type Watch =
  | { readonly do: 'watch'; readonly lane: Lane; readonly port: number }
  | { readonly do: 'testify' }
  | { readonly do: 'lateness'; readonly wall: string; readonly market: string };

interface Client {
  readonly socket: WebSocket;
  readonly expected: number;
  readonly hash: Hash;
  /** Payloads, of the first client of each subscription only. */
  readonly kept: string[] | undefined;
  /** Monotonic nanoseconds at which each event of the tape arrived, of paced lanes only. */
  readonly arrivals: Float64Array;
  frames: number;
  events: number;
  inOrder: boolean;
  lastId: number;
}

let lane: Lane | undefined;
let clients: readonly Client[] = [];
/** What the tape's vendor makes of it. */
let spelt: readonly Spelt[] = [];

async function watch(next: Lane, port: number): Promise<object> {
  lane = next;
  spelt = dialects[next.vendor].spell(tradesOf(next.events));
  const subscriptions = distinctWishes(next.audience, next.clients);
  clients = await Promise.all(
    Array.from({ length: next.clients }, (_, index) => attend(next, port, index, index < subscriptions)),
  );
  return {};
}

async function attend(playing: Lane, port: number, index: number, keeps: boolean): Promise<Client> {
  const { path, talk, begins } = dialects[playing.vendor];
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { perMessageDeflate: false });
  const symbols = new Set(wishes(playing.audience, index));
  const wanted = spelt.filter(({ symbol }) => symbols.has(symbol)).length;
  const client: Client = {
    socket,
    expected: wanted * (playing.passes ?? 1),
    hash: createHash('sha1'),
    kept: keeps && playing.pacing === undefined ? [] : undefined,
    arrivals: new Float64Array(playing.pacing === undefined ? 0 : playing.events),
    frames: 0,
    events: 0,
    inOrder: true,
    lastId: 0,
  };
  socket.on('message', (data) => {
    const now = process.hrtime();
    const text = Buffer.isBuffer(data) ? data.toString() : '';
    if (text.startsWith(begins)) take(client, text, now);
  });
  await new Promise<void>((resolve, reject) => socket.once('open', resolve).once('error', reject));
  for (const message of talk([...symbols])) socket.send(message);
  return client;
}

function take(client: Client, text: string, [seconds, nanos]: readonly [number, number]): void {
  client.frames++;
  client.hash.update(text);
  client.kept?.push(text);
  const now = seconds * 1e9 + nanos;
  const mark = lane && dialects[lane.vendor].id;
  // Whether those without ids came in order is told by what they say.
  if (mark === undefined) {
    client.events++;
    return;
  }
  for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + mark.length)) {
    const id = Number.parseInt(text.slice(at + mark.length, at + mark.length + 20), 10);
    client.events++;
    // A later loop starts again with smaller ids.
    if (id <= client.lastId && (lane?.passes ?? 1) === 1) client.inOrder = false;
    client.lastId = id;
    if (client.arrivals.length > 0) client.arrivals[id - firstId] = now;
  }
}

async function complete(): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (clients.some((client) => client.events < client.expected) && performance.now() < deadline) await sleep(5);
}

/** Every client heard every event it wanted, once, in order, and nothing else; and the words are those of the vendor. */
async function testify(): Promise<Testimony> {
  await complete();
  const playing = lane;
  if (playing === undefined) throw new Error('nothing is watched; order watch first');
  const subscriptions = distinctWishes(playing.audience, playing.clients);
  const wrong: string[] = [];
  const digests = clients.map((client) => client.hash.digest('hex'));
  clients.forEach((client, index) => {
    if (client.events !== client.expected) wrong.push(`client ${index}: ${client.events} of ${client.expected} events`);
    if (!client.inOrder) wrong.push(`client ${index}: out of order`);
    if (digests[index] !== digests[index % subscriptions]) wrong.push(`client ${index}: other bytes than its like`);
    if (client.kept === undefined) return;
    const heard = client.kept.flatMap((text): unknown[] => {
      const frame: unknown = JSON.parse(text);
      return Array.isArray(frame) ? frame : [frame];
    });
    const symbols = new Set(wishes(playing.audience, index));
    const expected = spelt.filter(({ symbol }) => symbols.has(symbol)).map(({ word }) => JSON.stringify(word));
    const bad = heard.findIndex((event, at) => JSON.stringify(event) !== expected[at % expected.length]);
    if (bad >= 0)
      wrong.push(`client ${index}: ${JSON.stringify(heard[bad])} is not ${expected[bad % expected.length]}`);
  });
  const sum = (of: (client: Client) => number): number => clients.reduce((total, client) => total + of(client), 0);
  const testimony = { events: sum((client) => client.events), frames: sum((client) => client.frames), wrong };
  for (const { socket } of clients) socket.terminate();
  return testimony;
}

/** How late each event came, in microseconds, measured from the instant at which the tape has it. */
async function lateness(wall: bigint, market: bigint): Promise<Lateness> {
  await complete();
  const trades = tradesOf(lane?.events ?? 0);
  const late: number[] = [];
  const lost = clients.reduce((sum, client) => sum + client.expected - client.events, 0);
  for (const { arrivals, socket } of clients) {
    arrivals.forEach((arrival, index) => {
      const due = Number((trades[index]?.at ?? 0n) - market + wall);
      if (arrival > 0) late.push((arrival - due) / 1000);
    });
    socket.terminate();
  }
  const sorted = Float64Array.from(late).sort();
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
  return {
    early: sorted.filter((value) => value < 0).length,
    lost,
    earliest: at(0),
    p50: at(0.5),
    p99: at(0.99),
    worst: at(1),
  };
}

async function obey(order: Watch): Promise<object> {
  switch (order.do) {
    case 'watch':
      return await watch(order.lane, order.port);
    case 'testify':
      return await testify();
    case 'lateness':
      return await lateness(BigInt(order.wall), BigInt(order.market));
  }
}

process.on('message', (order: Watch) => void obey(order).then((answer) => process.send?.(answer)));
process.on('disconnect', () => process.exit());
