import { expect, test } from 'vitest';
import { pipelineSettings } from '../../client/index.ts';
import { checkedYaml } from '../../server/index.ts';
import { blocksFor, placeOf } from './blocks.ts';
import { purposeOf } from './yaml.ts';

const environment = {
  DATABASE_URL: 'postgres://localhost/market',
  APCA_API_KEY_ID: 'k',
  APCA_API_SECRET_KEY: 's',
};
const pipelines = blocksFor('yaml').filter(({ text }) => purposeOf(text) === 'pipeline');

test.each(pipelines.map((block) => [placeOf(block), block.text] as const))('%s is a pipeline', (place, text) => {
  expect(checkedYaml(text, place, environment, pipelineSettings).feeds.length).toBeGreaterThan(0);
});
