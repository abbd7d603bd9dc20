import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { TimeZone } from '../../market/time-zone.ts';

const newYork = new TimeZone('America/New_York');
const second = 1_000_000_000n;
const hour = 3600n * second;
const z = (text: string): bigint => BigInt(Date.parse(text)) * 1_000_000n;

test('the opening bell rings at 13:30Z in summer and at 14:30Z in winter', () => {
  expect(newYork.at('2026-07-01', '09:30')).toBe(z('2026-07-01T13:30:00Z'));
  expect(newYork.at('2026-01-05', '09:30')).toBe(z('2026-01-05T14:30:00Z'));
});

test('the offset changes at the very nanosecond the clocks do', () => {
  const spring = z('2026-03-08T07:00:00Z');
  expect(newYork.offset(spring - 1n)).toBe(-5n * hour);
  expect(newYork.offset(spring)).toBe(-4n * hour);
  const autumn = z('2026-11-01T06:00:00Z');
  expect(newYork.offset(autumn - 1n)).toBe(-4n * hour);
  expect(newYork.offset(autumn)).toBe(-5n * hour);
});

test('a wall time that is skipped is read with the offset before the change', () => {
  expect(newYork.at('2026-03-08', '02:30')).toBe(z('2026-03-08T07:30:00Z'));
  expect(newYork.at('2026-03-08', '02:30')).toBe(newYork.at('2026-03-08', '03:30'));
});

test('a wall time that comes twice is the first of the two', () => {
  expect(newYork.at('2026-11-01', '01:30')).toBe(z('2026-11-01T05:30:00Z'));
});

test('midnight that is skipped becomes the first moment of that date', () => {
  const santiago = new TimeZone('America/Santiago');
  const dawn = santiago.at('2025-09-07');
  expect(dawn).toBe(z('2025-09-07T04:00:00Z'));
  expect(santiago.date(dawn)).toBe('2025-09-07');
  expect(santiago.date(dawn - 1n)).toBe('2025-09-06');
});

test('a date that a zone left out starts where the next one does', () => {
  const apia = new TimeZone('Pacific/Apia');
  expect(apia.at('2011-12-30', '12:00')).toBe(apia.at('2011-12-31', '12:00'));
});

test('zones off the full hour, and the seconds of history, are followed', () => {
  expect(new TimeZone('Australia/Lord_Howe').offset(z('2026-07-01T00:00:00Z'))).toBe((21n * hour) / 2n);
  expect(new TimeZone('Africa/Monrovia').offset(z('1906-08-17T00:00:00Z'))).toBe(-2588n * second);
  expect(new TimeZone('UTC').offset(0n)).toBe(0n);
});

test('a date on the wall differs from the date in UTC in the evening', () => {
  expect(newYork.date(z('2026-07-02T03:59:59Z'))).toBe('2026-07-01');
  expect(newYork.date(z('2026-07-02T04:00:00Z'))).toBe('2026-07-02');
});

test('an unknown zone, an unreal date and an unreal time are refused by name', () => {
  expect(() => new TimeZone('America/Gotham')).toThrow(/America\/Gotham/);
  expect(() => newYork.at('2026-02-30')).toThrow("'2026-02-30' is no date");
  expect(() => newYork.at('2026-02-20', '9:30')).toThrow("'9:30' is no time of day");
});

const zones = ['America/New_York', 'Europe/London', 'America/Bogota', 'Australia/Lord_Howe', 'America/Santiago', 'UTC'];
const instants = fc.bigInt({ min: z('1975-01-01T00:00:00Z'), max: z('2040-01-01T00:00:00Z') });

test('the wall agrees with the machine, in whatever order instants are asked', () => {
  const known = new Map(zones.map((name) => [name, new TimeZone(name)]));
  fc.assert(
    fc.property(fc.constantFrom(...zones), instants, (name, at) => {
      const shown = new Intl.DateTimeFormat('sv-SE', { timeZone: name, dateStyle: 'short', timeStyle: 'medium' });
      const wall = known.get(name)?.wall(at) ?? 0n;
      expect(new Date(Number(wall / 1_000_000n)).toISOString().slice(0, 19).replace('T', ' ')).toBe(
        shown.format(new Date(Number(at / 1_000_000n))),
      );
    }),
    { numRuns: 400 },
  );
});

test('an instant read off the wall comes back, unless that wall time came once before', () => {
  fc.assert(
    fc.property(fc.constantFrom(...zones), instants, (name, at) => {
      const zone = new TimeZone(name);
      const back = zone.instant(zone.wall(at));
      expect(zone.wall(back)).toBe(zone.wall(at));
      expect(back).toBeLessThanOrEqual(at);
      expect(back === at || zone.offset(back) > zone.offset(at)).toBe(true);
    }),
    { numRuns: 300 },
  );
});
