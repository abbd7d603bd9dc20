import { z } from 'zod';
import { second } from '../../../../market/nanos.ts';
import type { Nanos } from '../../../../market/event.ts';
import type { Route } from '../../exchange.ts';
import { csv, json, whole } from './answers.ts';
import { answered, type Desk } from './batch.ts';
import { stockHours, wallText, zoneNamed } from './hours.ts';
import { common, read, timezone } from './query.ts';

/** What a key has used up of its credits, this request included (sheet §5). Its time is that of the market, like all times here. */
export function usageRoute(desk: Desk): Route {
  const shape = z.object({ format: common.format, delimiter: common.delimiter, timezone });
  return {
    method: 'GET',
    path: '/api_usage',
    answer: (request, { history, quotas, plan }) =>
      answered(read(shape, request), desk, async ({ format, delimiter, timezone: zone }) => {
        const of = (span: 'minute' | 'day') => quotas.find((quota) => quota.span === span);
        const [minute, day] = [of('minute'), of('day')];
        const body = {
          timestamp: wallText(history.now, zone ?? zoneNamed('UTC')),
          current_usage: minute?.used,
          plan_limit: minute?.limit,
          daily_usage: day?.used,
          plan_daily_limit: day?.limit,
          plan_category: plan,
        };
        const told = whole(body);
        return format === 'CSV' && 'rows' in told ? csv(told.rows, delimiter) : json(body);
      }),
  };
}

/** Exchanges whose hours are known: those of New York, each segment with its code. */
const exchanges: readonly { readonly name: string; readonly code: string }[] = [
  { name: 'NASDAQ', code: 'XNAS' },
  { name: 'NASDAQ', code: 'XNGS' },
  { name: 'NASDAQ', code: 'XNMS' },
  { name: 'NASDAQ', code: 'XNCM' },
  { name: 'NYSE', code: 'XNYS' },
  { name: 'NYSE', code: 'XASE' },
  { name: 'NYSE', code: 'ARCX' },
];
const country = 'United States';
const countryNames = ['UNITED STATES', 'US', 'USA'];

/** Which exchanges are open, and for how long still (official OpenAPI). The market is open when it was on the tape. */
export function marketStateRoute(desk: Desk): Route {
  const shape = z.object({
    exchange: z.string().optional(),
    code: z.string().optional(),
    country: z.string().optional(),
  });
  return {
    method: 'GET',
    path: '/market_state',
    answer: (request, { history }) =>
      answered(read(shape, request), desk, async (asked) => {
        const wanted = exchanges.filter(
          ({ name, code }) =>
            (asked.exchange === undefined || asked.exchange.toUpperCase() === name) &&
            (asked.code === undefined || asked.code.toUpperCase() === code) &&
            (asked.country === undefined || countryNames.includes(asked.country.toUpperCase())),
        );
        const state = stateAt(history.now - history.shift);
        return json(wanted.map(({ name, code }) => ({ name, code, country, ...state })));
      }),
  };
}

function stateAt(at: Nanos): object {
  const today = stockHours.dayOf(at);
  const closed = '00:00:00';
  if (today === undefined || !stockHours.isOpen(at)) {
    const toOpen = clockText(stockHours.next(at).open - at);
    return { is_market_open: false, time_after_open: closed, time_to_open: toOpen, time_to_close: closed };
  }
  return {
    is_market_open: true,
    time_after_open: clockText(at - today.open),
    time_to_open: closed,
    time_to_close: clockText(today.close - at),
  };
}

/** `02:39:03`; more than a day has more hours. */
function clockText(span: Nanos): string {
  const all = Number(span / second);
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  return `${two(all / 3600)}:${two((all / 60) % 60)}:${two(all % 60)}`;
}
