import type { MarketEvent, Nanos } from '../../../../market/event.ts';
import type { ByteWriter, Last, Latest } from '../../exchange.ts';
import { keyOf } from './answers.ts';
import type { RowWriter } from './rows.ts';

/** The market of one symbol at a glance; what does not exist is left out. */
export type Snapshot = Readonly<Partial<Record<Part, Last<MarketEvent>>>>;

const parts = ['latestTrade', 'latestQuote', 'minuteBar', 'dailyBar', 'prevDailyBar'] as const;
type Part = (typeof parts)[number];

export async function snapshotOf(latest: Latest): Promise<Snapshot> {
  const [day, dayBefore] = await latest.days();
  const found: Record<Part, Last<MarketEvent> | undefined> = {
    latestTrade: await latest.trade(),
    latestQuote: await latest.quote(),
    minuteBar: await latest.minuteBar(),
    dailyBar: day,
    prevDailyBar: dayBefore,
  };
  return Object.fromEntries(Object.entries(found).filter(([, last]) => last !== undefined));
}

export function isEmpty(snapshot: Snapshot): boolean {
  return parts.every((part) => snapshot[part] === undefined);
}

/** The fields of a snapshot, without the braces around them. */
export function writeSnapshot(snapshot: Snapshot, write: RowWriter<MarketEvent>, out: ByteWriter): void {
  let separator = '';
  for (const part of parts) {
    const last = snapshot[part];
    if (last === undefined) continue;
    out.ascii(`${separator}${keyOf(part)}`);
    write(last.event, last.shift, out);
    separator = ',';
  }
}

/** Has anything been traded or quoted since? */
export function changedSince({ latestTrade, latestQuote }: Snapshot, since: Nanos): boolean {
  return [latestTrade, latestQuote].some((last) => last !== undefined && last.event.at + last.shift >= since);
}
