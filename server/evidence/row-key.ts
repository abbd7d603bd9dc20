import { z } from 'zod';
import { channels, type Channel, type MarketEvent, type Nanos } from '../../market/event.ts';
import { floorTo, milli, second } from '../../market/nanos.ts';
import type { Row } from '../ledger.ts';

const times = ['at', 'start', 'participantAt'] as const;
const numbers = [
  'price',
  'size',
  'sequence',
  'bidPrice',
  'bidSize',
  'askPrice',
  'askSize',
  'open',
  'high',
  'low',
  'close',
  'volume',
  'trades',
  'vwap',
  'value',
] as const;
const texts = ['symbol', 'market', 'kind', 'id', 'exchange', 'tape', 'bidExchange', 'askExchange', 'code'] as const;
const fields = [...texts, ...times, ...numbers] as const;
export type Field = (typeof fields)[number];

const unitNanos = { ns: 1n, us: 1_000n, ms: milli, s: second } as const;
const units = ['ns', 'us', 'ms', 's'] as const;

const column = z.string().min(1);

/** How rows that a client kept are read, wherever they lie; the words for what holds a value differ. */
export const rowsSchema = {
  channel: z
    .enum(channels)
    .default('trade')
    .meta({ title: 'Channel', description: 'Which events are rows there.', examples: ['trade', 'bar'] }),
  columns: z
    .partialRecord(z.enum([...fields, 'nanos']), column, {
      error: `not a field of an event; use ${fields.join(', ')}, or nanos`,
    })
    .optional()
    .meta({
      title: 'Columns',
      description:
        'Which fields of an event make a row, and the names they go by; what is not listed is not compared. `nanos`: where the nanoseconds stand that `at` has no room for.',
      examples: [{ symbol: 'ticker', at: 'ts', price: 'price', size: 'volume' }],
    }),
  where: z
    .record(column, z.union([z.string(), z.number(), z.boolean()]))
    .default({})
    .meta({
      title: 'Where',
      description: 'Only rows that say so.',
      examples: [{ data_source: 'alpaca', channel: 'trade' }],
    }),
  epoch: z
    .enum(units)
    .default('ns')
    .meta({
      title: 'Epoch',
      description: 'What times count that are whole numbers: nano-, micro-, milliseconds or seconds since 1970.',
      examples: ['ms'],
    }),
  precision: z
    .enum(units)
    .default('us')
    .meta({
      title: 'Precision',
      description: 'How exactly times are compared: what is finer is cut off on both sides.',
      examples: ['ms', 'ns'],
    }),
  exactlyOnce: z
    .boolean()
    .default(true)
    .meta({
      title: 'Exactly once',
      description: 'Each row as often as the client was owed it; when false, a row may be there more often.',
      examples: [true],
    }),
};

export type Columns = Partial<Record<Field | 'nanos', string>>;
/** What makes a row, ready to be compared. */
export interface RowShape {
  readonly channel: Channel;
  /** In a fixed order. */
  readonly columns: readonly (readonly [Field, string])[];
  readonly nanos: string | undefined;
  readonly epoch: (typeof units)[number];
  readonly precision: (typeof units)[number];
}

/** The shape that options ask for; `usual` names the columns when they do not. */
export function shapeOf(
  options: {
    readonly channel: Channel;
    readonly columns?: { readonly [Name in Field | 'nanos']?: string | undefined } | undefined;
    readonly epoch: RowShape['epoch'];
    readonly precision: RowShape['precision'];
  },
  usual: Columns,
): RowShape {
  const { channel, columns = usual, epoch, precision } = options;
  const listed = fields.flatMap((field) => {
    const name = columns[field];
    return name === undefined ? [] : [[field, name] as const];
  });
  return { channel, columns: listed, nanos: columns.nanos, epoch, precision };
}

/** What identifies an event of a channel, with the names its fields have. */
export function usualFields(channel: Channel): readonly Field[] {
  if (channel === 'trade') return ['symbol', 'at', 'id', 'price', 'size'];
  if (channel === 'quote') return ['symbol', 'at', 'bidPrice', 'bidSize', 'askPrice', 'askSize'];
  if (channel.endsWith('bar')) return ['symbol', 'start', 'open', 'high', 'low', 'close', 'volume'];
  return ['symbol', 'at'];
}

const isTime = (field: Field): boolean => (times as readonly Field[]).includes(field);
const isNumber = (field: Field): boolean => (numbers as readonly Field[]).includes(field);

/** A row of the ledger, as one text that equal rows share. */
export function keyOfRow({ event, shift }: Row, { columns, precision }: RowShape): string {
  return columns
    .map(([field]) => {
      const value = fieldOf(event, field);
      if (typeof value === 'bigint') return floorTo(value + shift, unitNanos[precision]).toString();
      return typeof value === 'number' || typeof value === 'string' ? String(value) : '';
    })
    .join('\0');
}

/** The same of a row that a client kept. Throws a RangeError for a value that is not what its field holds. */
export function keyOfCells(cell: (name: string) => unknown, { columns, nanos, epoch, precision }: RowShape): string {
  return columns
    .map(([field, name]) => {
      const value = cell(name);
      if (value === null || value === undefined) return '';
      if (isTime(field)) {
        const below = field === 'at' && nanos !== undefined ? integerOf(cell(nanos), nanos) : 0n;
        return floorTo(instantOf(value, epoch, name) + below, unitNanos[precision]).toString();
      }
      return isNumber(field) ? numberOf(value, name) : textOf(value, name);
    })
    .join('\0');
}

/** A key for people. */
export function tellKey(key: string, { columns }: RowShape): string {
  const values = key.split('\0');
  return columns
    .map(([field], at) => {
      const value = values[at] ?? '';
      return `${field} ${value === '' ? 'none' : isTime(field) ? instantText(BigInt(value)) : value}`;
    })
    .join(', ');
}

function fieldOf(event: MarketEvent, field: Field): unknown {
  return field in event ? Object.getOwnPropertyDescriptor(event, field)?.value : undefined;
}

const isoShape = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(?:\.(\d{1,9})\d*)?(Z|[+-]\d{2}(?::?\d{2})?)?$/;

/** A time as databases and programs write it: ISO 8601, UTC when it names no zone, or a whole number. */
function instantOf(value: unknown, epoch: RowShape['epoch'], name: string): Nanos {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value) * unitNanos[epoch];
  if (typeof value === 'string') {
    if (/^-?\d+$/.test(value)) return BigInt(value) * unitNanos[epoch];
    const [, date, time, fraction = '', zone = 'Z'] = isoShape.exec(value) ?? [];
    const offset = /^[+-]\d{2}$/.test(zone) ? `${zone}:00` : zone;
    const whole = Date.parse(`${date}T${time}${offset}`);
    if (!Number.isNaN(whole)) return BigInt(whole) * milli + BigInt(fraction.padEnd(9, '0'));
  }
  throw wrong(value, name, 'a time');
}

function numberOf(value: unknown, name: string): string {
  const number =
    typeof value === 'number' ? value : typeof value === 'string' && value !== '' ? Number(value) : Number.NaN;
  if (Number.isNaN(number)) throw wrong(value, name, 'a number');
  return String(number);
}

function integerOf(value: unknown, name: string): Nanos {
  if (value === null || value === undefined) return 0n;
  return BigInt(numberOf(value, name));
}

function textOf(value: unknown, name: string): string {
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  throw wrong(value, name, 'a text');
}

const wrong = (value: unknown, name: string, what: string): RangeError =>
  new RangeError(`${name} is ${JSON.stringify(value) ?? 'nothing'}, which is not ${what}`);

/** RFC 3339 to the nanosecond, without trailing zeros. */
function instantText(at: Nanos): string {
  const whole = floorTo(at, second);
  const fraction = String(at - whole)
    .padStart(9, '0')
    .replace(/0+$/, '');
  return `${new Date(Number(whole / milli)).toISOString().slice(0, 19)}${fraction === '' ? '' : `.${fraction}`}Z`;
}
