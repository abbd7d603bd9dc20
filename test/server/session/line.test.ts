import { once } from 'node:events';
import { expect, test } from 'vitest';
import { ManualClock } from '../../../market/clock.ts';
import { seconds } from '../../../market/nanos.ts';
import type { Papertape } from '../../../server/index.ts';
import type { Line } from '../../../server/session/line.ts';
import { Caller } from '../../helpers/caller.ts';
import { opening, trade } from '../../helpers/events.ts';
import { serve } from '../../helpers/serve.ts';
import { Wiretap } from '../../helpers/wiretap.ts';

function newestLine({ run }: Papertape): Line {
  const session = [...run.sessions].at(-1);
  if (session === undefined) throw new Error('nobody is connected');
  return session.line;
}

for (const path of ['/v2/iex', '/stocks']) {
  test(`on ${path} a goodbye is a Close frame with its code and reason, after what was written`, async () => {
    const clock = new ManualClock(opening);
    await using papertape = await serve([trade(opening)], {}, {}, clock);
    await using caller = await Caller.connect(`${papertape.url}${path}`, clock);
    newestLine(papertape).close(1012, 'restart');
    const [welcome, goodbye] = await caller.readToEnd();
    expect(welcome).toMatchObject({ kind: 'message' });
    expect(goodbye).toMatchObject({ kind: 'close', code: 1012, reason: 'restart' });
    await expect.poll(() => papertape.run.status.sessions).toBe(0);
  });
}

test('a client that does not answer the goodbye is let go a second later', async () => {
  const clock = new ManualClock(opening);
  await using papertape = await serve([trade(opening)], {}, {}, clock);
  await using tap = await Wiretap.open(`${papertape.url}/v2/iex`);
  newestLine(papertape).close(1001, '');
  expect(papertape.run.status.sessions).toBe(1);
  await clock.advance(seconds(2));
  await tap.end();
  expect(papertape.run.status.sessions).toBe(0);
});

test('a reset is a TCP RST', async () => {
  const clock = new ManualClock(opening);
  await using papertape = await serve([trade(opening)], {}, {}, clock);
  await using tap = await Wiretap.open(`${papertape.url}/v2/iex`);
  await tap.heard(1);
  const broken = once(tap.socket, 'error');
  newestLine(papertape).reset();
  expect(await broken).toMatchObject([{ code: 'ECONNRESET' }]);
  await expect.poll(() => papertape.run.status.sessions).toBe(0);
});
