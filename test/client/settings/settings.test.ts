import { expect, test } from 'vitest';
import { pipelineSettings } from '../../../client/settings.ts';

const feed = {
  feed: { vendor: 'twelvedata' },
  keys: [{ id: 'key' }],
  want: { price: ['AAPL'] },
};

/** What is said of settings that are wrong, each with its path. */
const complaints = (feeds: readonly unknown[]): string[] =>
  (pipelineSettings.safeParse({ feeds }).error?.issues ?? []).map(
    ({ path, message }) => `${path.join('.')}: ${message}`,
  );

test('a feed needs its vendor, a key and symbols; all else has a default', () => {
  expect(complaints([feed])).toEqual([]);
});

test.each([
  [
    'a channel that the feed does not have',
    [{ ...feed, want: { trade: ['AAPL'] } }],
    /^feeds\.0\.want\.trade: this feed has no channel trade; it has price/,
  ],
  [
    'two feeds of one name',
    [feed, feed],
    /^feeds\.1\.name: two feeds are called twelvedata; give each a name of its own$/,
  ],
  ['no key', [{ ...feed, keys: [] }], /^feeds\.0\.keys: /],
  ['nothing wanted', [{ ...feed, want: {} }], /^feeds\.0\.want: name at least one channel/],
  ['a name that no file could have', [{ ...feed, name: 'A/B' }], /^feeds\.0\.name: expected lower-case/],
  ['no feed', [], /^feeds: /],
])('%s is told with its path', (_, feeds, said) => {
  expect(complaints(feeds)).toEqual([expect.stringMatching(said)]);
});
