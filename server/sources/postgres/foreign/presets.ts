import type { MappingInput } from './mapping.ts';

/** Names of the ready mappings. */
export const presetList = ['prefect-trading', 'usdcop-rl', 'usdcop-m5', 'system-trader'] as const;

/**
 * Ready mappings of public systems, by the name of their repository. Sources: prefect-trading, `src/database/migrations`;
 * USDCOP-RL-Models, "Database Setup" of its WebSocket service; system_trader, `market_data` and its collectors.
 */
export const presets = {
  // Its stream's times are UTC and its columns naive; a database server in another zone stored that zone's wall.
  'prefect-trading': [{ table: 'market_data', columns: { at: 'timestamp' }, timeframe: '1m', timeZone: 'UTC' }],
  'usdcop-rl': [
    { table: 'market_data', columns: { at: 'datetime' }, timeframe: '5m', market: 'forex' },
    {
      table: 'realtime_market_data',
      kind: 'price',
      columns: { at: 'time', price: 'last', bidPrice: 'bid', askPrice: 'ask', dayVolume: 'volume' },
      market: 'forex',
    },
  ],
  'usdcop-m5': [{ table: 'usdcop_m5_ohlcv', columns: { at: 'time' }, timeframe: '5m', market: 'forex' }],
  'system-trader': [{ table: 'market_data', columns: { at: 'time', trades: 'num_trades' }, timeframe: '1m' }],
} as const satisfies Record<(typeof presetList)[number], readonly MappingInput[]>;
