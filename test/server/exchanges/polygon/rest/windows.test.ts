import { expect, test } from 'vitest';
import type { Market } from '../../../../../market/event.ts';
import { type Timespan, Windows } from '../../../../../server/exchanges/polygon/rest/windows.ts';

const at = (text: string): bigint => BigInt(Date.parse(text)) * 1_000_000n;

test.each<[Timespan, number, Market, string, string, string, string]>([
  ['minute', 330, 'stocks', '2026-07-01T08:00:00Z', '2026-07-01T13:29:59Z', '2026-07-01T08:00Z', '2026-07-01T13:30Z'],
  ['minute', 5, 'stocks', '2026-07-01T14:33:20Z', '2026-07-01T14:40:00Z', '2026-07-01T14:38Z', '2026-07-01T14:43Z'],
  ['hour', 4, 'stocks', '2026-07-01T04:00:00Z', '2026-07-01T15:00:00Z', '2026-07-01T12:00Z', '2026-07-01T16:00Z'],
  // Clocks go forward in New York on 8 March 2026 and back on 1 November.
  ['day', 1, 'stocks', '2026-03-01T05:00:00Z', '2026-03-08T12:00:00Z', '2026-03-08T05:00Z', '2026-03-09T04:00Z'],
  ['day', 1, 'crypto', '2026-03-01T00:00:00Z', '2026-03-08T12:00:00Z', '2026-03-08T00:00Z', '2026-03-09T00:00Z'],
  ['day', 3, 'stocks', '2026-10-30T04:00:00Z', '2026-11-01T12:00:00Z', '2026-10-30T04:00Z', '2026-11-02T05:00Z'],
  ['week', 1, 'stocks', '2026-07-01T04:00:00Z', '2026-07-04T20:00:00Z', '2026-06-28T04:00Z', '2026-07-05T04:00Z'],
  ['week', 2, 'stocks', '2026-07-01T04:00:00Z', '2026-07-15T20:00:00Z', '2026-07-12T04:00Z', '2026-07-26T04:00Z'],
  ['month', 1, 'forex', '2026-01-15T00:00:00Z', '2026-02-28T23:59:59Z', '2026-02-01T00:00Z', '2026-03-01T00:00Z'],
  ['quarter', 1, 'stocks', '2026-07-01T04:00:00Z', '2026-12-31T20:00:00Z', '2026-10-01T04:00Z', '2027-01-01T05:00Z'],
  ['year', 2, 'indices', '1969-06-01T04:00:00Z', '1972-02-29T20:00:00Z', '1971-01-01T05:00Z', '1973-01-01T05:00Z'],
  [
    'second',
    10,
    'stocks',
    '1969-12-31T23:59:55Z',
    '1970-01-01T00:00:01Z',
    '1969-12-31T23:59:55Z',
    '1970-01-01T00:00:05Z',
  ],
])(
  '%s × %i of %s from %s: what holds %s begins at %s and ends at %s',
  (timespan, multiplier, market, from, instant, start, end) => {
    const windows = new Windows(timespan, multiplier, market, at(from));
    expect([windows.start(at(instant)), windows.end(at(instant))]).toEqual([at(start), at(end)]);
  },
);
