import { afterEach, expect, test } from 'vitest';
import type { ScenarioInput } from '../../server/scenario/schema.ts';
import { opening, trade } from '../helpers/events.ts';
import { Listener } from '../helpers/listener.ts';
import { serve } from '../helpers/serve.ts';

const open: AsyncDisposable[] = [];
afterEach(async () => {
  for (const part of open.splice(0).toReversed()) await part[Symbol.asyncDispose]();
});

async function connect(limits: ScenarioInput['limits']): Promise<Listener> {
  const papertape = await serve([trade(opening)], {}, { limits });
  open.push(papertape);
  const listener = await Listener.connect(`${papertape.url}/v2/iex`);
  open.push(listener);
  return listener;
}

const login = { action: 'auth', key: 'k', secret: 's' };

test('a client may say as much at once as limits.message allows, beyond a mebibyte too', async () => {
  const client = await connect({ message: '2MiB' });
  expect(await client.ask({ ...login, comment: 'x'.repeat(3 << 19) }, 2)).toMatchObject({ msg: 'authenticated' });
});

test('limits.heldSymbols bounds what one session may hold over all channels; beyond it is told 405', async () => {
  const client = await connect({ heldSymbols: 4 });
  await client.ask(login, 2);
  expect(await client.ask({ action: 'subscribe', bars: ['A', 'B', 'C'] })).toMatchObject({ bars: ['A', 'B', 'C'] });
  expect(await client.ask({ action: 'subscribe', quotes: ['A', 'B'] })).toMatchObject({ T: 'error', code: 405 });
  expect(await client.ask({ action: 'subscribe', quotes: ['A'] })).toMatchObject({
    bars: ['A', 'B', 'C'],
    quotes: ['A'],
  });
});
