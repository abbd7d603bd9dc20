import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { anyVendor } from '../../helpers/any-vendor.ts';
import { opening, trade } from '../../helpers/events.ts';
import { eventsOn, folder, Hearer, record } from '../../helpers/recorded.ts';
import { upgradeRequest } from '../../helpers/raw-frames.ts';
import { serve } from '../../helpers/serve.ts';

const nested = (inside: string): string => '['.repeat(100_000) + inside + ']'.repeat(100_000);

test('lists in lists without end, of either side, are passed on, and what is said next is recorded', async () => {
  await using place = await folder();
  const said = [
    nested(''),
    `[{"T":"t","S":"AAPL","x":${nested('1')}}]`,
    '[{"T":"t","i":1,"S":"AAPL","x":"D","p":1.5,"s":100,"t":"2026-07-01T14:00:00Z","c":["@"],"z":"C"}]',
  ];
  await using vendor = await anyVendor((socket) => {
    for (const message of said) socket.send(message);
  });
  const tape = place.at('day.ndjson');
  const recorder = await record(vendor.url, { tape, frames: place.at('frames.ndjson') });
  using client = new Hearer(`${recorder.url}/v2/iex`);
  await once(client.socket, 'open');
  client.say(nested('"words"'));
  await client.until((frames) => frames.length === said.length);
  client.socket.close();
  await client.closed;
  await recorder[Symbol.asyncDispose]();
  expect(client.frames.map(({ data }) => data)).toEqual(said);
  expect(await eventsOn(tape)).toMatchObject([{ kind: 'trade', price: 1.5 }]);
});

test('256 clients are let in at once; one more is refused, and does not keep the recorder from closing', async () => {
  await using papertape = await serve([trade(opening)]);
  const recorder = await record(papertape.url);
  const knock = async () => {
    const socket = connect({ port: recorder.port, host: '127.0.0.1', allowHalfOpen: true });
    socket.on('error', () => undefined);
    socket.write(upgradeRequest(`${recorder.url}/v2/iex`, {}));
    const [answer]: Buffer[] = await once(socket, 'data');
    return { socket, status: Number(answer?.toString().split(' ')[1]) };
  };
  const clients = await Promise.all(Array.from({ length: 256 }, knock));
  expect(new Set(clients.map(({ status }) => status))).toEqual(new Set([101]));
  const late = await knock();
  expect(late.status).toBe(503);
  await recorder[Symbol.asyncDispose]();
  for (const { socket } of [late, ...clients]) socket.destroy();
});
