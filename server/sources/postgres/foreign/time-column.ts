import type { Nanos } from '../../../../market/event.ts';
import { TapeError } from '../../source.ts';
import type { Cells } from '../cells.ts';
import { instantLiteral } from '../sql.ts';
import { nanosOf, type Mapping } from './mapping.ts';
import { columnsOf, type Relation } from './relation.ts';
import { WallClock } from './wall-clock.ts';

// No zone of today turns its clocks back further, so a range widened by this misses nothing; the exact cut comes later.
const widest: Nanos = 3n * 3_600_000_000_000n;
const micro = 1000n;
const floatDigits = 2_000n;

/** When a row happened. */
export interface Moment {
  readonly at: Nanos;
  /** How much later the wall showed the same time again; `undefined` when it did not. */
  readonly again: Nanos | undefined;
}

/** How the time of a foreign table is asked for, read and compared. */
export interface TimeColumn {
  /** SQL of the cell, from SQL of the column. */
  cell(column: string): string;
  /** Reads the cell; a text says why it is no moment. */
  read(cells: Cells): Moment | string;
  /** SQL that is true when the value is a moment. */
  sound(column: string): string;
  /** SQL of nanoseconds since 1970 as text, on the wall when the column is naive. */
  nanos(column: string): string;
  /** The moment of what `nanos` gave. */
  moment(nanos: Nanos): Moment;
  /** A comparison that uses the column's index and lets no row of the range out, though perhaps some more in. */
  after(column: string, from: Nanos): string;
  before(column: string, to: Nanos): string;
}

/** Chooses by the column's type. Throws a `TapeError` when the type or what is declared of it is not enough. */
export function timeColumnOf(relation: Relation, column: string, mapping: Mapping): TimeColumn {
  const type = relation.columns.get(column) ?? '';
  const where = `${mapping.table}.${column}`;
  if (type === 'timestamp with time zone') return zoned;
  if (type === 'timestamp without time zone' || type === 'date') {
    if (mapping.timeZone !== undefined) return naive(new WallClock(mapping.timeZone), mapping.timeZone);
    throw new TapeError(
      `${where} is a ${type}, which does not say where its clock hung; ` +
        'add timeZone to the table, such as America/New_York or UTC',
    );
  }
  if (/^(?:smallint|integer|bigint|numeric|real|double precision)$/.test(type)) {
    if (mapping.epoch !== undefined) return epoch(nanosOf(mapping.epoch), type);
    throw new TapeError(`${where} is a ${type}; add epoch: seconds, millis, micros or nanos, whichever it counts`);
  }
  throw new TapeError(
    `${where} is a ${type}, which is no time; name another column or make a view. ${columnsOf(relation)}`,
  );
}

const microsText = (column: string): string => `(extract(epoch FROM ${column}) * 1000000)::bigint::text || '000'`;
const noTime = 'has no time';

const zoned: TimeColumn = {
  cell: (column) => column,
  read(cells) {
    const micros = cells.micros();
    return micros === undefined ? noTime : { at: BigInt(micros) * micro, again: undefined };
  },
  sound: (column) => `(${column} IS NOT NULL AND isfinite(${column}))`,
  nanos: microsText,
  moment: (at) => ({ at, again: undefined }),
  after: (column, from) => `${column} >= ${instantLiteral(from)}`,
  before: (column, to) => `${column} < ${instantLiteral(to + micro)}`,
};

function naive(clock: WallClock, zone: string): TimeColumn {
  const plain = (at: Nanos): string => instantLiteral(at, 'timestamp');
  const read = (micros: number): Moment | string => {
    const { offset, again, exists } = clock.at(micros);
    if (!exists) return `has a time that no clock in ${zone} ever showed`;
    const wall = BigInt(micros) * micro;
    return { at: wall - offset, again: again === undefined ? undefined : offset - again };
  };
  return {
    cell: (column) => `${column}::timestamp`,
    read(cells) {
      const micros = cells.micros();
      return micros === undefined ? noTime : read(micros);
    },
    // Over a skipped hour the way to the instant and back does not end where it began.
    sound: (column) =>
      `(${column} IS NOT NULL AND isfinite(${column}) AND ${column}::timestamp AT TIME ZONE '${zone}' AT TIME ZONE '${zone}' = ${column}::timestamp)`,
    nanos: microsText,
    moment(wall) {
      const moment = read(Number(wall / micro));
      return typeof moment === 'string' ? { at: wall, again: undefined } : moment;
    },
    after: (column, from) => `${column} >= ${plain(clock.wall(from) - widest)}`,
    before: (column, to) => `${column} < ${plain(clock.wall(to) + widest)}`,
  };
}

function epoch(unit: Nanos, type: string): TimeColumn {
  const floating = type === 'real' || type === 'double precision';
  const whole = type.endsWith('int') || type === 'integer';
  const microsOfUnit = Number(unit) / 1000;
  const bound = (at: Nanos, slack: Nanos): string => decimal(at + slack, unit, type);
  return {
    cell: (column) =>
      floating
        ? `${column}::float8`
        : whole
          ? `${column}::int8 * ${unit}`
          : `(${column}::numeric * ${unit})::numeric::int8`,
    read(cells) {
      if (!floating) {
        const at = cells.int8();
        return at === undefined ? noTime : { at, again: undefined };
      }
      const count = cells.float8();
      if (count === undefined || !Number.isFinite(count)) return noTime;
      return { at: BigInt(Math.round(count * microsOfUnit)) * micro, again: undefined };
    },
    sound: (column) =>
      whole ? `${column} IS NOT NULL` : `(${column} > '-Infinity'::float8 AND ${column} < 'Infinity'::float8)`,
    nanos: (column) =>
      floating
        ? `round(${column}::float8 * ${microsOfUnit})::bigint::text || '000'`
        : `(${column}::numeric * ${unit})::bigint::text`,
    moment: (at) => ({ at, again: undefined }),
    after: (column, from) => `${column} >= ${bound(from, floating ? -floatDigits : 0n)}`,
    before: (column, to) => `${column} < ${bound(to, floating ? floatDigits : 0n)}`,
  };
}

/** An instant counted in a unit, as a literal of the column's own type, so that its index serves. */
function decimal(at: Nanos, unit: Nanos, type: string): string {
  if (type.endsWith('int') || type === 'integer') {
    const count = at / unit + (at % unit > 0n ? 1n : 0n);
    return `${count}::bigint`;
  }
  const size = at < 0n ? -at : at;
  const digits = String(unit).length - 1;
  const fraction = String(size % unit).padStart(digits, '0');
  const text = `${at < 0n ? '-' : ''}${size / unit}${digits === 0 ? '' : `.${fraction}`}`;
  return type === 'numeric' ? `${text}::numeric` : `${text}::float8`;
}
