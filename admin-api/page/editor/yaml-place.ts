/** A step into a document: a key, or an item of a list. */
export type Step = string | typeof item;
/** An item of a list. */
export const item = Symbol('item');

/** Where in a YAML document something is being typed. */
export interface YamlPlace {
  /** What leads to the mapping, for a key; what leads to the value, for a value. */
  readonly path: readonly Step[];
  readonly kind: 'key' | 'value';
  /** What is typed already, and where it begins. */
  readonly typed: string;
  readonly from: number;
}

interface Entry {
  readonly column: number;
  readonly step: Step;
}

/** Lines looked back at, at most, for what a line belongs to. */
const mostLines = 5000;

/** The place of a cursor in a document that need not be whole yet; absent in comments. */
export function yamlPlace(text: string, cursor: number): YamlPlace | undefined {
  const lines = text.slice(0, cursor).split('\n');
  const line = lines.pop() ?? '';
  if (/^\s*#|\s#/.test(line)) return undefined;
  const { entries, rest, start } = entriesOf(line);
  const flow = flowAt(rest);
  const first = entries[0]?.column ?? start;
  const above = ancestors(lines.slice(-mostLines), first, entries[0]?.step === item);
  const path = [...above, ...entries.map(({ step }) => step), ...flow.path];
  const from = cursor - flow.typed.length;
  const isValue = flow.isOpen ? flow.isValue : entries.at(-1) !== undefined && entries.at(-1)?.step !== item;
  return { path, kind: isValue ? 'value' : 'key', typed: flow.typed, from };
}

/** The dashes and the key that a line begins with, and what comes after them. */
function entriesOf(line: string): { readonly entries: Entry[]; readonly rest: string; readonly start: number } {
  const entries: Entry[] = [];
  let column = /^ */.exec(line)?.[0].length ?? 0;
  let rest = line.slice(column);
  for (let dash = /^- +|^-$/.exec(rest); dash !== null; dash = /^- +|^-$/.exec(rest)) {
    entries.push({ column, step: item });
    column += dash[0].length;
    rest = rest.slice(dash[0].length);
  }
  const [whole, quoted, plain] = /^(?:["']([^"']+)["']|([\w$./-]+)):(?: +|$)/.exec(rest) ?? [];
  const key = quoted ?? plain;
  if (whole === undefined || key === undefined) return { entries, rest, start: column };
  entries.push({ column, step: key });
  return { entries, rest: rest.slice(whole.length), start: column };
}

interface Flow {
  readonly path: readonly Step[];
  readonly isOpen: boolean;
  readonly isValue: boolean;
  readonly typed: string;
}

/** What is open of `{ a: [b, …` at the end of a line. */
function flowAt(rest: string): Flow {
  const levels: { readonly kind: '{' | '['; key: string | undefined }[] = [];
  let word = '';
  for (const char of rest) {
    const level = levels.at(-1);
    if (char === '{' || char === '[') {
      levels.push({ kind: char, key: undefined });
      word = '';
    } else if (char === '}' || char === ']') {
      levels.pop();
      word = '';
    } else if (char === ',' && level !== undefined) {
      level.key = undefined;
      word = '';
    } else if (char === ':' && level?.kind === '{') {
      level.key = word.trim().replaceAll(/["']/g, '');
      word = '';
    } else {
      word += char;
    }
  }
  const path = levels.flatMap(({ kind, key }): Step[] => (kind === '[' ? [item] : key === undefined ? [] : [key]));
  const last = levels.at(-1);
  const isValue = last?.kind === '[' || last?.key !== undefined;
  return { path, isOpen: last !== undefined, isValue, typed: word.trimStart() };
}

/** What leads to a line, from the lines above it: each is less indented than what it holds. */
function ancestors(lines: readonly string[], column: number, isItem: boolean): Step[] {
  const path: Step[] = [];
  let [least, mayBeLevel] = [column, isItem];
  for (const line of lines.toReversed()) {
    if (least === 0 && !mayBeLevel) break;
    if (/^\s*(?:#.*)?$/.test(line)) continue;
    for (const { column: at, step } of entriesOf(line).entries.toReversed()) {
      // A list may stand as far left as its key.
      const holds = at < least || (mayBeLevel && at === least && step !== item);
      if (!holds) continue;
      path.unshift(step);
      [least, mayBeLevel] = [at, step === item];
    }
  }
  return path;
}
