import { z } from 'zod';
import type { Bar, Quote, Trade } from '../../../market/event.ts';
import { unknownOfBar, unknownOfQuote, unknownOfTrade } from '../../../market/unknown.ts';
import { TapeError } from '../source.ts';

const nanos = z
  .string()
  .regex(/^-?\d+$/)
  .transform(BigInt)
  .optional();
const common = { receivedAt: nanos, reportSequence: z.number().optional(), session: z.string().optional() };
const ofTrade = z.strictObject({ ...common, correction: z.number().optional() });
const ofQuote = z.strictObject({ ...common, trfAt: nanos, bidAt: nanos, askAt: nanos });

const ofBar = z.strictObject({
  dayVolume: z.number().optional(),
  dayOpen: z.number().optional(),
  dayVwap: z.number().optional(),
  averageSize: z.number().optional(),
  turnover: z.number().optional(),
  otc: z.boolean().optional(),
});

type BarExtras = typeof unknownOfBar;
type TradeExtras = typeof unknownOfTrade;
type QuoteExtras = typeof unknownOfQuote;

/** What a trade or quote says that has no column, as the JSON of `detail`; `undefined`, as for most, when it is nothing. */
export function extrasOf(event: Trade | Quote): string | undefined {
  const { receivedAt, reportSequence, session } = event;
  if (event.kind === 'trade') {
    const { correction } = event;
    if ((receivedAt ?? reportSequence ?? session ?? correction) === undefined) return undefined;
    return spelled(event, { receivedAt, correction, reportSequence, session });
  }
  const { trfAt, bidAt, askAt } = event;
  if ((receivedAt ?? reportSequence ?? session ?? trfAt ?? bidAt ?? askAt) === undefined) return undefined;
  return spelled(event, { trfAt, bidAt, askAt, receivedAt, reportSequence, session });
}

/** What a bar says that has no column in `market_data`, as JSON; `undefined` when it is nothing. */
export function barExtrasOf(bar: Bar): string | undefined {
  const { dayVolume, dayOpen, dayVwap, averageSize, turnover, otc } = bar;
  if ((dayVolume ?? dayOpen ?? dayVwap ?? averageSize ?? turnover ?? otc) === undefined) return undefined;
  return spelled(bar, { dayVolume, dayOpen, dayVwap, averageSize, turnover, otc });
}

/** Reads back what `barExtrasOf` wrote. */
export function barExtras(symbol: string, json: string | undefined): BarExtras {
  return json === undefined ? unknownOfBar : { ...unknownOfBar, ...parsed('bar', symbol, ofBar, json) };
}

/** Reads back what `extrasOf` wrote of a trade. */
export function tradeExtras(symbol: string, json: string | undefined): TradeExtras {
  return json === undefined ? unknownOfTrade : { ...unknownOfTrade, ...parsed('trade', symbol, ofTrade, json) };
}

/** Reads back what `extrasOf` wrote of a quote. */
export function quoteExtras(symbol: string, json: string | undefined): QuoteExtras {
  return json === undefined ? unknownOfQuote : { ...unknownOfQuote, ...parsed('quote', symbol, ofQuote, json) };
}

function spelled(event: Trade | Quote | Bar, extras: object): string {
  return JSON.stringify(extras, (field, value: unknown) => {
    if (typeof value === 'bigint') return String(value);
    if (typeof value === 'number' && !Number.isFinite(value)) {
      throw new TapeError(`A ${event.kind} of ${event.symbol} has ${field} ${value}, which JSON cannot hold`);
    }
    return value;
  });
}

function parsed<Shape extends z.ZodType>(kind: string, symbol: string, shape: Shape, json: string): z.output<Shape> {
  try {
    return shape.parse(JSON.parse(json));
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause);
    throw new TapeError(
      `${kind === 'bar' ? 'market_data' : 'websocket_data'} has a ${kind} of ${symbol} whose detail cannot be read: ${why}`,
      { cause },
    );
  }
}
