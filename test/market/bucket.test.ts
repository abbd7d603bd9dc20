import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { type BarLength, Buckets, isBarLength } from '../../market/bucket.ts';
import { TimeZone } from '../../market/time-zone.ts';

const newYork = new TimeZone('America/New_York');
const hour = 3_600_000_000_000n;
const z = (text: string): bigint => BigInt(Date.parse(text)) * 1_000_000n;
const bucket = (length: BarLength, text: string, zone = newYork): string[] => {
  const buckets = new Buckets(length, zone);
  const start = buckets.start(z(text));
  return [start, buckets.end(start)].map((at) => new Date(Number(at / 1_000_000n)).toISOString().slice(0, 16));
};

test('seconds and minutes are cut by plain arithmetic', () => {
  expect(bucket('1m', '2026-07-01T14:30:59.999Z')).toEqual(['2026-07-01T14:30', '2026-07-01T14:31']);
  expect(bucket('15m', '2026-07-01T14:44:00Z')).toEqual(['2026-07-01T14:30', '2026-07-01T14:45']);
  expect(new Buckets('1s', newYork).start(z('2026-07-01T14:30:59.999Z'))).toBe(z('2026-07-01T14:30:59Z'));
});

test('a day starts at midnight in New York, which is 04:00Z in summer and 05:00Z in winter', () => {
  expect(bucket('1d', '2026-07-02T03:59:00Z')).toEqual(['2026-07-01T04:00', '2026-07-02T04:00']);
  expect(bucket('1d', '2026-01-05T21:00:00Z')).toEqual(['2026-01-05T05:00', '2026-01-06T05:00']);
});

test('the days the clocks change have 23 and 25 hours', () => {
  expect(bucket('1d', '2026-03-08T20:00:00Z')).toEqual(['2026-03-08T05:00', '2026-03-09T04:00']);
  expect(bucket('1d', '2026-11-01T20:00:00Z')).toEqual(['2026-11-01T04:00', '2026-11-02T05:00']);
});

test('the hour that comes twice is two buckets, the hour that is skipped none', () => {
  expect(bucket('1h', '2026-11-01T05:59:00Z')).toEqual(['2026-11-01T05:00', '2026-11-01T06:00']);
  expect(bucket('1h', '2026-11-01T06:01:00Z')).toEqual(['2026-11-01T06:00', '2026-11-01T07:00']);
  expect(bucket('1h', '2026-03-08T06:59:00Z')).toEqual(['2026-03-08T06:00', '2026-03-08T07:00']);
});

test('a four-hour bucket across the change keeps its wall times', () => {
  expect(bucket('4h', '2026-11-01T08:30:00Z')).toEqual(['2026-11-01T04:00', '2026-11-01T09:00']);
  expect(bucket('4h', '2026-03-08T07:30:00Z')).toEqual(['2026-03-08T05:00', '2026-03-08T08:00']);
});

test('weeks start on Monday, months on their first, quarters in January', () => {
  expect(bucket('1w', '2026-07-05T12:00:00Z')).toEqual(['2026-06-29T04:00', '2026-07-06T04:00']);
  expect(bucket('1M', '2026-12-31T12:00:00Z')).toEqual(['2026-12-01T05:00', '2027-01-01T05:00']);
  expect(bucket('3M', '2026-05-05T12:00:00Z')).toEqual(['2026-04-01T04:00', '2026-07-01T04:00']);
});

test('a currency day starts at 17:00 New York on the evening before', () => {
  const days = new Buckets('1d', newYork, -7n * hour);
  expect(days.start(z('2026-07-06T20:59:59Z'))).toBe(z('2026-07-05T21:00:00Z'));
  expect(days.start(z('2026-07-06T21:00:00Z'))).toBe(z('2026-07-06T21:00:00Z'));
});

test('lengths that fit no wall clock are refused', () => {
  expect(['0m', '60m', '24h', '2d', '5M', '1y', 'm', '1.5m', ''].filter(isBarLength)).toEqual([]);
  expect(() => new Buckets('7d', newYork)).toThrow("'7d' is no bar length");
});

const zones = ['America/New_York', 'Europe/London', 'Australia/Lord_Howe', 'America/Santiago', 'UTC'];
const lengths = ['1s', '5m', '59m', '1h', '4h', '5h', '23h', '1d', '1w', '1M', '6M'] as const;

test('every instant lies in exactly one bucket, and buckets follow each other without gap or overlap', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...zones).map((name) => new TimeZone(name)),
      fc.constantFrom(...lengths),
      fc.bigInt({ min: z('1976-01-01T00:00:00Z'), max: z('2036-01-01T00:00:00Z') }),
      fc.constantFrom(0n, -7n * hour),
      (zone, length, at, dayBegins) => {
        const buckets = new Buckets(length, zone, dayBegins);
        const start = buckets.start(at);
        const end = buckets.end(start);
        expect(start <= at && at < end).toBe(true);
        expect(buckets.start(start)).toBe(start);
        expect(buckets.start(end - 1n)).toBe(start);
        expect(buckets.start(end)).toBe(end);
      },
    ),
    { numRuns: 2000 },
  );
});

test('around the change of clocks, too, every minute lies in exactly one bucket', () => {
  const changes = [
    ['America/New_York', '2026-03-08T07:00:00Z'],
    ['America/New_York', '2026-11-01T06:00:00Z'],
    ['Australia/Lord_Howe', '2026-04-04T15:00:00Z'],
    ['Australia/Lord_Howe', '2026-10-03T15:30:00Z'],
  ] as const;
  for (const [name, change] of changes) {
    const zone = new TimeZone(name);
    for (const length of ['1h', '2h', '4h', '5h', '23h', '1d'] as const) {
      const buckets = new Buckets(length, zone);
      for (let minute = -600; minute < 600; minute += 7) {
        const at = z(change) + BigInt(minute) * 60_000_000_000n;
        const start = buckets.start(at);
        const end = buckets.end(start);
        expect(start <= at && at < end).toBe(true);
        expect([buckets.start(start), buckets.start(end - 1n), buckets.start(end)]).toEqual([start, start, end]);
      }
    }
  }
});
