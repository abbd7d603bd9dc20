import { expect, test } from 'vitest';
import { steered } from '../helpers/admin.ts';

const row = (index: number): string =>
  `X:BTC-USD,1,1,t${index},${1_782_912_600_000_000_000n + BigInt(index) * 1_000_000_000n},100,1\n`;
const flatFile = `ticker,conditions,exchange,id,participant_timestamp,price,size\n${row(0)}${row(1)}${row(2)}`;
const csv = (text: string) => ({ body: text, type: 'text/csv' });

test('two uploads of one name at once do not meet, nor do two deletions', async () => {
  await using desk = await steered();
  const { api } = desk;
  const uploads = [1, 2, 3].map(async () => await api.putTape('one.ndjson', csv(flatFile)));
  const outcomes = await Promise.allSettled(uploads);
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ problem: { status: 409 } });
  }
  const deletions = await Promise.allSettled([1, 2, 3].map(async () => await api.deleteTape('one.ndjson')));
  for (const deletion of deletions) {
    if (deletion.status === 'rejected') expect(deletion.reason).toMatchObject({ problem: { status: 404 } });
  }
  expect((await api.listTapes()).map(({ name }) => name)).not.toContain('one.ndjson');
});
