import { once } from 'node:events';
import { expect, test } from 'vitest';
import { startPipeline } from '../../client/index.ts';
import { opening, trade } from '../helpers/events.ts';
import { serve } from '../helpers/serve.ts';

test('a pipeline whose listener throws goes on, hears its market, is ready, and warns of the listener', async () => {
  await using papertape = await serve([trade(opening, { id: '1' })], { startOn: 'subscribed' });
  const warned = once(process, 'warning');
  let heard: () => void = () => undefined;
  const hearing = new Promise<void>((resolve) => (heard = resolve));
  await using pipeline = await startPipeline(
    {
      feeds: [
        {
          feed: { vendor: 'alpaca', streamUrl: papertape.url },
          keys: [{ id: 'key', secret: 'secret' }],
          want: { trade: ['AAPL'] },
        },
      ],
      store: false,
      service: { port: 0 },
    },
    {
      listen: () => {
        throw new Error('the log is full');
      },
      sinks: [
        {
          name: 'ear',
          take: () => {
            heard();
            return undefined;
          },
          flush: async () => undefined,
          health: () => ({ state: 'well', says: '', pending: 0 }),
          [Symbol.asyncDispose]: async () => undefined,
        },
      ],
    },
  );
  const [warning] = await warned;
  expect(String(warning)).toContain('a listener of the pipeline threw: the log is full');
  await hearing;
  expect((await fetch(`${pipeline.service?.url}/ready`)).status).toBe(200);
});
