import type { RestAnswer } from '../../exchange.ts';
import type { ErrorBody } from '../texts.ts';

/** Values of one row or one object, in their order; those undefined are left out. */
export type Fields = Readonly<Record<string, unknown>>;

/** What a route found: an object, or a list under an object's head; or why it found nothing. */
export type Finding = { readonly body: object; readonly rows: readonly Fields[] } | ErrorBody;

export const isError = (finding: Finding | ErrorBody): finding is ErrorBody => 'code' in finding;

/** An answer that is one object, which is also its one row of CSV. */
export const whole = (body: Fields): Finding => ({ body, rows: [flat(body)] });

export function json(body: unknown, headers: Readonly<Record<string, string>> = {}): RestAnswer {
  return { status: 200, headers, body: JSON.stringify(body) };
}

/** `errorStatus`: the HTTP status is that of the body, or 200 as clients have captured it (sheet §5). */
export function failure(error: ErrorBody, errorStatus: 'code' | '200'): RestAnswer {
  return { status: errorStatus === '200' ? 200 : error.code, body: JSON.stringify(error) };
}

/** A line of names and a line for each row. Values that hold the delimiter are quoted (RFC 4180). */
export function csv(rows: readonly Fields[], delimiter: string): RestAnswer {
  const names = Object.keys(rows[0] ?? {});
  const cell = (value: unknown): string => {
    const text = typeof value === 'string' ? value : JSON.stringify(value ?? '').replaceAll(/^"|"$/g, '');
    return text.includes(delimiter) || /["\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const lines = [names, ...rows.map((row) => names.map((name) => cell(row[name])))].map((cells) =>
    cells.join(delimiter),
  );
  return { status: 200, headers: { 'content-type': 'text/csv' }, body: `${lines.join('\n')}\n` };
}

/** Members of members become columns: `fifty_two_week_low`. */
function flat(body: Fields): Fields {
  return Object.fromEntries(
    Object.entries(body).flatMap(([name, value]): (readonly [string, unknown])[] =>
      typeof value === 'object' && value !== null
        ? Object.entries(value).map(([inner, one]) => [`${name}_${inner}`, one])
        : value === undefined
          ? []
          : [[name, value]],
    ),
  );
}
