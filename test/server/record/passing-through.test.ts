import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { WebSocket } from 'ws';
import { afterEach, describe, expect, test } from 'vitest';
import { SystemClock } from '../../../market/clock.ts';
import { anyVendor } from '../../helpers/any-vendor.ts';
import { opening, trade } from '../../helpers/events.ts';
import { folder, Hearer, linesOf, record } from '../../helpers/recorded.ts';
import { serve } from '../../helpers/serve.ts';

const open: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one[Symbol.asyncDispose]();
});
function kept<One extends AsyncDisposable>(one: One): One {
  open.push(one);
  return one;
}

describe('a client behind the recorder', () => {
  test('sees the close code and the reason that the vendor gives, and the vendor those of the client', async () => {
    const seen: unknown[] = [];
    await using vendor = await anyVendor((socket) => {
      socket.on('close', (code, reason) => seen.push([code, reason.toString()]));
      socket.on('message', (data: Buffer) => {
        const said = data.toString();
        if (said === 'tear') socket.terminate();
        else if (said !== '') socket.close(Number(said), 'as you wish');
      });
    });
    const recorder = kept(await record(vendor.url, { frames: undefined }));
    for (const code of [1000, 1001, 1008, 1011, 4242]) {
      using client = new Hearer(`${recorder.url}/any`);
      await once(client.socket, 'open');
      client.say(String(code));
      expect(await client.closed).toEqual({ code, reason: 'as you wish' });
    }
    using torn = new Hearer(`${recorder.url}/any`);
    await once(torn.socket, 'open');
    torn.say('tear');
    expect(await torn.closed).toEqual({ code: 1006, reason: '' });
    using leaving = new Hearer(`${recorder.url}/any`);
    await once(leaving.socket, 'open');
    leaving.socket.close(4001, 'enough');
    await leaving.closed;
    await expect.poll(() => seen.at(-1)).toEqual([4001, 'enough']);
  });

  test('exchanges pings, pongs, texts and bytes with the vendor, packed or not', async () => {
    const bytes = Buffer.from(Array.from({ length: 5000 }, (_, index) => index % 251));
    const heard: string[] = [];
    await using vendor = await anyVendor((socket) => {
      socket.on('ping', (data) => {
        heard.push(`ping ${data.toString()}`);
        socket.pong(data);
        socket.ping('vendor');
      });
      socket.on('pong', (data) => heard.push(`pong ${data.toString()}`));
      socket.on('message', (data: Buffer, isBinary) => socket.send(data, { binary: isBinary }));
    });
    await using place = await folder();
    const frames = place.at('frames.ndjson');
    const recorder = kept(await record(vendor.url, { frames }));
    using client = new Hearer(`${recorder.url}/any`, { perMessageDeflate: true });
    await once(client.socket, 'open');
    client.socket.ping('client');
    await once(client.socket, 'pong');
    client.say(bytes);
    client.say('ünïcode '.repeat(500));
    await client.until(({ length }) => length === 2);
    expect(client.frames).toEqual([
      { data: bytes.toString('latin1'), isBinary: true },
      { data: Buffer.from('ünïcode '.repeat(500)).toString('latin1'), isBinary: false },
    ]);
    await expect.poll(() => heard).toEqual(['ping client', 'pong vendor']);
    await recorder[Symbol.asyncDispose]();
    const told = (await linesOf(frames)).map((line): unknown => JSON.parse(line));
    expect(told).toContainEqual(
      expect.objectContaining({ from: 'vendor', kind: 'binary', base64: bytes.toString('base64') }),
    );
    expect(told).toContainEqual(
      expect.objectContaining({ from: 'vendor', kind: 'text', text: 'ünïcode '.repeat(500) }),
    );
  });

  test('hears the refusals of the vendor with their status, headers and body', async () => {
    const scenario = {
      endpoints: { twelvedata: {} },
      keys: [{ key: 'known-key', secret: '', plan: 'pro' }],
    };
    const vendor = kept(await serve([trade(opening)], {}, scenario, new SystemClock()));
    const recorder = kept(await record(vendor.url));
    const answerOf = async (url: string): Promise<unknown> => {
      using client = new Hearer(`${url}/v1/quotes/price?apikey=wrong-key-entirely`);
      const [, response] = await once(client.socket, 'unexpected-response');
      let body = '';
      for await (const chunk of response) body += String(chunk);
      return [response.statusCode, response.statusMessage, response.headers['content-type'], body];
    };
    expect(await answerOf(recorder.url)).toEqual(await answerOf(vendor.url));
    expect(await answerOf(recorder.url)).toEqual(expect.arrayContaining([401, 'Unauthorized', 'application/json']));
  });

  test('that does not read holds the vendor back, and has everything when it does', async () => {
    const [size, count] = [1 << 20, 64];
    let held: WebSocket | undefined;
    await using vendor = await anyVendor((socket) => {
      held = socket;
      for (let sent = 0; sent < count; sent++) socket.send(Buffer.alloc(size, sent), { compress: false });
    });
    const recorder = kept(await record(vendor.url));
    using client = new Hearer(`${recorder.url}/any`, { perMessageDeflate: false });
    await once(client.socket, 'open');
    client.socket.pause();
    // What the sockets between take is far less than half of it.
    const left = (): number => held?.bufferedAmount ?? 0;
    let before = -1;
    await expect.poll(() => [left() === before, (before = left()) > (size * count) / 2]).toEqual([true, true]);
    client.socket.resume();
    await client.until(({ length }) => length === count);
    expect(client.frames.map(({ data }) => data.charCodeAt(size - 1))).toEqual(
      Array.from({ length: count }, (_, at) => at),
    );
  });

  test('is answered plainly over HTTP, unrecorded, and told when there is no vendor', async () => {
    await using vendor = await anyVendor(() => undefined);
    const recorder = kept(await record(vendor.url));
    const http = recorder.url.replace('ws:', 'http:');
    const answer = await fetch(`${http}/v2/stocks?x=1`, { method: 'POST', body: 'b', headers: { 'x-key': 'k' } });
    expect([answer.status, answer.headers.get('x-of'), await answer.text()]).toEqual([
      418,
      'vendor',
      'POST /v2/stocks?x=1 k',
    ]);
    const nobody = kept(await record('ws://127.0.0.1:1'));
    const lost = await fetch(nobody.url.replace('ws:', 'http:'));
    expect([lost.status, await lost.text()]).toEqual([
      502,
      expect.stringContaining('ws://127.0.0.1:1 cannot be reached'),
    ]);
    using client = new Hearer(nobody.url);
    const [, response] = await once(client.socket, 'unexpected-response');
    expect(response.statusCode).toBe(502);
  });
});

describe('keys', () => {
  const key = 'PKLIVE0123456789';
  const secret = 'sssh/SECRET+abcdefgh==';

  test('are in no file and in no line of the log, whichever way they are shown', async () => {
    await using place = await folder();
    const [tape, frames] = [place.at('day.ndjson'), place.at('frames.ndjson')];
    const lines: string[] = [];
    const say = (...words: unknown[]): void => void lines.push(JSON.stringify(words));
    const log = {
      trace: say,
      debug: say,
      info: say,
      warn: say,
      error: say,
      isLevelEnabled: () => true,
      child: () => log,
    };
    const vendor = kept(await serve([trade(opening)], { speed: 'max' }, {}, new SystemClock()));
    const recorder = await record(vendor.url, { tape, frames, log });
    using header = new Hearer(`${recorder.url}/v2/sip`, {
      headers: { 'APCA-API-KEY-ID': key, 'APCA-API-SECRET-KEY': secret },
    });
    await header.until(({ length }) => length > 0);
    using message = new Hearer(`${recorder.url}/v2/iex`);
    await message.subscribe(['trades'], ['AAPL'], key, secret);
    using polygon = new Hearer(`${recorder.url}/stocks`);
    await polygon.until(({ length }) => length > 0);
    polygon.say({ action: 'auth', params: key });
    await polygon.until(({ length }) => length > 1);
    using query = new Hearer(`${recorder.url}/v1/quotes/price?apikey=${key}`);
    await once(query.socket, 'open');
    await using echoing = await anyVendor((socket) => socket.on('message', (data: Buffer) => socket.send(data)));
    const other = await record(echoing.url, { frames, log });
    using unknown = new Hearer(`${other.url}/?token=${key}`);
    await once(unknown.socket, 'open');
    unknown.say({ op: 'login', args: { apiKey: key, sign: 'x', api_secret: secret } });
    unknown.say(`LOGIN ${key} ${secret}`);
    await unknown.until(({ length }) => length === 2);
    await other[Symbol.asyncDispose]();
    await recorder[Symbol.asyncDispose]();
    const written = [
      await readFile(tape),
      await readFile(`${tape}.meta.json`),
      await readFile(frames),
      JSON.stringify(recorder.drift),
    ];
    for (const text of [...written.map(String), lines.join('\n')]) {
      expect(text).not.toContain(key);
      expect(text).not.toContain(secret);
      expect(text).not.toContain(Buffer.from(key).toString('base64').slice(0, 16));
    }
    const told = String(written[2]);
    expect(told).toContain('{\\"action\\":\\"auth\\",\\"key\\":\\"***\\",\\"secret\\":\\"***\\"}');
    expect(told).toContain('{\\"action\\":\\"subscribe\\",\\"trades\\":[\\"AAPL\\"]}');
    expect(told).toContain('/v1/quotes/price?apikey=***');
  });
});
