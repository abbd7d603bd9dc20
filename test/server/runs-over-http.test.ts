import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { expect, test, vi } from 'vitest';
import { ManualClock } from '../../market/clock.ts';
import { startPapertape } from '../../server/index.ts';
import { scenarioSchema, type ScenarioInput } from '../../server/scenario/schema.ts';
import { opening, trade } from '../helpers/events.ts';
import { memorySource } from '../helpers/memory-source.ts';

const stalls: ScenarioInput['timeline'] = [{ id: 'stall', at: '0s', for: 'run', inject: { stallRequest: {} } }];

function request(more: Partial<ScenarioInput> = {}) {
  const tapes = [{ file: 'given.ndjson' }];
  const scenario = scenarioSchema.parse({ name: 'asked', tapes, replay: { mode: 'single_pass' }, ...more });
  return { scenario, tapes: [memorySource([trade(opening)])] };
}

const start = async () => await startPapertape({ ...request(), port: 0, clock: new ManualClock(opening) });

test('looking whose key a request shows takes no longer the more runs there are: each vendor is asked once', async () => {
  await using papertape = await start();
  for (let more = 0; more < 5; more++) await papertape.runs.open(request());
  const exchanges = [...papertape.runs].flatMap(({ run }) => run.exchanges);
  const asked = exchanges.map((exchange) => vi.spyOn(exchange, 'rest'));
  for (const apiKey of ['one', 'two'])
    await (await fetch(`${papertape.httpUrl}/v3/trades/AAPL?apiKey=${apiKey}`)).json();
  const vendors = new Set(exchanges.filter(({ rest }) => rest !== undefined).map(({ name }) => name));
  // Once more where the answer is made, in the default run alone.
  expect(asked.flatMap(({ mock }) => mock.calls)).toHaveLength(2 * vendors.size);
});

test('a request that waits in a run is hung up on when the run is reset or stopped', async () => {
  await using papertape = await start();
  const { id, prefix } = await papertape.runs.open(request({ timeline: stalls }));
  for (const end of [() => papertape.runs.restart(id), () => papertape.runs.close(id)]) {
    papertape.runs.get(id)?.run.play();
    const answer = fetch(`${papertape.httpUrl}${prefix}/v3/trades/AAPL?apiKey=k`);
    await expect.poll(() => papertape.runs.get(id)?.trial.entries.some(({ kind }) => kind === 'asked')).toBe(true);
    await Promise.all([expect(answer).rejects.toThrow('fetch failed'), end()]);
  }
});

test.each(['/r/other/health', '/health'])(
  'who goes through a proxy and names the whole address of %s is answered',
  async (path) => {
    await using papertape = await start();
    await papertape.runs.open(request({ name: 'other' }), 'other');
    const asked = get({ port: papertape.port, path: `http://exchange${path}`, agent: false });
    const [answer]: IncomingMessage[] = await once(asked, 'response');
    expect([answer?.statusCode, JSON.parse(String(await answer?.toArray()))]).toMatchObject([
      200,
      { scenario: path === '/health' ? 'asked' : 'other' },
    ]);
  },
);
