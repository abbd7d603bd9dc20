import { expect, test } from 'vitest';
import { labelOf } from '../../../client/key-ring.ts';
import { Rig, two } from './rig.ts';

test('a key is changed without losing a row: the new connection is subscribed before the old one goes', async () => {
  await using rig = await Rig.live({ keys: ['first', 'second'], isRotating: true });
  rig.connection.rotate();
  rig.connection.rotate();
  await rig.clock.advance(0n);
  await rig.until(() => rig.told('live').length === 2);
  await rig.until(() => rig.told('ended').length === 1);
  await rig.hear(2);
  expect(rig.connection.state.key).toBe(labelOf({ id: 'second', secret: '' }));
  expect(rig.covered, 'it never ceased').toMatchObject([{ wants: two }]);
  expect(rig.lost).toEqual([]);
  expect(rig.connections).toEqual({ most: 2, all: 2 });
  const ids = rig.events
    .filter(({ symbol }) => symbol === 'AAPL')
    .map((event) => ('id' in event ? Number(event.id) : 0));
  expect([...new Set(ids)]).toEqual([...new Set(ids)].map((_, index) => index + 1));
});

test('the old connection stays as long as the new one is not let in', async () => {
  await using rig = await Rig.live({ keys: ['first', 'second'], isRotating: true });
  await rig.inject({ inject: { refuseLogin: {} }, for: '2s', target: { key: 'second' } });
  rig.connection.rotate();
  await rig.clock.advance(0n);
  await rig.until(() => rig.told('key-offended').length === 1);
  await rig.hear(1);
  expect(rig.connection.state.key).toBe(labelOf({ id: 'first', secret: '' }));
  expect(rig.lost).toEqual([]);
});
