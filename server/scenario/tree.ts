import type { Place } from './problem.ts';

/** A scenario as written, each value with the place it comes from, so that an error after any merging still points home. */
export type Tree = MapTree | ListTree | ScalarTree;

export interface Entry {
  readonly key: Place;
  readonly tree: Tree;
}
export interface MapTree {
  readonly kind: 'map';
  readonly place: Place;
  readonly entries: ReadonlyMap<string, Entry>;
}
export interface ListTree {
  readonly kind: 'list';
  readonly place: Place;
  readonly items: readonly Tree[];
}
export interface ScalarTree {
  readonly kind: 'scalar';
  readonly place: Place;
  readonly value: unknown;
}

/** The plain value, for the schema. */
export function valueOf(tree: Tree): unknown {
  if (tree.kind === 'scalar') return tree.value;
  if (tree.kind === 'list') return tree.items.map(valueOf);
  // Entries, not assignment: a key called __proto__ stays a key, and the schema rejects it.
  return Object.fromEntries([...tree.entries].map(([key, entry]) => [key, valueOf(entry.tree)]));
}

/** Where the value at this path was written, or the nearest value around it. */
export function placeOf(tree: Tree, path: readonly PropertyKey[]): Place {
  const [step, ...rest] = path;
  const child = step === undefined ? undefined : childOf(tree, step);
  return child === undefined ? tree.place : placeOf(child, rest);
}

/** Where the key at the end of this path was written. */
export function placeOfKey(tree: Tree, path: readonly PropertyKey[]): Place {
  const [step, ...rest] = path;
  const child = step === undefined ? undefined : childOf(tree, step);
  if (child === undefined) return tree.place;
  if (rest.length > 0) return placeOfKey(child, rest);
  return (tree.kind === 'map' ? tree.entries.get(String(step))?.key : undefined) ?? child.place;
}

/** The value at this path; `undefined` when nothing is there. */
export function valueAt(tree: Tree, path: readonly PropertyKey[]): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return valueOf(tree);
  const child = childOf(tree, step);
  return child === undefined ? undefined : valueAt(child, rest);
}

/** Lays one scenario over another: maps key by key, lists and values replaced whole, `null` takes an inherited key away. */
export function overlay(base: Tree, over: Tree): Tree {
  if (base.kind !== 'map' || over.kind !== 'map') return over;
  const entries = new Map(base.entries);
  for (const [key, entry] of over.entries) {
    const inherited = base.entries.get(key);
    if (inherited === undefined) entries.set(key, entry);
    else if (entry.tree.kind === 'scalar' && entry.tree.value === null) entries.delete(key);
    else entries.set(key, { key: entry.key, tree: overlay(inherited.tree, entry.tree) });
  }
  return { kind: 'map', place: over.place, entries };
}

/** A tree with nothing but this value at the end of this path, to be laid over another. */
export function branch(path: readonly string[], value: unknown, place: Place): Tree {
  const [step, ...rest] = path;
  if (step !== undefined) {
    return { kind: 'map', place, entries: new Map([[step, { key: place, tree: branch(rest, value, place) }]]) };
  }
  return treeOf(value, place);
}

/** A value that was written all in one place. */
export function treeOf(value: unknown, place: Place): Tree {
  if (Array.isArray(value)) {
    return { kind: 'list', place, items: value.map((item: unknown) => treeOf(item, place)) };
  }
  if (typeof value !== 'object' || value === null) return { kind: 'scalar', place, value };
  const entries = Object.entries(value).map(([key, inner]): [string, Entry] => [
    key,
    { key: place, tree: treeOf(inner, place) },
  ]);
  return { kind: 'map', place, entries: new Map(entries) };
}

/** The map without one of its keys. */
export function without(tree: MapTree, key: string): MapTree {
  return { ...tree, entries: new Map([...tree.entries].filter(([other]) => other !== key)) };
}

function childOf(tree: Tree, step: PropertyKey): Tree | undefined {
  if (tree.kind === 'map') return tree.entries.get(String(step))?.tree;
  return tree.kind === 'list' ? tree.items[Number(step)] : undefined;
}
