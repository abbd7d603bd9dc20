import { once } from 'node:events';
import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { ManualClock } from '../../../market/clock.ts';
import { arrange } from '../../../server/arrange.ts';
import { openExchanges } from '../../../server/exchanges/index.ts';
import { FrontDesk } from '../../../server/http/front-desk.ts';
import { silentLog } from '../../../server/log.ts';
import { Run } from '../../../server/run.ts';
import { scenarioSchema } from '../../../server/scenario/schema.ts';
import { Asker } from '../../helpers/asker.ts';
import { opening, trade } from '../../helpers/events.ts';
import { memorySource } from '../../helpers/memory-source.ts';
import { serve } from '../../helpers/serve.ts';

test('a path that cannot be decoded is refused by the vendor, in its words', async () => {
  await using papertape = await serve([trade(opening)]);
  const asker = new Asker(papertape);
  const invalid = { status: 400, body: { message: 'invalid symbol: %E0%A4%A' } };
  expect(await asker.ask('/v2/stocks/%E0%A4%A/trades')).toMatchObject(invalid);
  expect(await asker.ask('/alpaca/v2/stocks/%E0%A4%A/trades', { limit: 1 })).toMatchObject(invalid);
  expect(await asker.ask('/v2/assets/%')).toMatchObject({ status: 404, body: { message: 'asset not found for %' } });
  expect(await asker.ask('/v2/assets/BTC%2FUSD')).toMatchObject({ status: 404 });
});

test('what nobody answers is not found, and no key of its URL comes back', async () => {
  await using papertape = await serve([trade(opening)]);
  const answer = await fetch(`${papertape.url.replace('ws', 'http')}/dividends?apikey=secret-key&symbol=AAPL`);
  const message = 'nothing answers GET /dividends; docs/rest.md lists what does';
  expect([answer.status, await answer.json()]).toEqual([404, { message }]);
});

test('a desk that could not open opens for the next request, and closes in peace', async () => {
  const scenario = scenarioSchema.parse({ name: 'desk', tapes: [{ file: 'in-memory.ndjson' }] });
  let broken = true;
  const exchanges = openExchanges(scenario.endpoints).map((exchange) => ({
    ...exchange,
    rest: async () => {
      const rest = await exchange.rest?.();
      if (broken || rest === undefined) throw new Error('a file is missing');
      return rest;
    },
  }));
  const clock = new ManualClock(opening);
  const timeline = await arrange(scenario, [memorySource([trade(opening)])], exchanges);
  await using run = new Run({ scenario, exchanges, timeline, clock, pacing: clock, log: silentLog });
  for (const mended of [false, true]) {
    broken = true;
    const desk = new FrontDesk(run, clock, silentLog);
    const failures: unknown[] = [];
    const server = createServer((request, response) => {
      desk.answer(request, response).catch((error: unknown) => failures.push(error));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const ask = async () => (await fetch(`http://127.0.0.1:${port}/health`)).status;
    await expect(ask()).rejects.toThrow('fetch failed');
    expect(failures).toMatchObject([{ message: 'a file is missing' }]);
    if (mended) {
      broken = false;
      expect(await ask()).toBe(200);
    }
    await desk[Symbol.asyncDispose]();
    server.closeAllConnections();
    server.close();
  }
});
