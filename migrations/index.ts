export { migrate, MigrationError, type MigrationReport, type Storage } from './migrate.ts';
export type { Database } from './session.ts';
export { marketData, realtimeMarketData, systemHealth, tapes, websocketData } from './schema.ts';
