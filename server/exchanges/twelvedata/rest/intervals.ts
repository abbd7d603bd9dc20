import { Buckets } from '../../../../market/bucket.ts';
import type { Bar, Nanos } from '../../../../market/event.ts';
import { day, floorTo, hour, minute } from '../../../../market/nanos.ts';
import type { TimeZone } from '../../../../market/time-zone.ts';
import { type Cut, folded, type History, type Span } from '../../exchange.ts';
import { regularHours, zoneOf } from './hours.ts';
import type { Subject } from './subjects.ts';

/** Every interval the vendor offers (official OpenAPI), and the time a bar of it spans at most. */
const widths = {
  '1min': minute,
  '5min': 5n * minute,
  '15min': 15n * minute,
  '30min': 30n * minute,
  '45min': 45n * minute,
  '1h': hour,
  '2h': 2n * hour,
  '4h': 4n * hour,
  '8h': 8n * hour,
  '1day': day,
  '1week': 7n * day,
  '1month': 31n * day,
} as const;
export type Interval = keyof typeof widths;
export const intervals: readonly Interval[] = [
  '1min',
  '5min',
  '15min',
  '30min',
  '45min',
  '1h',
  '2h',
  '4h',
  '8h',
  '1day',
  '1week',
  '1month',
];

export const isIntraday = (interval: Interval): boolean => widths[interval] < day;

/** Where a day's bar starts on the wire depends on by how much its times are moved: by less than this. */
const slack: Nanos = 26n * hour;

export interface Wanted {
  readonly interval: Interval;
  /** Instants of the wire between which bars start, both inclusive. */
  readonly from: Nanos;
  readonly to: Nanos;
  readonly newestFirst: boolean;
  /** Hours before the opening and after the close as well. */
  readonly extended: boolean;
}

/** Bars as the wire has them, their starts moved already. */
export async function* barsOf(
  subject: Subject,
  { interval, from, to, newestFirst, extended }: Wanted,
  history: History,
  signal: AbortSignal,
): AsyncGenerator<Bar> {
  const { market, symbol } = subject;
  const width = widths[interval];
  const lead = isIntraday(interval) ? 0n : slack;
  const span: Span = { market, symbol, from: from - lead, to: to + width + lead, lag: 0n, newestFirst };
  const told = isIntraday(interval)
    ? folded(
        inHours(history.bars(span, 'minute', signal), subject, extended),
        asTheyAre,
        intradayStart(subject, width, extended),
        newestFirst,
      )
    : folded(history.bars(span, 'day', signal), dayCut(interval, subject), dayStart(subject), newestFirst);
  for await (const { events } of told) {
    for (const bar of events) if (bar.start >= from && bar.start <= to) yield bar;
  }
}

type Chapters = ReturnType<History['bars']>;
type StartOf = (bar: Bar, shift: Nanos) => Nanos;

const asTheyAre: Cut = { start: (at) => at };

/** Securities trade in regular hours; more is told on request only (`prepost`). The tape's own times say when that is. */
async function* inHours(chapters: Chapters, subject: Subject, extended: boolean): Chapters {
  const hours = regularHours(subject);
  for await (const { events, shift } of chapters) {
    const kept =
      hours === undefined
        ? events
        : events.filter(({ start }) => (extended ? hours.dayOf(start) !== undefined : hours.isOpen(start)));
    if (kept.length > 0) yield { events: kept, shift };
  }
}

/** Bars of securities are counted from the opening, as the vendor's hours start at 09:30; those of pairs follow the clock. */
function intradayStart(subject: Subject, width: Nanos, extended: boolean): StartOf {
  const hours = regularHours(subject);
  const zone = zoneOf(subject);
  return ({ start }, shift) => {
    const today = hours?.dayOf(start);
    if (today === undefined) return onTheClock(start + shift, width, zone);
    const first = extended ? today.preOpen : today.open;
    return first + floorTo(start - first, width) + shift;
  };
}

/** Where the stretch of wall time begins that holds an instant; in an hour that comes twice, within the same of the two. */
function onTheClock(at: Nanos, width: Nanos, zone: TimeZone): Nanos {
  const wall = zone.wall(at);
  const first = floorTo(wall, width);
  const straight = at - (wall - first);
  return zone.wall(straight) === first ? straight : zone.instant(first);
}

/** Midnight of the date that a day has on the wire: that of its noon, whichever way its times were moved. */
function dayStart(subject: Subject): StartOf {
  const zone = zoneOf(subject);
  return ({ start }, shift) => zone.at(zone.date(start + shift + 12n * hour));
}

/** Weeks begin on Monday, months on their first. */
function dayCut(interval: Interval, subject: Subject): Cut {
  if (interval === '1day') return asTheyAre;
  return new Buckets(interval === '1week' ? '1w' : '1M', zoneOf(subject));
}
