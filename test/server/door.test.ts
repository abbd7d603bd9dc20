import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { expect, test } from 'vitest';
import { ManualClock } from '../../market/clock.ts';
import { Door } from '../../server/door.ts';
import { silentLog } from '../../server/log.ts';
import type { Handshake } from '../../server/session/handshake.ts';
import { opening, trade } from '../helpers/events.ts';
import { RawClient } from '../helpers/raw-client.ts';
import { serve } from '../helpers/serve.ts';

/** A door whose WebSocket library takes its time to load. */
class SlowDoor extends Door {
  readonly asked: Promise<void>;
  #ask: () => void = () => undefined;
  #loaded: Promise<void>;
  load: () => void = () => undefined;

  constructor(...given: ConstructorParameters<typeof Door>) {
    super(...given);
    this.asked = new Promise((resolve) => (this.#ask = resolve));
    this.#loaded = new Promise((resolve) => (this.load = resolve));
  }

  override async getReady(): Promise<Handshake> {
    this.#ask();
    await this.#loaded;
    return await super.getReady();
  }
}

/** A run behind such a door, on a port of its own; and a client that has knocked there and is not in yet. */
async function knocking() {
  const clock = new ManualClock(opening);
  const papertape = await serve([trade(opening)], {}, {}, clock);
  const { run } = papertape;
  const door = new SlowDoor(run, clock, silentLog);
  const entrance = door.find('/v2/iex');
  if (entrance === undefined) throw new Error('there is no such stream');
  const server = createServer();
  const upgraded = new Promise<{ readonly gone: Promise<void>; readonly over: Promise<void> }>((resolve) => {
    server.on('upgrade', (request, socket: Duplex, head: Buffer) => {
      socket.on('error', () => socket.destroy());
      const gone = new Promise<void>((close) => socket.once('close', close));
      resolve({ gone, over: door.upgrade({ request, socket, head, entrance, credentials: undefined }) });
    });
  });
  const port = await portOf(server);
  const client = await RawClient.knock(`ws://127.0.0.1:${port}/v2/iex`);
  const { gone, over } = await upgraded;
  await door.asked;
  expect(run.chronicle.open).toEqual({ ordeals: 1, records: 1 });
  return {
    ...{ run, door, client, gone, over },
    [Symbol.asyncDispose]: async () => {
      await client[Symbol.asyncDispose]();
      await door[Symbol.asyncDispose]();
      const closed = once(server, 'close');
      server.close();
      await closed;
      await papertape[Symbol.asyncDispose]();
    },
  };
}

async function portOf(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

test('of who hangs up while the WebSocket library loads nothing stays behind', async () => {
  await using given = await knocking();
  const { run, door, client, gone, over } = given;
  client.socket.resetAndDestroy();
  await gone;
  door.load();
  await over;
  expect(run.chronicle.open).toEqual({ ordeals: 0, records: 0 });
  expect(run.status.sessions).toBe(0);
});

test('who has waited for the WebSocket library is let in, and forgotten when it leaves', async () => {
  await using given = await knocking();
  const { run, door, client, over } = given;
  door.load();
  await over;
  await client.heard(1);
  expect(client.texts).toEqual(['[{"T":"success","msg":"connected"}]']);
  expect(run.chronicle.open).toEqual({ ordeals: 1, records: 1 });
  client.socket.resetAndDestroy();
  await expect.poll(() => run.chronicle.open).toEqual({ ordeals: 0, records: 0 });
});

test('who waits for the WebSocket library when the door closes is turned away', async () => {
  await using given = await knocking();
  const { run, door, client, over } = given;
  door.close();
  door.load();
  await over;
  await client.ended();
  expect(client.status).toBe(503);
  expect(run.chronicle.open).toEqual({ ordeals: 0, records: 0 });
});
