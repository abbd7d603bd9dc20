import { isBarKind, type Channel, type Nanos } from '../../../market/event.ts';
import type { Session } from '../../../migrations/session.ts';
import { timeframes } from './tables.ts';

/** The newest stored instant of each symbol that has any; of all symbols together for `*`. */
export async function lastStored(
  { run }: Pick<Session, 'run'>,
  dataSource: string,
  channel: Channel,
  symbols: readonly string[],
): Promise<ReadonlyMap<string, Nanos>> {
  const span = isBarKind(channel) ? timeframes[channel].span : 0n;
  const [table, condition, nanos] = isBarKind(channel)
    ? ['market_data', `timeframe = '${timeframes[channel].name}'`, 'coalesce(delay_ns, 0)']
    : channel === 'price'
      ? ['realtime_market_data', 'true', 'nanos']
      : ['websocket_data', `channel = '${channel}'`, 'nanos'];
  // `round`, because before PostgreSQL 14 this is a double, which holds a time of today to a quarter of a microsecond.
  const instant = `round(extract(epoch FROM "timestamp") * 1000000)::bigint::text AS micros, ${nanos}::text AS nanos`;
  const newest = (more: string): string =>
    `SELECT ${instant} FROM ${table} WHERE data_source = ${literal(dataSource)} AND ${condition} ${more} ORDER BY "timestamp" DESC, ${nanos} DESC LIMIT 1`;
  const named = symbols.filter((symbol) => symbol !== '*').map(literal);
  const rows = [
    ...(named.length === 0
      ? []
      : await run(
          `SELECT wanted, micros, nanos FROM unnest(ARRAY[${named.join(', ')}]) AS wanted, LATERAL (${newest('AND symbol = wanted')}) AS newest`,
        )),
    ...(symbols.includes('*') ? await run(`SELECT '*' AS wanted, micros, nanos FROM (${newest('')}) AS newest`) : []),
  ];
  return new Map(
    rows.map((row) => [
      String(row['wanted']),
      BigInt(String(row['micros'])) * 1000n + BigInt(String(row['nanos'])) + span,
    ]),
  );
}

/** A text as SQL, safe whatever it holds and whatever `standard_conforming_strings` says. */
function literal(text: string): string {
  const escaped = text.replaceAll('\0', '').replaceAll("'", "''");
  return escaped.includes('\\') ? `E'${escaped.replaceAll('\\', '\\\\')}'` : `'${escaped}'`;
}
