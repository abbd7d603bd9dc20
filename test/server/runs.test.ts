import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { ManualClock } from '../../market/clock.ts';
import { seconds } from '../../market/nanos.ts';
import { type Papertape, startPapertape } from '../../server/index.ts';
import { scenarioSchema, type ScenarioInput } from '../../server/scenario/schema.ts';
import { opening, trade } from '../helpers/events.ts';
import { memorySource } from '../helpers/memory-source.ts';
import { RawClient } from '../helpers/raw-client.ts';

const open: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one[Symbol.asyncDispose]();
});

const clock = new ManualClock(opening);

function request(symbol: string, more: Partial<ScenarioInput> = {}) {
  const scenario = scenarioSchema.parse({
    name: symbol,
    tapes: [{ file: 'given.ndjson' }],
    replay: { mode: 'single_pass', startOn: 'command' },
    ...more,
  });
  return { scenario, tapes: [memorySource([trade(opening, { symbol })])] };
}

async function exchange(more: Partial<ScenarioInput> = {}): Promise<Papertape> {
  const papertape = await startPapertape({ ...request('AAPL', more), port: 0, clock });
  open.push(papertape);
  return papertape;
}

const auth = (key: string) => ({ action: 'auth', key, secret: 'any-secret' });
const all = { action: 'subscribe', trades: ['*'] };

/** Logs in, subscribes to everything, and tells the first symbol it hears once the run plays. */
async function symbolHeard(url: string, key: string, play: () => void): Promise<unknown> {
  await using client = await RawClient.open(url);
  client.say(auth(key));
  await client.until(() => client.texts.some((text) => text.includes('authenticated')));
  client.say(all);
  await client.until(() => client.texts.some((text) => text.includes('subscription')));
  play();
  await clock.advance(seconds(1));
  await client.until(() => client.elements.some(({ T }) => T === 't'));
  return client.elements.find(({ T }) => T === 't')?.['S'];
}

test('a client below /r/<run> hears that run, and one without a prefix the default run', async () => {
  const papertape = await exchange();
  const { id, prefix, run } = await papertape.runs.open(request('MSFT'), 'second');
  expect([id, prefix]).toEqual(['second', '/r/second']);
  expect(await symbolHeard(`${papertape.url}/r/second/v2/iex`, 'k', () => run.play())).toBe('MSFT');
  expect(await symbolHeard(`${papertape.url}/v2/iex`, 'k', () => papertape.run.play())).toBe('AAPL');
});

test('a client that names no run and shows the key of one in its login goes there, greeted once', async () => {
  const papertape = await exchange({ expect: [{ id: 'one', must: { connections: { atMost: 1 } } }] });
  const second = await papertape.runs.open(request('MSFT'));
  const kinds = (of: Papertape['trial']) => of.entries.map(({ kind }) => kind);
  await using client = await RawClient.open(`${papertape.url}/v2/iex`);
  client.say(auth(second.key.key));
  await client.until(() => client.texts.some((text) => text.includes('authenticated')));
  client.say(all);
  await client.until(() => client.texts.some((text) => text.includes('subscription')));
  expect(client.texts.filter((text) => text.includes('connected'))).toHaveLength(1);
  expect(kinds(papertape.trial)).toEqual(['knocked', 'said', 'moved']);
  expect(JSON.stringify(papertape.trial.entries, (_, value: unknown) => String(value))).not.toContain(second.key.key);
  expect(kinds(second.trial)).toEqual(['knocked', 'heard', 'logged-in', 'said', 'heard', 'said', 'subscribed']);
  expect([papertape.run.status.sessions, second.run.status.sessions]).toEqual([0, 1]);
  // It is gone from the run that greeted it, which expects one connection at most.
  await using _stranger = await RawClient.trades(`${papertape.url}/v2/iex`, 'k');
  expect(await papertape.trial.standings()).toMatchObject([{ outcome: 'met' }]);
  await using other = await RawClient.open(`${papertape.url}/v1/quotes/price?apikey=${second.key.key}`);
  await expect.poll(() => second.run.status.sessions).toBe(2);
  expect(other.status).toBe(101);
});

test('a key that is added while a run plays leads there, and of a key that two list the older has it', async () => {
  const { runs } = await exchange({ keys: [{ key: 'shared' }] });
  const second = await runs.open(request('MSFT', { keys: [{ key: 'shared' }] }));
  expect([runs.ofKey('shared'), runs.ofKey('late')]).toEqual([runs.default, undefined]);
  second.run.keys.add({ key: 'late' });
  second.run.keys.end('late', opening);
  expect(runs.ofKey('late')).toBe(second);
});

test('who has been greeted by a run of other manners is sent away as its own run does', async () => {
  const papertape = await exchange();
  const second = await papertape.runs.open(request('MSFT', { endpoints: { alpaca: { closeFrames: 'clean' } } }));
  await using client = await RawClient.trades(`${papertape.url}/v2/iex`, 'stranger');
  await using moved = await RawClient.open(`${papertape.url}/v2/iex`);
  moved.say(auth(second.key.key));
  await moved.until(() => moved.texts.some((text) => text.includes('authenticated')));
  await Promise.all([papertape.runs.close(second.id), moved.until(() => moved.farewell !== undefined)]);
  expect(moved.farewell?.code).toBe(1001);
  await Promise.all([papertape.runs.restart('default'), client.ended()]);
  expect(client.farewell).toBeUndefined();
});

test('over HTTP the prefix, else the key, finds the run, and links to more pages keep the prefix', async () => {
  const papertape = await exchange();
  const { scenario } = request('MSFT');
  const tapes = [memorySource([trade(opening, { symbol: 'MSFT' }), trade(opening + 1n, { symbol: 'MSFT', id: '2' })])];
  const second = await papertape.runs.open({ scenario, tapes }, 'second');
  second.run.play();
  const base = papertape.url.replace('ws', 'http');
  const path = `/v3/trades/MSFT?limit=1&apiKey=${second.key.key}`;
  const page = z.object({ results: z.array(z.unknown()), next_url: z.string().optional() });
  const ask = async (url: string) => page.parse(await (await fetch(url)).json());
  const link = async () => (await clock.advance(seconds(1)), (await ask(`${base}/r/second${path}`)).next_url);
  await expect.poll(link).toMatch(`${base}/r/second/v3/trades/MSFT?cursor=`);
  expect((await ask(`${await link()}&apiKey=k`)).results).toHaveLength(1);
  const byKey = await ask(base + path);
  expect([byKey.results.length, byKey.next_url]).toEqual([1, expect.stringContaining(`${base}/v3/trades`)]);
  expect((await ask(`${base}/v3/trades/MSFT?apiKey=k`)).results).toEqual([]);
});

test('a run opened anew has forgotten everything, and its clients are sent away', async () => {
  const papertape = await exchange();
  const { id, key } = await papertape.runs.open(request('MSFT'));
  await using client = await RawClient.trades(`${papertape.url}/r/${id}/v2/iex`, 'k');
  const fresh = await papertape.runs.restart(id);
  await client.ended();
  expect(fresh).toMatchObject({ id, key });
  expect(fresh?.trial.entries).toEqual([]);
  expect(papertape.runs.get(id)).toBe(fresh);
  expect(await papertape.runs.restart('nowhere')).toBeUndefined();
});

test('a run that is stopped sends its clients away, is not found any more, and leaves the others alone', async () => {
  const papertape = await exchange();
  const { id } = await papertape.runs.open(request('MSFT'));
  await using client = await RawClient.trades(`${papertape.url}/r/${id}/v2/iex`, 'k');
  await using neighbour = await RawClient.trades(`${papertape.url}/v2/iex`, 'k');
  expect(await papertape.runs.close(id)).toBe(true);
  await client.ended();
  expect(await papertape.runs.close(id)).toBe(false);
  await using late = await RawClient.knock(`${papertape.url}/r/${id}/v2/iex`);
  await late.answered();
  expect([late.status, neighbour.end]).toEqual([404, undefined]);
});

test('of two resets at once the second waits for the first, and leaves nothing of it', async () => {
  const papertape = await exchange();
  const first = await papertape.runs.open(request('MSFT'), 'mine');
  const [second, third] = await Promise.all([papertape.runs.restart('mine'), papertape.runs.restart('mine')]);
  expect([first, second, third].map((one) => one?.trial.closed.aborted)).toEqual([true, true, false]);
  expect(papertape.runs.get('mine')).toBe(third);
});

test('a run that is stopped while it is reset does not come back', async () => {
  const papertape = await exchange();
  await papertape.runs.open(request('MSFT'), 'mine');
  const [, stopped] = await Promise.all([papertape.runs.restart('mine'), papertape.runs.close('mine')]);
  expect([stopped, [...papertape.runs].map(({ id }) => id)]).toEqual([true, ['default']]);
});

test('a run that is still being opened when all are closed is not opened', async () => {
  const papertape = await exchange();
  const coming = papertape.runs.open(request('MSFT'));
  await Promise.all([papertape.runs[Symbol.asyncDispose](), expect(coming).rejects.toThrow('aborted')]);
  await expect(papertape.runs.open(request('MSFT'))).rejects.toThrow('aborted');
  expect(papertape.runs.size).toBe(0);
});

test('names that are taken, bad or of the default run are refused with the way out', async () => {
  const { runs } = await exchange();
  await runs.open(request('MSFT'), 'mine');
  await expect(runs.open(request('MSFT'), 'mine')).rejects.toThrow('there is a run mine already');
  await expect(runs.open(request('MSFT'), '../etc')).rejects.toThrow('use up to 64 letters');
  await expect(runs.close('default')).rejects.toThrow('restart it instead');
  await expect(runs.open(request('MSFT', { replay: { symbols: ['NONE'] } }))).rejects.toThrow('no NONE on the tapes');
  expect([...runs].map(({ id }) => id)).toEqual(['default', 'mine']);
});

test('an unknown run is not found, on the stream and over HTTP', async () => {
  const papertape = await exchange();
  await using client = await RawClient.knock(`${papertape.url}/r/nowhere/v2/iex`);
  await client.answered();
  expect(client.status).toBe(404);
  const answer = await fetch(`${papertape.url.replace('ws', 'http')}/r/nowhere/v2/stocks/trades?symbols=AAPL`);
  expect([answer.status, await answer.json()]).toMatchObject([404, { message: expect.stringContaining('nowhere') }]);
});

test('a reset of all ends every other run, gives up those still being opened, and leaves their names free', async () => {
  const papertape = await exchange();
  const { runs } = papertape;
  const before = runs.default;
  await runs.open(request('MSFT'), 'open');
  const { era: signal } = runs;
  const coming = runs.open(request('MSFT'), 'coming');
  await Promise.all([runs.reset(), expect(coming).rejects.toThrow('aborted')]);
  expect([...runs].map(({ id }) => id)).toEqual(['default']);
  expect([runs.default === before, before.trial.closed.aborted]).toEqual([false, true]);
  // Asked for before, and read only now.
  await expect(runs.open({ ...request('MSFT'), signal }, 'late')).rejects.toThrow('aborted');
  expect(await runs.open(request('MSFT'), 'coming')).toMatchObject({ id: 'coming' });
});

test('a run that is reset or stopped writes down how its clients were sent away before it is over', async () => {
  const papertape = await exchange();
  const clean = { endpoints: { alpaca: { closeFrames: 'clean' as const } } };
  const second = await papertape.runs.open(request('MSFT', clean), 'second');
  await using gone = await RawClient.trades(`${papertape.url}/r/second/v2/iex`, 'k');
  await using client = await RawClient.trades(`${papertape.url}/v2/iex`, 'k');
  const { trial } = papertape;
  const closed = ({ entries }: Papertape['trial']) => entries.filter(({ kind }) => kind === 'closed');
  const seen = [trial, second.trial].map(async (one) => {
    return await new Promise((told) => one.closed.addEventListener('abort', () => told(closed(one))));
  });
  await Promise.all([papertape.runs.restart('default'), papertape.runs.close('second')]);
  await Promise.all([gone.until(() => gone.farewell !== undefined), client.ended()]);
  const entry = { kind: 'closed', by: 'papertape', session: 1, client: expect.stringMatching(/^key-/) };
  expect(await Promise.all(seen)).toMatchObject([[{ ...entry, code: 1006 }], [{ ...entry, code: 1001 }]]);
  expect(trial.tell(closed(trial)).join()).toMatch(/was closed by Papertape with 1006$/);
});
