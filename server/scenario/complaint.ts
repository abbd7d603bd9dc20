import type { z } from 'zod';
import { type JsonSchema, pathsOf, schemasAt } from './json-schema.ts';
import { type Problem, printPath, printValue } from './problem.ts';
import { closest } from './spelling.ts';
import { placeOf, placeOfKey, type Tree, valueAt } from './tree.ts';

type Issue = z.core.$ZodIssue;

/** Mistakes that are explained at once: whoever has made more mends these first. Each costs a look at the whole schema. */
export const mostTold = 100;

/** Tells what the schema found wrong in the words of somebody who writes scenarios. One issue may be several problems. */
export function complaintsOf(issue: Issue, tree: Tree, schema: JsonSchema): Problem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.slice(0, mostTold).map((key) => {
      const path = [...issue.path, key];
      const wayOut = otherKey(key, issue.path, schema);
      return { place: placeOfKey(tree, path), path: printPath(path), value: undefined, message: 'unknown key', wayOut };
    });
  }
  if (issue.code === 'invalid_union' && issue.message === 'Invalid input') {
    // The branch that got furthest is the one its writer had in mind.
    const depth = (branch: readonly Issue[]): number => Math.max(0, ...branch.map(({ path }) => path.length));
    const [meant] = [...issue.errors].sort((one, other) => depth(other) - depth(one) || one.length - other.length);
    if (meant !== undefined && meant.length > 0) {
      return meant.flatMap((inner) => complaintsOf({ ...inner, path: [...issue.path, ...inner.path] }, tree, schema));
    }
  }
  const given = valueAt(tree, issue.path);
  const missing = given === undefined;
  return [
    {
      place: placeOf(tree, issue.path),
      path: printPath(issue.path),
      // What lies in a map may be a secret.
      value: isFilled(given) ? undefined : printValue(given, issue.path),
      ...(missing ? absence(issue, schema) : tell(issue, given, schema)),
    },
  ];
}

function isFilled(given: unknown): boolean {
  return typeof given === 'object' && given !== null && Object.keys(given).length > 0;
}

type Telling = Pick<Problem, 'message' | 'wayOut'>;

function absence(issue: Issue, schema: JsonSchema): Telling {
  return { message: 'missing', wayOut: `add it${suchAs(issue.path, schema)}` };
}

function tell(issue: Issue, given: unknown, schema: JsonSchema): Telling {
  if (issue.code === 'invalid_type') {
    const kind = kinds[issue.expected] ?? `a ${issue.expected}`;
    if (issue.expected === 'string' && typeof given !== 'object') {
      const example = suchAs(issue.path, schema);
      const wayOut = example === '' ? 'put it in quotes' : `write it as text${example}`;
      return { message: `a ${typeof given} where text belongs`, wayOut };
    }
    return { message: given === null ? 'no value' : `not ${kind}`, wayOut: `use ${kind}${suchAs(issue.path, schema)}` };
  }
  if (issue.code === 'invalid_value') {
    const choices = issue.values.map(String);
    const meant = typeof given === 'string' ? closest(given, choices) : undefined;
    const choice = `use ${listed(choices)}`;
    return {
      message: 'not one of the choices',
      wayOut: meant === undefined ? choice : `did you mean ${meant}? (${choice})`,
    };
  }
  if (issue.code === 'too_small' && issue.message.startsWith('Too small:')) {
    if (issue.minimum === 1 && ['string', 'array'].includes(issue.origin)) {
      const wayOut = issue.origin === 'array' ? 'list at least one' : 'write something';
      return { message: 'empty', wayOut: `${wayOut}${suchAs(issue.path, schema)}, or leave it out` };
    }
    return { message: 'too small', wayOut: `use ${issue.minimum}${unit(issue.origin)} or more` };
  }
  if (issue.code === 'too_big' && issue.message.startsWith('Too big:')) {
    return { message: 'too large', wayOut: `use ${issue.maximum}${unit(issue.origin)} or less` };
  }
  return said(issue.message);
}

function unit(origin: string): string {
  if (origin === 'string') return ' characters';
  return ['array', 'map', 'set', 'object'].includes(origin) ? ' entries' : '';
}

const kinds: Readonly<Record<string, string>> = {
  object: 'a map of keys and values',
  record: 'a map of keys and values',
  array: 'a list',
  number: 'a number',
  int: 'a whole number',
  string: 'text',
  boolean: 'true or false',
};

/** Messages of our own schemas read `what is wrong; the way out`, or only `expected the right thing`. */
function said(text: string): Telling {
  if (text.startsWith('expected ')) return { message: 'not understood', wayOut: text.replace('expected', 'use') };
  const cut = text.indexOf('; ');
  return cut === -1 ? { message: text, wayOut: '' } : { message: text.slice(0, cut), wayOut: text.slice(cut + 2) };
}

function otherKey(key: string, path: readonly PropertyKey[], schema: JsonSchema): string {
  const known = [...new Set(schemasAt(schema, path).flatMap(({ properties }) => Object.keys(properties ?? {})))];
  const elsewhere = pathsOf(schema, key);
  if (elsewhere.length === 1) return `did you mean ${elsewhere[0]}?`;
  const meant = closest(key, known);
  if (meant !== undefined) return `did you mean ${meant}?`;
  return known.length === 0 ? 'remove it' : `remove it, or use ${listed(known)}`;
}

function suchAs(path: readonly PropertyKey[], schema: JsonSchema): string {
  const example = schemasAt(schema, path).flatMap(({ examples }) => examples ?? [])[0];
  return example === undefined ? '' : `, such as ${typeof example === 'string' ? example : JSON.stringify(example)}`;
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
