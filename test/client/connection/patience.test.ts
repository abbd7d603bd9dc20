import { expect, test } from 'vitest';
import { millis, seconds } from '../../../market/nanos.ts';
import { Rig } from './rig.ts';

/** Something that somebody waits for. */
function gate(): { readonly opened: Promise<void>; open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

test('nothing comes while whoever takes it needs time, and then everything in its order', async () => {
  await using rig = await Rig.live();
  const { opened, open } = gate();
  rig.patience = () => opened;
  const before = rig.events.length;
  await rig.pass(1);
  await rig.until(() => rig.events.length > before);
  const meanwhile = rig.events.length;
  await rig.pass(5);
  expect(rig.events.length).toBe(meanwhile);
  rig.patience = undefined;
  open();
  await rig.until(() => rig.events.length === 2 * 71);
  await rig.hear(1);
  const aapl = rig.events.filter(({ symbol }) => symbol === 'AAPL').map((event) => 'id' in event && Number(event.id));
  expect(aapl).toEqual(aapl.map((_, index) => index + 1));
});

test('who needs a minute for each batch does not lose its connection to its own pings', async () => {
  await using rig = await Rig.live();
  const { opened, open } = gate();
  rig.patience = () => opened;
  await rig.pass(60);
  expect(rig.connection.state.phase).toBe('live');
  rig.patience = undefined;
  open();
  await rig.until(() => rig.events.length > 1000);
  await rig.pass(30);
  expect(rig.connections).toEqual({ most: 1, all: 1 });
});

test('the end of a connection waits until what came before it is taken', async () => {
  await using rig = await Rig.live();
  const { opened, open } = gate();
  rig.patience = () => opened;
  await rig.clock.advance(millis(200));
  await rig.inject({ inject: { close: { code: 1001 } } });
  await rig.clock.advance(seconds(5));
  expect(rig.lost).toEqual([]);
  rig.patience = undefined;
  open();
  await rig.until(() => rig.lost.length === 1);
  await rig.back();
});

test('a client that ends waits for whoever still takes its last batch', async () => {
  await using rig = await Rig.live();
  const { opened, open } = gate();
  const before = rig.events.length;
  rig.patience = () => opened;
  await rig.clock.advance(millis(200));
  await rig.until(() => rig.events.length > before);
  rig.patience = undefined;
  let isOver = false;
  const over = rig.connection[Symbol.asyncDispose]().then(() => (isOver = true));
  await rig.clock.advance(seconds(3));
  expect(isOver).toBe(false);
  open();
  await over;
  expect(rig.connection.state.phase).toBe('left');
});
