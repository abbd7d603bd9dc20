import { LineDecoder } from '../../../sources/file/index.ts';
import { TapeError } from '../../../sources/source.ts';
import { BadRow, type LineFormat } from '../format.ts';

/** Papertape's own lines, in any order. */
export const ndjson: LineFormat = {
  name: 'ndjson',
  title: 'Papertape NDJSON ({"kind": …, "market": …, "symbol": …, "at": …} on each line)',
  shape: 'lines',
  recognises: (document) =>
    typeof document === 'object' && document !== null && 'kind' in document && 'symbol' in document && 'at' in document,
  reader: (path) => {
    const decoder = new LineDecoder(path);
    return (text, line) => {
      try {
        return decoder.decode(text, line);
      } catch (error) {
        if (!(error instanceof TapeError)) throw error;
        throw badRow(error.message.slice(`${path}:${line}: `.length));
      }
    };
  },
};

/** `price: "x"; expected a number` → the reason `price: expected a number`, found `"x"`. */
function badRow(message: string): BadRow {
  const end = message.lastIndexOf('; ');
  const field = message.indexOf(': ');
  if (end < 0) return new BadRow(message);
  if (field < 0 || field > end) return new BadRow('the line is no JSON object', message.slice(0, end));
  return new BadRow(`${message.slice(0, field)}: ${message.slice(end + 2)}`, message.slice(field + 2, end));
}
