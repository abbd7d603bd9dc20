import { expect, test } from 'vitest';
import type { RunView } from '../../admin-api/sdk/index.ts';
import { steered, type Steered } from '../helpers/admin.ts';
import { RawClient } from '../helpers/raw-client.ts';

const runs = 50;
const number = Array.from({ length: runs }, (_, index) => index);
/** Letters only, as symbols are: A, B … AX. */
const symbolOf = (index: number): string =>
  `${String.fromCharCode(65 + Math.floor(index / 26))}Q${String.fromCharCode(65 + (index % 26))}`;

/** Its own symbol, its own seed, and an end of all connections from which clients must come back. */
const scenarioOf = (index: number): string => `
name: ci-${index}
seed: ${index}
tapes:
  - synthetic: { symbols: [${symbolOf(index)}], rate: 200, halts: 0 }
replay: { mode: loop, startOn: subscribed }
limits: { sessions: 10 }
timeline:
  - { id: bye, at: 300ms, inject: { close: { code: 1001 } } }
expect:
  - { id: back, after: bye, must: { reconnect: { within: 60s } } }
`;

/** Two by the path, two by the key alone. */
async function clientsOf({ papertape }: Steered, { url, key }: RunView): Promise<RawClient[]> {
  const urls = [`${url}/v2/iex`, `${url}/v2/iex`, `${papertape.url}/v2/iex`, `${papertape.url}/v2/iex`];
  return await Promise.all(urls.map(async (one) => await RawClient.trades(one, key)));
}

test('fifty runs with four clients each, in one process: each hears its own market, and has its own verdict', async () => {
  await using desk = await steered();
  const opened = await Promise.all(
    number.map(async (index) => await desk.api.createRun({ id: `ci-${index}`, scenario: scenarioOf(index) })),
  );
  const first = await Promise.all(opened.map(async (run) => await clientsOf(desk, run)));
  await Promise.all(first.flat().map(async (client) => await client.ended()));
  // Only the clients of every other run come back.
  const faithful = opened.filter((_, index) => index % 2 === 0);
  const second = await Promise.all(faithful.map(async (run) => await clientsOf(desk, run)));
  await Promise.all(second.flat().map(async (client) => await client.until(() => client.ids.length > 0)));
  const heard = (clients: readonly RawClient[]) => [
    ...new Set(clients.flatMap(({ elements }) => elements.flatMap(({ T, S }) => (T === 't' ? [S] : [])))),
  ];
  first.forEach((clients, index) => expect(heard(clients)).toEqual([symbolOf(index)]));
  second.forEach((clients, index) => expect(heard(clients)).toEqual([symbolOf(index * 2)]));
  const verdicts = await Promise.all(opened.map(async ({ id }) => await desk.papertape.runs.get(id)?.trial.verdict()));
  expect(verdicts.map((verdict) => verdict?.passed)).toEqual(number.map((index) => index % 2 === 0));
  // Nobody was counted twice, or in a run that was not meant.
  const sessions = opened.map(({ id }) => desk.papertape.runs.get(id)?.run.status.sessions);
  expect(sessions).toEqual(number.map((index) => (index % 2 === 0 ? 4 : 0)));
  expect(desk.papertape.run.status.sessions).toBe(0);
  await Promise.all(opened.map(async ({ id }) => await desk.api.stopRun(id)));
  await Promise.all(second.flat().map(async (client) => await client.ended()));
  expect((await desk.api.listRuns()).map(({ id }) => id)).toEqual(['default']);
});
