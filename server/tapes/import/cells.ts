import { BadRow } from './format.ts';

const quote = 0x22;

/**
 * Splits one line of CSV into its cells. A quoted cell may hold the delimiter and doubled quotes (RFC 4180), but no line end: no format we
 * read has one in a value, and so a stray quote costs its own row and never the rows after it. Throws a `BadRow`.
 */
export function cellsOf(line: string, delimiter = ','): string[] {
  if (!line.includes('"')) return line.split(delimiter);
  const cells: string[] = [];
  let at = 0;
  for (;;) {
    if (line.charCodeAt(at) !== quote) {
      const end = line.indexOf(delimiter, at);
      cells.push(end < 0 ? line.slice(at) : line.slice(at, end));
      if (end < 0) return cells;
      at = end + 1;
      continue;
    }
    let end = line.indexOf('"', at + 1);
    while (end >= 0 && line.charCodeAt(end + 1) === quote) end = line.indexOf('"', end + 2);
    if (end < 0) throw new BadRow('a quote is not closed on its line', line.slice(at, at + 40));
    cells.push(line.slice(at + 1, end).replaceAll('""', '"'));
    if (end + 1 === line.length) return cells;
    if (line[end + 1] !== delimiter) throw new BadRow('text follows a closing quote', line.slice(at, at + 40));
    at = end + 2;
  }
}

/** Which character parts the cells of a header line: the one of `, ; tab |` that it has most of. */
export function delimiterOf(header: string): string {
  const counts = [',', ';', '\t', '|'].map((sign) => ({ sign, count: header.split(sign).length }));
  return counts.reduce((most, one) => (one.count > most.count ? one : most)).sign;
}
