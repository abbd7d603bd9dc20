import { expect, test } from 'vitest';
import { seconds } from '../../../market/nanos.ts';
import { Rig, two } from './rig.ts';
import { tradesOf } from './small-feed.ts';

test('a mute feed is left within twelve seconds although its pings are answered, and what it kept back is lost', async () => {
  await using rig = await Rig.live({}, 6);
  const last = rig.connection.state.lastDataAt ?? 0n;
  await rig.inject({ inject: { mute: {} }, for: '10m', target: { sessions: [1] } });
  await rig.pass(12);
  await rig.until(() => rig.told('ended').length === 1);
  expect(rig.told('ended')).toMatchObject([{ ending: { by: 'silence' } }]);
  const [lost] = rig.lost;
  expect(lost).toMatchObject({ wants: two, why: 'mute' });
  expect(last - (lost?.at ?? 0n), 'until when it surely came').toBeLessThan(seconds(0.001));
  await rig.until(() => rig.told('live').length === 2);
  await rig.hear(1);
  expect(rig.connections).toEqual({ most: 1, all: 2 });
});

test('one mute symbol is asked for afresh while the other goes on', async () => {
  await using rig = await Rig.live({}, 6);
  await rig.inject({ inject: { mute: {} }, for: '10m', target: { sessions: [1], symbols: ['AAPL'] } });
  await rig.hear(11);
  await rig.until(() => rig.covered.length === 2);
  expect(rig.lost).toMatchObject([{ wants: tradesOf('AAPL'), why: 'mute' }]);
  expect(rig.covered[1]).toMatchObject({ wants: tradesOf('AAPL') });
  expect(rig.told('asked-again')).toMatchObject([{ wants: tradesOf('AAPL'), why: 'mute' }]);
  expect(rig.connections.all).toBe(1);
});

test('a market that is only paused for a moment is left alone', async () => {
  await using rig = await Rig.live({}, 6);
  rig.papertape.run.pause();
  await rig.pass(9);
  rig.papertape.run.play();
  await rig.hear(3);
  expect(rig.told('asked-again')).toEqual([]);
  expect(rig.connections.all).toBe(1);
});
