import type { TapeDescription } from '../server/index.ts';

/** What `tape info` prints: a table for people, or JSON with instants as decimal text, because a JSON number would round them. */
export function describe(tape: TapeDescription, asJson: boolean): string {
  if (asJson) {
    return `${JSON.stringify(tape, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value), 2)}\n`;
  }
  const { name, events, period, symbols } = tape;
  if (period === undefined) return `${name}: empty\n`;
  const rows = symbols.map((symbol) => [
    symbol.symbol,
    symbol.market,
    symbol.events.toLocaleString('en-US'),
    Object.entries(symbol.channels)
      .map(([channel, count]) => `${channel} ${count.toLocaleString('en-US')}`)
      .join(', '),
  ]);
  const header = ['symbol', 'market', 'events', 'of each kind'];
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const lines = [header, ...rows].map((row) =>
    row
      .map((cell, column) => (column === 2 ? cell.padStart(widths[2] ?? 0) : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
  return `${name}\n${events.toLocaleString('en-US')} events, ${period.text}\n\n${lines.join('\n')}\n`;
}
