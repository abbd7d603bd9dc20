import { expect, test } from 'vitest';
import { ManualClock } from '../../../market/clock.ts';
import { millis, seconds } from '../../../market/nanos.ts';
import { parseScenario } from '../../../server/index.ts';
import { opening, trade } from '../../helpers/events.ts';
import { RawClient } from '../../helpers/raw-client.ts';
import { serve } from '../../helpers/serve.ts';

/** So many of each kind: with a time, and one after the other. */
const many = 5000;
const spoil = { for: '4ms', inject: { drop: {} } };
const timeline = [
  ...Array.from({ length: many }, (_, index) => ({ id: `at-${index}`, at: `${index * 10}ms`, ...spoil })),
  { id: 'after-0', at: '1ms', ...spoil },
  ...Array.from({ length: many - 1 }, (_, index) => ({
    id: `after-${index + 1}`,
    after: `after-${index}`,
    plus: '5ms',
    ...spoil,
  })),
];

test('ten thousand steps are read and played while others wait for nothing, each when it should be', async () => {
  const text = JSON.stringify({ name: 'long', tapes: [{ file: 'x.csv' }], timeline });
  const { scenario } = await parseScenario(text, 'long.yaml');
  expect(scenario.timeline).toHaveLength(many * 2);
  const tape = Array.from({ length: many + 1000 }, (_, index) =>
    trade(opening + millis(index * 10), { id: `${index}` }),
  );
  const clock = new ManualClock(opening);
  await using papertape = await serve(tape, { speed: 'max', atEnd: 'close' }, { timeline }, clock);
  await using client = await RawClient.trades(`${papertape.url}/v2/iex`, 'k');
  papertape.run.play();
  while (papertape.run.status.phase !== 'ended') await clock.advance(seconds(1));
  await client.ended();
  expect(client.ids).toEqual(Array.from({ length: 1000 }, (_, index) => many + index));
  const begun = papertape.run.chronicle.faults.lines.filter(({ phase }) => phase === 'begins').map(({ step }) => step);
  expect(begun.filter((step) => step.startsWith('at-'))).toEqual(timeline.slice(0, many).map(({ id }) => id));
  expect(begun.filter((step) => step.startsWith('after-'))).toEqual(timeline.slice(many).map(({ id }) => id));
});
