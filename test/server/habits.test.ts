import { afterEach, expect, test } from 'vitest';
import { ManualClock } from '../../market/clock.ts';
import { millis, seconds } from '../../market/nanos.ts';
import type { ScenarioInput } from '../../server/scenario/schema.ts';
import { Caller, type Heard } from '../helpers/caller.ts';
import { opening, trade } from '../helpers/events.ts';
import { serve } from '../helpers/serve.ts';

const clock = new ManualClock(opening);
const open: AsyncDisposable[] = [];
afterEach(async () => {
  for (const part of open.splice(0).toReversed()) await part[Symbol.asyncDispose]();
});

async function connect(rest: Partial<ScenarioInput> = {}): Promise<{ call: () => Promise<Caller> }> {
  const papertape = await serve([trade(opening)], { startOn: 'subscribed' }, rest, clock);
  open.push(papertape);
  const call = async (): Promise<Caller> => {
    const caller = await Caller.connect(`${papertape.url}/v2/iex`, clock);
    open.push(caller);
    expect(await said(caller)).toContain('connected');
    return caller;
  };
  return { call };
}

async function said(caller: Caller, limit = millis(0)): Promise<string | undefined> {
  const heard = await caller.next(limit);
  return heard?.kind === 'message' ? heard.payload.toString() : heard?.kind;
}

/** What is heard next and how long after the start of waiting, to the step of the clock. */
async function moment(caller: Caller, limit = seconds(120)): Promise<{ heard: Heard | undefined; after: number }> {
  const start = clock.now();
  const heard = await caller.next(limit, millis(100));
  return { heard, after: Number((heard?.at ?? clock.now()) - start) / 1e9 };
}

const login = (key: string, secret = 's'): string => JSON.stringify({ action: 'auth', key, secret });

test('the server pings every 54 s and drops, without a Close frame, who has not answered 6 s later', async () => {
  const { call } = await connect();
  const caller = await call();
  caller.socket.send(login('k'));
  expect(await said(caller)).toContain('authenticated');
  expect(await moment(caller)).toMatchObject({ heard: { kind: 'ping', payload: Buffer.alloc(0) }, after: 54 });
  caller.socket.pong();
  expect(await moment(caller)).toMatchObject({ heard: { kind: 'ping' }, after: 54 });
  expect(await moment(caller)).toMatchObject({ heard: { kind: 'close', code: 1006 }, after: 6 });
});

test('who says nothing hears 404 after 10 s and is dropped', async () => {
  const { call } = await connect();
  const caller = await call();
  const { heard, after } = await moment(caller);
  expect(after).toBe(10);
  expect(heard?.kind === 'message' && heard.payload.toString()).toBe('[{"T":"error","code":404,"msg":"auth timeout"}]');
  expect(await moment(caller)).toMatchObject({ heard: { kind: 'close', code: 1006 }, after: 0 });
});

test('a wrong key is told 402 and may try again on the same socket, however late', async () => {
  const { call } = await connect({ keys: [{ key: 'good', secret: 'right' }] });
  const caller = await call();
  caller.socket.send(login('good', 'wrong'));
  expect(await said(caller)).toBe('[{"T":"error","code":402,"msg":"auth failed"}]');
  expect(await caller.next(seconds(50), seconds(5))).toBeUndefined();
  caller.socket.send(login('good', 'right'));
  expect(await said(caller)).toContain('authenticated');
  caller.socket.send(login('good', 'right'));
  expect(await said(caller)).toContain('403');
});

test('a feed outside the plan is told 409 and the socket stays open', async () => {
  const { call } = await connect({
    keys: [{ key: 'k', plan: 'basic' }],
    endpoints: { alpaca: { basicFeeds: ['sip'] } },
  });
  const caller = await call();
  caller.socket.send(login('k'));
  expect(await said(caller)).toBe('[{"T":"error","code":409,"msg":"insufficient subscription"}]');
  expect(await caller.next(seconds(50), seconds(5))).toBeUndefined();
});

test('a second connection is told 406 and dropped 10 s later; the first hears nothing of it', async () => {
  const { call } = await connect();
  const [first, second] = [await call(), await call()];
  first.socket.send(login('k'));
  expect(await said(first)).toContain('authenticated');
  second.socket.send(login('k'));
  expect(await said(second)).toBe('[{"T":"error","code":406,"msg":"connection limit exceeded"}]');
  expect(await moment(second)).toMatchObject({ heard: { kind: 'close', code: 1006 }, after: 10 });
  await first.settle();
  expect(first.closed).toBe(false);
  expect(await first.next(millis(0))).toBeUndefined();
});

test('who is told 406 takes the place when the first leaves in time, and is not dropped', async () => {
  const { call } = await connect();
  const [first, second] = [await call(), await call()];
  first.socket.send(login('k'));
  expect(await said(first)).toContain('authenticated');
  second.socket.send(login('k'));
  expect(await said(second)).toContain('406');
  await first[Symbol.asyncDispose]();
  await second.settle();
  second.socket.send(login('k'));
  expect(await said(second, seconds(1))).toContain('authenticated');
  expect(await second.next(seconds(30), seconds(1))).toBeUndefined();
});

test('who is told 406 and asks again and again is dropped 10 s after the first time all the same', async () => {
  const { call } = await connect();
  const [first, second] = [await call(), await call()];
  first.socket.send(login('k'));
  expect(await said(first)).toContain('authenticated');
  const start = clock.now();
  for (const wait of [seconds(0), seconds(4), seconds(4)]) {
    await clock.advance(wait);
    second.socket.send(login('k'));
    expect(await said(second)).toContain('406');
  }
  const { heard } = await moment(second);
  expect(heard).toMatchObject({ kind: 'close', at: start + seconds(10) });
});

test('of two refusals that end the connection the earlier end counts', async () => {
  const keys = [{ key: 'k', secret: 's' }];
  const { call } = await connect({ keys, endpoints: { alpaca: { afterAuthError: { '402': '3s' } } } });
  const [first, second] = [await call(), await call()];
  first.socket.send(login('k'));
  expect(await said(first)).toContain('authenticated');
  second.socket.send(login('k'));
  expect(await said(second)).toContain('406');
  second.socket.send(login('k', 'wrong'));
  expect(await said(second)).toContain('402');
  expect(await moment(second)).toMatchObject({ heard: { kind: 'close' }, after: 3 });
});

test('a client that closes with 1000 sees 1006 all the same', async () => {
  const { call } = await connect();
  const caller = await call();
  caller.socket.close(1000, 'bye');
  expect(await moment(caller)).toMatchObject({ heard: { kind: 'close', code: 1006 }, after: 0 });
});

test("a client's ping comes back as a pong with the same payload, before and after login", async () => {
  const { call } = await connect();
  const caller = await call();
  const payload = Buffer.from('0123456789'.repeat(12));
  caller.socket.ping(payload);
  expect(await caller.next(0n)).toMatchObject({ kind: 'pong', payload });
  caller.socket.send(login('k'));
  expect(await said(caller)).toContain('authenticated');
  caller.socket.ping('x');
  expect(await caller.next(0n)).toMatchObject({ kind: 'pong', payload: Buffer.from('x') });
});

test('the reply to a subscription is alone in its frame and comes before any data', async () => {
  const { call } = await connect();
  const caller = await call();
  caller.socket.send(login('k'));
  caller.socket.send('{"action":"subscribe","trades":["AAPL"]}');
  expect(await said(caller)).toContain('authenticated');
  expect(await said(caller)).toMatch(/^\[\{"T":"subscription","trades":\["AAPL"\],[^{}]*\}\]$/);
  expect(await said(caller, seconds(1))).toMatch(/^\[\{"T":"t"/);
});

test('to subscribe before login is told 401, to ask nonsense 400, and neither ends the connection', async () => {
  const { call } = await connect();
  const caller = await call();
  caller.socket.send('{"action":"subscribe","trades":["AAPL"]}');
  expect(await said(caller)).toBe('[{"T":"error","code":401,"msg":"not authenticated"}]');
  caller.socket.send('what');
  expect(await said(caller)).toBe('[{"T":"error","code":400,"msg":"invalid syntax"}]');
  caller.socket.send(login('k'));
  expect(await said(caller)).toContain('authenticated');
});
