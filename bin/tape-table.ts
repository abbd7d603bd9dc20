import type { TapeDescription } from '../server/index.ts';

type Described = TapeDescription['symbols'][number];
type Measured = NonNullable<Described['availability']>;

/** Missing days and silences that a table shows of one symbol; JSON has them all. */
const mostListed = 5;

/** What `tape info` prints: a table for people, or JSON with instants as decimal text, because a JSON number would round them. */
export function describe(tape: TapeDescription, asJson: boolean): string {
  if (asJson) {
    return `${JSON.stringify(tape, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value), 2)}\n`;
  }
  const { name, events, period, symbols } = tape;
  if (period === undefined) return `${name}: empty\n`;
  const measured = symbols.some(({ availability }) => availability !== undefined);
  const titles = [
    'symbol',
    'market',
    'events',
    ...(measured ? ['days', 'missing', 'silences', 'low', 'high', 'volume'] : []),
  ];
  const rows = symbols.map((symbol) => [
    symbol.symbol,
    symbol.market,
    count(symbol.events),
    ...(measured ? completeness(symbol.availability) : []),
    Object.entries(symbol.channels)
      .map(([channel, number]) => `${channel} ${count(number)}`)
      .join(', '),
  ]);
  const header = [...titles, 'of each kind'];
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const lines = [header, ...rows].map((row) =>
    row
      .map((cell, column) =>
        column >= 2 && column < titles.length ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
  const lacking = symbols.flatMap(lacks);
  const below = lacking.length === 0 ? '' : `\n${lacking.join('\n')}\n`;
  return `${name}\n${count(events)} events, ${period.text}\n\n${lines.join('\n')}\n${below}`;
}

const count = (number: number): string => number.toLocaleString('en-US');

function completeness(measured: Measured | undefined): string[] {
  const { days, silences, prices } = measured ?? {};
  return [
    days === undefined ? '' : count(days.present),
    days === undefined ? '' : count(days.missing.length),
    silences === undefined ? '' : count(silences.count),
    prices === undefined ? '' : String(prices.low),
    prices === undefined ? '' : String(prices.high),
    prices === undefined ? '' : count(prices.volume),
  ];
}

/** What a symbol lacks, a line for each kind of lack. */
function lacks({ symbol, availability }: Described): string[] {
  const missing = availability?.days?.missing ?? [];
  const silences = availability?.silences;
  const more = (all: number): string => (all > mostListed ? ` and ${count(all - mostListed)} more` : '');
  const lines: string[] = [];
  if (missing.length > 0) {
    lines.push(`${symbol}: nothing on ${missing.slice(0, mostListed).join(', ')}${more(missing.length)}`);
  }
  if (silences !== undefined && silences.count > 0) {
    const shown = silences.shown.slice(0, mostListed).map(({ from, to }) => `${iso(from)} to ${iso(to)}`);
    lines.push(`${symbol}: silent from ${shown.join(', ')}${more(silences.count)}`);
  }
  return lines;
}

const iso = (at: bigint): string => `${new Date(Number(at / 1_000_000n)).toISOString().slice(0, 19)}Z`;
