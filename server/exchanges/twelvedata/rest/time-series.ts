import { z } from 'zod';
import { formatDate, parseDate } from '../../../../market/civil-date.ts';
import type { Bar, Channel, Nanos } from '../../../../market/event.ts';
import type { TimeZone } from '../../../../market/time-zone.ts';
import type { Access, History, Route } from '../../exchange.ts';
import type { TwelveDataOptions } from '../options.ts';
import { extendedHoursNotInPlan, noValues } from '../texts.ts';
import { failure, type Fields, type Finding } from './answers.ts';
import { answered, answerEach, type Desk } from './batch.ts';
import { priceText, volumeText } from './decimals.ts';
import { regularHours, wallText, zoneOf } from './hours.ts';
import { barsOf, type Interval, isIntraday } from './intervals.ts';
import {
  common,
  creditsOf,
  date,
  instantOf,
  interval,
  order,
  previousClose,
  read,
  timezone,
  wallTime,
  wholeNumber,
} from './query.ts';
import type { Subject } from './subjects.ts';

/** Values that an answer has when the request says nothing, and at most (official OpenAPI). */
const usualSize = 30;
const largestSize = 5000;

const shape = z.object({
  ...common,
  interval,
  order,
  timezone,
  date,
  start_date: wallTime('start_date'),
  end_date: wallTime('end_date'),
  outputsize: wholeNumber('outputsize', 1, largestSize).optional(),
  previous_close: previousClose,
});
type Series = z.output<typeof shape>;

/** Bars of every interval, newest first, all numbers texts (sheet §5). */
export function timeSeriesRoute(desk: Desk, { valuesPerCredit }: Pick<TwelveDataOptions, 'valuesPerCredit'>): Route {
  return {
    method: 'GET',
    path: '/time_series',
    cost(request) {
      const given = read(shape, request);
      const size = 'asked' in given ? sizeOf(given.asked) : usualSize;
      return creditsOf(request, valuesPerCredit === 'unlimited' ? 1 : Math.ceil(size / valuesPerCredit));
    },
    answer: (request, access) =>
      answered(read(shape, request), desk, async (asked) => {
        if (asked.prepost && !hasExtendedHours(access)) return failure(extendedHoursNotInPlan, desk.errorStatus);
        return answerEach(asked, desk, access, (subject) => seriesOf(subject, asked, access, request.signal));
      }),
  };
}

/** Pre-market and post-market are of plan pro and above (official OpenAPI). */
const hasExtendedHours = ({ plan }: Access): boolean => plan !== 'basic' && plan !== 'grow';

function sizeOf({ outputsize, start_date: start, end_date: end, date: on }: Series): number {
  return outputsize ?? (start === undefined && end === undefined && on === undefined ? usualSize : largestSize);
}

async function seriesOf(
  subject: Subject,
  asked: Series,
  { history, scribe }: Access,
  signal: AbortSignal,
): Promise<Finding> {
  const size = sizeOf(asked);
  // The close before the oldest value is told as well, where it is asked for.
  const needed = size + (asked.previous_close ? 1 : 0);
  const { from, to } = periodOf(subject, asked, history);
  const wanted = {
    interval: asked.interval,
    to,
    newestFirst: true,
    extended: asked.prepost && canExtend(asked.interval),
  };
  const bars: Bar[] = [];
  for await (const bar of barsOf(subject, { ...wanted, from: asked.previous_close ? 0n : from }, history, signal)) {
    bars.push(bar);
    if (bars.length === needed || bar.start < from) break;
  }
  const told = bars.slice(0, size).filter(({ start }) => start >= from);
  if (told.length === 0) return noValues;
  const channel = channelOf(asked.interval);
  // What is traded outside regular hours lies between two days, and is not told.
  const alone = channel === 'bar' && !wanted.extended && regularHours(subject) !== undefined;
  if (channel !== undefined) for (const { start } of told) scribe?.(subject, channel, start, alone);
  const write = rowWriter(subject, asked, wanted.extended);
  const values = told.map((bar, index) => write(bar, bars[index + 1]));
  if (asked.order === 'asc') values.reverse();
  return { body: { meta: metaOf(subject, asked.interval), values, status: 'ok' }, rows: values };
}

/** What streams tell as well; other bars are made of several. */
export function channelOf(length: Interval): Channel | undefined {
  if (length === '1min') return 'bar';
  return length === '1day' ? 'daily-bar' : undefined;
}

/** Intervals that are told with extended hours (official OpenAPI). */
const canExtend = (length: Interval): boolean => ['1min', '5min', '15min', '30min'].includes(length);

/**
 * Instants between which bars start, both inclusive. A date without a time is its midnight; whether the vendor means the end of an
 * `end_date` is not documented.
 */
function periodOf(
  subject: Subject,
  { interval: length, timezone: named, date: on, start_date: start, end_date: end }: Series,
  history: History,
): { readonly from: Nanos; readonly to: Nanos } {
  // Daily and longer bars are the exchange's own, whatever zone is asked for (official OpenAPI).
  const zone = (isIntraday(length) ? named : undefined) ?? zoneOf(subject);
  const { now } = history;
  if (on !== undefined) return dayOf(on, zone, now);
  const to = end === undefined ? now : instantOf(end, zone);
  return { from: start === undefined ? 0n : instantOf(start, zone), to: to < now ? to : now };
}

/** All of a date, as far as it has come. */
export function dayOf(on: string, zone: TimeZone, now: Nanos): { readonly from: Nanos; readonly to: Nanos } {
  const today = parseDate(zone.date(now));
  const number = on === 'today' ? today : on === 'yesterday' ? today - 1 : parseDate(on);
  return { from: zone.at(formatDate(number)), to: zone.at(formatDate(number + 1)) - 1n };
}

/** Securities are told with their exchange, currencies without one (official samples). */
function metaOf({ symbol, instrument }: Subject, length: Interval): Fields {
  const { exchange, type, mic, currency, zone, base, quote } = instrument;
  return base === undefined
    ? { symbol, interval: length, currency, exchange_timezone: zone, exchange, mic_code: mic, type }
    : {
        symbol,
        interval: length,
        currency_base: base,
        currency_quote: quote,
        exchange: type === 'Physical Currency' ? undefined : exchange,
        type,
      };
}

function rowWriter(subject: Subject, asked: Series, extended: boolean): (bar: Bar, before: Bar | undefined) => Fields {
  const { dp, interval: length, timezone: named, previous_close: withPrevious } = asked;
  const zone = (isIntraday(length) ? named : undefined) ?? zoneOf(subject);
  const text = (value: number): string => priceText(value, dp);
  return (bar, before) => {
    const prices = { open: text(bar.open), high: text(bar.high), low: text(bar.low), close: text(bar.close) };
    const wall = wallText(bar.start, zone);
    return {
      datetime: isIntraday(length) ? wall : wall.slice(0, 10),
      ...prices,
      ...(hasVolume(subject) && !extended ? { volume: volumeText(bar.volume) } : {}),
      ...(withPrevious && before !== undefined ? { previous_close: text(before.close) } : {}),
    };
  };
}

/** Pairs are told without volume (sheet §5 for currencies; samples of crypto have none either). */
export const hasVolume = ({ market }: Subject): boolean => market === 'stocks' || market === 'indices';
