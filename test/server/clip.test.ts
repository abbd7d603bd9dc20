import { expect, test } from 'vitest';
import { openExchanges } from '../../server/exchanges/index.ts';
import { arrange } from '../../server/arrange.ts';
import { scenarioSchema } from '../../server/scenario/schema.ts';
import { opening, trade } from '../helpers/events.ts';
import { memorySource } from '../helpers/memory-source.ts';

const tape = memorySource([trade(opening), trade(opening + 4_000_000_000n)]);
const range = { from: '2026-07-01T14:00:00Z', to: '2026-07-01T14:30:02Z' };
const arranged = async (more: object, warn: (message: string) => void): Promise<readonly bigint[]> => {
  const replay = { mode: 'date_range', range: { ...range, ...more } };
  const scenario = scenarioSchema.parse({ name: 'clip', tapes: [{ file: 'memory.ndjson' }], replay });
  const { from, to } = await arrange(scenario, [tape], openExchanges(undefined), undefined, warn);
  return [from, to];
};

test('a range beyond the tape is refused unless clipping was asked for, and a clipped one is told with what there is', async () => {
  const warnings: string[] = [];
  const warn = (message: string): void => void warnings.push(message);
  await expect(arranged({}, warn)).rejects.toThrow(/reaches beyond the tapes.*or set replay\.range\.outside: clip/);
  expect(warnings).toEqual([]);
  expect(await arranged({ outside: 'clip' }, warn)).toEqual([opening, opening + 2_000_000_000n - 1n]);
  expect(warnings).toEqual([
    '2026-07-01T14:00:00.000Z to 2026-07-01T14:30:02.000Z is clipped: the tapes hold 2026-07-01T14:30:00.000Z to 2026-07-01T14:30:04.000Z',
  ]);
  await arranged({ outside: 'clip', from: '2026-07-01T14:30:00Z' }, warn);
  expect(warnings).toHaveLength(1);
});
