import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Nanos } from '../../../../market/event.ts';
import { wallText } from '../../../../market/instant.ts';
import type { Access, History, RestAnswer, Route } from '../../exchange.ts';
import { plain, refused } from './answers.ts';
import { newYork, stockCalendar } from './places.ts';
import { choice, dateOf, read } from './query.ts';
import { tradingDays, type WireDay } from './settlement.ts';

/** The clock, the calendar, the assets and an account without orders (sheet §6), all as of the instant that history has reached. */
export function tradingRoutes(): readonly Route[] {
  const calendarShape = z.strictObject({
    start: dateOf('start'),
    end: dateOf('end'),
    date_type: choice('date_type', ['TRADING', 'SETTLEMENT']).prefault('TRADING'),
  });
  const assetShape = z.strictObject({
    status: choice('status', ['active', 'inactive', 'all']).optional(),
    asset_class: choice('asset_class', ['us_equity', 'us_option', 'crypto', 'crypto_perp', 'all']).optional(),
    exchange: z.string().optional(),
    attributes: z.string().optional(),
  });
  return [
    get('/v2/clock', (_, { history }) => plain(clockAt(history))),
    get('/v2/calendar', async (request, { history: { shift } }) => {
      const given = read(calendarShape, request);
      if ('refusal' in given) return given.refusal;
      const { start, end, date_type: by } = given.asked;
      const told: object[] = [];
      for await (const days of tradingDays({ start, end, by }, shift)) told.push(...days.map(calendarDay));
      return plain(told);
    }),
    get('/v2/account', (_, { key, history }) => plain(accountOf(key, history.now))),
    get('/v2/assets', (request, access) => {
      const given = read(assetShape, request);
      if ('refusal' in given) return given.refusal;
      const { status, asset_class: kind, exchange } = given.asked;
      const assets = status === 'inactive' ? [] : assetsOf(access);
      return plain(
        assets.filter(
          (asset) =>
            (kind === undefined || kind === 'all' || asset.class === kind) &&
            (exchange === undefined || asset.exchange === exchange),
        ),
      );
    }),
    get('/v2/assets/:symbol', ({ params }, access) => assetNamed(params['symbol'] ?? '', access)),
    // SDKs send the slash of a pair as it is.
    get('/v2/assets/:base/:quote', ({ params }, access) => assetNamed(`${params['base']}/${params['quote']}`, access)),
    get('/v2/positions', () => plain([])),
    get('/v2/positions/:symbol', () => refused(404, 'position does not exist', 40_410_000)),
    get('/v2/orders', () => plain([])),
  ];
}

const get = (path: string, answer: Route['answer']): Route => ({ method: 'GET', path, answer });

/** Moved times are those of another day, often of one without trading: what plays then is still the market as it was on the tape. */
function clockAt({ now, shift }: History): object {
  const onTape = now - shift;
  const today = stockCalendar.dayOf(onTape);
  const next = stockCalendar.next(onTape);
  const closing = today !== undefined && onTape < today.close ? today : next;
  return {
    timestamp: wallText(now, newYork),
    is_open: stockCalendar.isOpen(onTape),
    next_open: wallText(next.open + shift, newYork),
    next_close: wallText(closing.close + shift, newYork),
  };
}

function calendarDay({ date, open, close, preOpen, postClose, settled }: WireDay): object {
  const time = (at: Nanos): string => wallText(at, newYork).slice(11, 16);
  return {
    date,
    open: time(open),
    close: time(close),
    session_open: time(preOpen).replace(':', ''),
    session_close: time(postClose).replace(':', ''),
    settlement_date: settled,
  };
}

/** The same id for the same name, in the form of a UUID. */
function uuidOf(name: string): string {
  const digits = createHash('md5').update(name).digest('hex');
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `4${digits.slice(13, 16)}`,
    `8${digits.slice(17, 20)}`,
    digits.slice(20),
  ].join('-');
}

type Asset = ReturnType<typeof assetsOf>[number];

function assetNamed(symbol: string, access: Access): RestAnswer {
  const asset: Asset | undefined = assetsOf(access).find((one) => one.symbol === symbol || one.id === symbol);
  return asset === undefined ? refused(404, `asset not found for ${symbol}`, 40_410_000) : plain(asset);
}

/** What the tapes hold, as assets. Tapes do not say on which exchange a stock is listed, so all are Nasdaq's. */
function assetsOf({ history }: Access) {
  return history.listed
    .filter(({ market }) => market === 'stocks' || market === 'crypto')
    .map(({ market, symbol }) => {
      const isStock = market === 'stocks';
      return {
        id: uuidOf(`asset ${market} ${symbol}`),
        class: isStock ? 'us_equity' : 'crypto',
        exchange: isStock ? 'NASDAQ' : 'CRYPTO',
        symbol,
        name: symbol,
        status: 'active',
        tradable: true,
        marginable: isStock,
        shortable: isStock,
        easy_to_borrow: isStock,
        fractionable: true,
        ...(isStock
          ? { maintenance_margin_requirement: 30, margin_requirement_long: '30', margin_requirement_short: '30' }
          : { min_order_size: '0.0001', min_trade_increment: '0.0001', price_increment: '0.01' }),
        attributes: [],
      };
    });
}

/** An account that has never traded: paper money, as every new one gets. */
function accountOf(key: string, now: Nanos): object {
  const [money, power, none] = ['100000', '200000', '0'];
  return {
    id: uuidOf(`account ${key}`),
    admin_configurations: {},
    user_configurations: null,
    account_number: `PA${uuidOf(key).replaceAll('-', '').slice(0, 10).toUpperCase()}`,
    status: 'ACTIVE',
    crypto_status: 'ACTIVE',
    options_approved_level: 3,
    options_trading_level: 3,
    currency: 'USD',
    buying_power: power,
    regt_buying_power: power,
    daytrading_buying_power: none,
    effective_buying_power: power,
    non_marginable_buying_power: money,
    options_buying_power: money,
    bod_dtbp: none,
    cash: money,
    accrued_fees: none,
    portfolio_value: money,
    pattern_day_trader: false,
    trading_blocked: false,
    transfers_blocked: false,
    account_blocked: false,
    created_at: '2020-01-02T14:30:00Z',
    trade_suspended_by_user: false,
    multiplier: '2',
    shorting_enabled: true,
    equity: money,
    last_equity: money,
    long_market_value: none,
    short_market_value: none,
    position_market_value: none,
    initial_margin: none,
    maintenance_margin: none,
    last_maintenance_margin: none,
    sma: none,
    daytrade_count: 0,
    balance_asof: newYork.date(now),
  };
}
