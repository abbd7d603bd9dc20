import { z } from 'zod';
import type { Bar, Nanos } from '../../../../market/event.ts';
import { day, hour, second } from '../../../../market/nanos.ts';
import type { History, Route } from '../../exchange.ts';
import { noValues } from '../texts.ts';
import { type Fields, whole } from './answers.ts';
import { answered, answerEach, type Desk } from './batch.ts';
import { fixed, usualDecimals, volumeText } from './decimals.ts';
import { isOpen, regularHours, wallText, zoneOf } from './hours.ts';
import { barsOf, type Interval, isIntraday } from './intervals.ts';
import { lastPrice } from './prices.ts';
import { common, creditsOf, date, endOfDay, interval, read, timezone, wholeNumber } from './query.ts';
import type { Subject } from './subjects.ts';
import { channelOf, dayOf, hasVolume } from './time-series.ts';

const year: Nanos = 52n * 7n * day;

/** A bar of now beside the one before, with what a year, an average and a market's hours say of it (official OpenAPI). */
export function quoteRoute(desk: Desk): Route {
  const shape = z.object({
    ...common,
    interval: interval.prefault('1day'),
    timezone,
    eod: endOfDay,
    volume_time_period: wholeNumber('volume_time_period', 1, 1000).prefault('9'),
    rolling_period: wholeNumber('rolling_period', 1, 168).prefault('24'),
  });
  return {
    method: 'GET',
    path: '/quote',
    cost: (request) => creditsOf(request),
    answer: (request, access) =>
      answered(read(shape, request), desk, (asked) =>
        answerEach(asked, desk, access, async (subject) => {
          const { history } = access;
          const { signal } = request;
          const { interval: length, volume_time_period: periods, rolling_period: rolling } = asked;
          const all = await newest(subject, length, periods + 2, history, signal);
          const bars = asked.eod ? all.filter((bar) => hasEnded(bar, length, subject, history)) : all;
          const [bar, before] = bars;
          if (bar === undefined) return noValues;
          const channel = channelOf(length);
          if (channel !== undefined) access.scribe?.(subject, channel, bar.start, true);
          const [minuteBar] = await newest(subject, '1min', 1, history, signal);
          const { symbol, instrument } = subject;
          const zone = (isIntraday(length) ? asked.timezone : undefined) ?? zoneOf(subject);
          const wall = wallText(bar.start, zone);
          const text = (value: number): string => fixed(value, asked.dp ?? usualDecimals);
          return whole({
            symbol,
            name: instrument.name,
            exchange: instrument.exchange,
            mic_code: instrument.mic,
            currency: instrument.currency,
            datetime: isIntraday(length) ? wall : wall.slice(0, 10),
            timestamp: seconds(openingOf(bar, length, subject, history)),
            last_quote_at: minuteBar && seconds(minuteBar.start),
            open: text(bar.open),
            high: text(bar.high),
            low: text(bar.low),
            close: text(bar.close),
            ...(hasVolume(subject) ? { volume: volumeText(bar.volume) } : {}),
            ...changeFrom(before, bar, text),
            ...(hasVolume(subject) ? { average_volume: averageVolume(bars.slice(0, periods)) } : {}),
            ...(subject.market === 'crypto' ? await rollingChanges(subject, bar.close, rolling, history, signal) : {}),
            is_market_open: isOpen(subject, history.now - history.shift),
            fifty_two_week: await yearOf(subject, bar.close, history, signal, text),
          });
        }),
      ),
  };
}

/** The close of the last day that is over, or of a date (sheet §5). */
export function endOfDayRoute(desk: Desk): Route {
  const shape = z.object({ ...common, date });
  return {
    method: 'GET',
    path: '/eod',
    cost: (request) => creditsOf(request),
    answer: (request, access) =>
      answered(read(shape, request), desk, (asked) =>
        answerEach(asked, desk, access, async (subject) => {
          const { history } = access;
          const zone = zoneOf(subject);
          const { from, to } =
            asked.date === undefined ? { from: 0n, to: history.now } : dayOf(asked.date, zone, history.now);
          const wanted = { interval: '1day', from, to, newestFirst: true, extended: false } as const;
          for await (const bar of barsOf(subject, wanted, history, request.signal)) {
            if (!hasEnded(bar, '1day', subject, history)) continue;
            access.scribe?.(subject, 'daily-bar', bar.start, true);
            const { exchange, mic, currency } = subject.instrument;
            return whole({
              symbol: subject.symbol,
              exchange,
              mic_code: mic,
              currency,
              datetime: zone.date(bar.start),
              close: fixed(bar.close, asked.dp ?? usualDecimals),
            });
          }
          return noValues;
        }),
      ),
  };
}

const seconds = (at: Nanos): number => Number(at / second);

async function newest(
  subject: Subject,
  length: Interval,
  count: number,
  history: History,
  signal: AbortSignal,
): Promise<Bar[]> {
  const bars: Bar[] = [];
  const wanted = { interval: length, from: 0n, to: history.now, newestFirst: true, extended: false };
  for await (const bar of barsOf(subject, wanted, history, signal)) if (bars.push(bar) >= count) break;
  return bars;
}

/** The day of the market that a day's bar tells, on the wire; absent where hours are not known. */
function sessionOf({ start }: Bar, subject: Subject, { shift }: History) {
  const hours = regularHours(subject);
  const session = hours?.on(hours.zone.date(start + 12n * hour - shift));
  return session && { open: session.open + shift, close: session.close + shift };
}

/** A day's bar begins with the market's opening ("opening candle of the specified interval", official OpenAPI). */
function openingOf(bar: Bar, length: Interval, subject: Subject, history: History): Nanos {
  return (length === '1day' ? sessionOf(bar, subject, history)?.open : undefined) ?? bar.start;
}

function hasEnded(bar: Bar, length: Interval, subject: Subject, history: History): boolean {
  if (length !== '1day') return true;
  const close = sessionOf(bar, subject, history)?.close ?? bar.start + day;
  return close <= history.now;
}

/** Null where there is no bar before (null is documented for what is not available). */
function changeFrom(before: Bar | undefined, { close }: Bar, text: (value: number) => string): Fields {
  if (before === undefined) return { previous_close: null, change: null, percent_change: null };
  return {
    previous_close: text(before.close),
    change: text(close - before.close),
    percent_change: text(percent(before.close, close)),
  };
}

const percent = (from: number, to: number): number => (from === 0 ? 0 : ((to - from) / from) * 100);

function averageVolume(bars: readonly Bar[]): string {
  return volumeText(bars.reduce((sum, { volume }) => sum + volume, 0) / bars.length);
}

/** Against the price a day, a week and some hours ago, as far as there was one. */
async function rollingChanges(
  subject: Subject,
  close: number,
  hours: number,
  history: History,
  signal: AbortSignal,
): Promise<Fields> {
  const against = async (ago: Nanos): Promise<string | undefined> => {
    const before = await lastPrice(subject, history, history.now - ago, signal);
    return before && fixed(percent(before.price, close), usualDecimals);
  };
  return {
    rolling_1d_change: await against(day),
    rolling_7d_change: await against(7n * day),
    rolling_change: await against(BigInt(hours) * hour),
  };
}

async function yearOf(
  subject: Subject,
  close: number,
  history: History,
  signal: AbortSignal,
  text: (value: number) => string,
): Promise<Fields> {
  let [low, high] = [Infinity, -Infinity];
  const wanted = {
    interval: '1day',
    from: history.now - year,
    to: history.now,
    newestFirst: true,
    extended: false,
  } as const;
  for await (const bar of barsOf(subject, wanted, history, signal)) {
    low = Math.min(low, bar.low);
    high = Math.max(high, bar.high);
  }
  if (low > high) return {};
  return {
    low: text(low),
    high: text(high),
    low_change: text(close - low),
    high_change: text(close - high),
    low_change_percent: text(percent(low, close)),
    high_change_percent: text(percent(high, close)),
    range: `${fixed(low, 6)} - ${fixed(high, 6)}`,
  };
}
