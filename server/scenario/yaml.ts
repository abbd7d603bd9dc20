import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Node, type YAMLMap } from 'yaml';
import { type Environment, interpolate, plainValue } from './interpolate.ts';
import { type Place, type Problem, printPath, printValue } from './problem.ts';
import type { Entry, Tree } from './tree.ts';

/** Values a scenario may hold once its aliases are followed. A few lines of anchors could otherwise fill the memory. */
const mostValues = 100_000;
const deepest = 64;

/** Either a tree, or why there is none. */
export type Reading = { readonly tree: Tree } | { readonly problems: readonly Problem[] };

/** Reads YAML text, fills in variables, and keeps the place of every value. Reports everything wrong with the text at once. */
export function readYaml(text: string, file: string, environment: Environment): Reading {
  const lines = new LineCounter();
  const place = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const deep = tooDeepAt(text);
  if (deep !== undefined) return { problems: [tooDeep({ file, line: deep, column: 1 })] };
  // Repeated keys are found while the tree grows: the parser's own check compares every key with every other.
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    logLevel: 'error',
    uniqueKeys: false,
  });
  const problems = [...document.errors, ...document.warnings].map(({ pos: [offset], code, message }): Problem => ({
    place: place(offset),
    path: '',
    value: undefined,
    message: code === 'MULTIPLE_DOCS' ? 'a second document' : message.replace(/\s+/g, ' '),
    wayOut: waysOut[code] ?? 'put the YAML right at this place',
  }));
  if (problems.length > 0) return { problems };
  const { contents } = document;
  if (contents === null || (isScalar(contents) && contents.value === null)) {
    return {
      problems: [{ place: place(0), path: '', value: undefined, message: 'the scenario is empty', wayOut: starter }],
    };
  }
  const growth = new Growth(environment, place);
  const tree = growth.grow(contents, []);
  return growth.problems.length > 0 ? { problems: growth.problems } : { tree };
}

const starter = 'begin with one made by `papertape init`';
const waysOut: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'indent with spaces',
  MULTIPLE_DOCS: 'one file holds one scenario; remove the `---` line',
  TAG_RESOLVE_FAILED: 'remove the tag; plain values are enough here',
};
const tooDeep = (place: Place): Problem => ({
  place,
  path: '',
  value: undefined,
  message: `nested deeper than ${deepest} levels`,
  wayOut: 'a scenario needs five',
});

/** Turns YAML nodes into a tree, counting, because aliases multiply. */
class Growth {
  readonly problems: Problem[] = [];
  readonly #anchors = new Map<string, Node>();
  readonly #environment: Environment;
  readonly #place: (offset: number) => Place;
  #values = 0;

  constructor(environment: Environment, place: (offset: number) => Place) {
    this.#environment = environment;
    this.#place = place;
  }

  grow(node: Node | null, path: readonly PropertyKey[], outside: Place = this.#place(0)): Tree {
    const place = node?.range ? this.#place(node.range[0]) : outside;
    const empty: Tree = { kind: 'scalar', place, value: null };
    if (++this.#values > mostValues) {
      if (this.#values === mostValues + 1) {
        this.#complain(place, path, `more than ${mostValues} values once aliases are followed`, 'use fewer aliases');
      }
      return empty;
    }
    if (path.length > deepest) {
      this.#values = mostValues + 1;
      this.problems.push({ ...tooDeep(place), path: printPath(path.slice(0, 4)) });
      return empty;
    }
    if (isAlias(node)) {
      const meant = this.#anchors.get(node.source);
      if (meant !== undefined) return this.grow(meant, path, place);
      this.#complain(
        place,
        path,
        'an alias of nothing',
        `put &${node.source} before the value it repeats`,
        `*${node.source}`,
      );
      return empty;
    }
    if (node?.anchor !== undefined) this.#anchors.set(node.anchor, node);
    if (isMap<Node, Node | null>(node)) return this.#map(node, path, place);
    if (isSeq<Node | null>(node)) {
      return { kind: 'list', place, items: node.items.map((item, index) => this.grow(item, [...path, index], place)) };
    }
    if (!isScalar(node)) return empty;
    return { kind: 'scalar', place, value: this.#fill(node.value, node.type === 'PLAIN', place, path) };
  }

  #map(node: YAMLMap<Node, Node | null>, path: readonly PropertyKey[], place: Place): Tree {
    const entries = new Map<string, Entry>();
    let merged: { readonly value: Node | null; readonly at: Place } | undefined;
    for (const { key, value } of node.items) {
      const at = key?.range ? this.#place(key.range[0]) : place;
      const name = isScalar(key) ? keyText(key.value) : undefined;
      const isMerge = isScalar(key) && key.type === 'PLAIN' && name === '<<';
      if (name === undefined) this.#complain(at, path, 'a key that is not text', 'write `name: value`');
      else if (isMerge ? merged !== undefined : entries.has(name)) {
        this.#complain(at, [...path, name], 'this key is already there', 'keep one of the two');
      } else if (isMerge) merged = { value, at };
      else entries.set(name, { key: at, tree: this.grow(value, [...path, name], at) });
    }
    if (merged !== undefined) this.#merge(merged.value, merged.at, [...path, '<<'], entries);
    return { kind: 'map', place, entries };
  }

  /** `<<: *base` or `<<: [*one, *other]` (yaml.org/type/merge): what is not there yet, of the first that has it; each keeps its place. */
  #merge(value: Node | null, at: Place, path: readonly PropertyKey[], entries: Map<string, Entry>): void {
    const grown = this.grow(value, path, at);
    for (const tree of grown.kind === 'list' ? grown.items : [grown]) {
      if (tree.kind === 'map') {
        for (const [name, entry] of tree.entries) if (!entries.has(name)) entries.set(name, entry);
      } else {
        const wayOut = 'write `<<: *name`, where &name stands before a map';
        this.#complain(at, path, 'merges what is not a map', wayOut);
      }
    }
  }

  #fill(value: unknown, plain: boolean, place: Place, path: readonly PropertyKey[]): unknown {
    if (typeof value !== 'string') return value;
    const filled = interpolate(value, this.#environment);
    if (filled.kind === 'text') return plain && filled.changed ? plainValue(filled.text) : filled.text;
    this.#complain(place, path, filled.message, filled.wayOut, printValue(value, path));
    return value;
  }

  #complain(place: Place, path: readonly PropertyKey[], message: string, wayOut: string, value?: string): void {
    this.problems.push({ place, path: printPath(path), value, message, wayOut });
  }
}

/** YAML reads `1:` and `true:` as other things than text, but they are keys all the same. */
function keyText(key: unknown): string | undefined {
  return typeof key === 'string' || typeof key === 'number' || typeof key === 'boolean' ? String(key) : undefined;
}

/**
 * The first line that may be nested too deeply. The parser recurses, so thousands of brackets or dashes must be refused before it
 * sees them.
 */
function tooDeepAt(text: string): number | undefined {
  let depth = 0;
  for (const [index, line] of text.split('\n').entries()) {
    if (/^[ \t?:-]{200}/.test(line)) return index + 1;
    for (const character of line) {
      if (character === '[' || character === '{') depth++;
      else if (character === ']' || character === '}') depth = Math.max(0, depth - 1);
      if (depth > deepest) return index + 1;
    }
  }
  return undefined;
}
