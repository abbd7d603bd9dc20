import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A fenced block of a document. */
export interface Block {
  readonly file: string;
  /** Of its first line within the fence, from 1. */
  readonly line: number;
  /** First word of the info string; empty when there is none. */
  readonly language: string;
  /** Why it is not tried: `no-run (why)` behind the language. */
  readonly excuse: string | undefined;
  readonly text: string;
}

/** What a block is tried by, by its language. */
export const tries = {
  sh: 'shell',
  bash: 'shell',
  ts: 'types',
  js: 'types',
  yaml: 'yaml',
  json: 'json',
  python: 'python',
} as const;

/** A heading for tests, and the place of an error. */
export const placeOf = ({ file, line }: Block): string => `${file}:${line}`;

/** Every fenced block of the documents that users and contributors read. */
export function allBlocks(): readonly Block[] {
  const files = ['README.md', 'CONTRIBUTING.md', ...markdownIn('docs')];
  return files.flatMap((file) => blocksOf(file, readFileSync(file, 'utf8')));
}

/** The blocks that are tried in a way. */
export function blocksFor(way: (typeof tries)[keyof typeof tries]): readonly Block[] {
  return allBlocks().filter(({ language, excuse }) => excuse === undefined && wayOf(language) === way);
}

/** How blocks of a language are tried; absent when nothing tries them. */
export function wayOf(language: string): string | undefined {
  return Object.entries(tries).find(([name]) => name === language)?.[1];
}

/** The blocks of a text, which may stand in a list. */
export function blocksOf(file: string, text: string): Block[] {
  const blocks: Block[] = [];
  let open:
    { readonly indent: string; readonly info: string; readonly line: number; readonly lines: string[] } | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    const [, indent = '', info] = /^( *)```(.*)$/.exec(line) ?? [];
    if (open !== undefined && info === '') {
      const [, language = '', excuse] = /^(\S*)(?: no-run \((.+)\))?$/.exec(open.info) ?? ['', open.info];
      blocks.push({ file, line: open.line, language, excuse, text: open.lines.join('\n') });
      open = undefined;
    } else if (open !== undefined) {
      open.lines.push(line.startsWith(open.indent) ? line.slice(open.indent.length) : line.trimStart());
    } else if (info !== undefined) {
      open = { indent, info: info.trim(), line: index + 2, lines: [] };
    }
  }
  if (open !== undefined) throw new Error(`${file}:${open.line - 1}: a block that is begun and never ended`);
  return blocks;
}

function markdownIn(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.md'));
  return names.toSorted().map((name) => join(folder, name));
}
