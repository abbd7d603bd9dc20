import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { ManualClock } from '../../market/clock.ts';
import { seconds } from '../../market/nanos.ts';
import { steered, type Steered } from '../helpers/admin.ts';

const start = seconds(1_780_000_000);
const rowsFrom = (first: number): string =>
  Array.from({ length: 300 }, (_, index) => {
    const at = 1_782_912_600_000_000_000n + BigInt(first + index) * 1_000_000_000n;
    return `X:BTC-USD,1,1,t${first + index},${at},100,1\n`;
  }).join('');
const header = 'ticker,conditions,exchange,id,participant_timestamp,price,size\n';

/** A tape that is sent bit by bit, and what is answered in the end. */
function sending({ admin, api }: Steered) {
  const sent = request(`${admin.url}/tapes/slow.ndjson?upload=slow`, {
    method: 'PUT',
    headers: { 'content-type': 'text/csv' },
  });
  let bytes = 0;
  const answered = new Promise<{ status: number | undefined; body: unknown }>((told, failed) => {
    sent.on('response', (answer) => {
      text(answer).then((body) => told({ status: answer.statusCode, body: JSON.parse(body) }), failed);
    });
    sent.on('error', failed);
  });
  const send = async (part: string): Promise<void> => {
    sent.write(part);
    bytes += part.length;
    await expect
      .poll(async () => (await api.getUpload('slow').catch(() => undefined))?.bytes, { timeout: 10_000 })
      .toBe(bytes);
  };
  return { send, end: () => sent.end(), answered };
}

test('an upload that gets on may take as long as it takes', async () => {
  const clock = new ManualClock(start);
  await using desk = await steered({}, { clock });
  const { send, end, answered } = sending(desk);
  await send(header);
  for (let minute = 0; minute < 3; minute++) {
    await send(rowsFrom(minute * 300));
    await send(rowsFrom(minute * 300 + 900));
    await clock.advance(seconds(60));
  }
  end();
  expect(await answered).toMatchObject({ status: 201, body: { tape: { rows: 1800 } } });
});

test('an upload that stalls, or only trickles, is given up after a minute, is told why, and leaves nothing behind', async () => {
  const clock = new ManualClock(start);
  await using desk = await steered({}, { clock });
  const { send, answered } = sending(desk);
  await send(header + rowsFrom(0) + rowsFrom(300));
  await clock.advance(seconds(60));
  await send('X:BTC-USD,');
  await clock.advance(seconds(60));
  expect(await answered).toMatchObject({ status: 408, body: { detail: expect.stringContaining('16 KiB a minute') } });
  await expect.poll(async () => await readdir(join(desk.folder, 'tapes'))).toEqual([]);
});

test.each([
  ['of a run', 'POST /runs', 'application/json', '{"scenario":'],
  ['of a scenario', 'PUT /scenarios/slow', 'text/yaml', 'name: slow\n'],
])(
  'a body %s that does not come within a minute is answered 408, and its connection is closed',
  async (_, line, type, part) => {
    const clock = new ManualClock(start);
    await using desk = await steered({}, { clock });
    const socket = connect(desk.admin.port, '127.0.0.1');
    const heard = text(socket);
    socket.write(`${line} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: ${type}\r\nContent-Length: 1000\r\n\r\n${part}`);
    await expect.poll(async () => (await clock.advance(seconds(60)), socket.readableEnded)).toBe(true);
    expect(await heard).toMatch(/^HTTP\/1\.1 408 .*application\/problem\+json.*the body came too slowly/s);
  },
);

test('who sends on when he has been answered already is hung up on within a minute', async () => {
  const clock = new ManualClock(start);
  await using desk = await steered({}, { clock });
  const socket = connect(desk.admin.port, '127.0.0.1');
  socket.write('GET /version HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\n');
  const [answer] = await once(socket, 'data');
  expect(String(answer)).toMatch(/^HTTP\/1\.1 200/);
  // It may be a reset.
  const closed = new Promise((resolve) => socket.on('error', () => undefined).on('close', resolve));
  socket.write('x');
  await clock.advance(seconds(60));
  await closed;
});
