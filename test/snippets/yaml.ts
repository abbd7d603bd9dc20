import { parseAllDocuments } from 'yaml';

/** What a YAML block of the documents is for. */
export type Purpose = 'scenario' | 'pipeline' | 'compose' | 'actions' | 'gitlab' | 'kubernetes' | undefined;

/** The values of a YAML text. Throws when it is none. */
export function valuesOf(text: string): unknown[] {
  return parseAllDocuments(text).map((document) => {
    const [error] = document.errors;
    if (error !== undefined) throw error;
    return document.toJS();
  });
}

/** What a block is for, by its keys; undefined when nobody here would know. */
export function purposeOf(text: string): Purpose {
  const keys = valuesOf(text).flatMap((value) =>
    typeof value === 'object' && value !== null ? Object.keys(value) : [],
  );
  const has = (key: string): boolean => keys.includes(key);
  if (has('apiVersion') && has('kind')) return 'kubernetes';
  if (has('jobs')) return 'actions';
  if (has('services')) return 'compose';
  if (has('feeds')) return 'pipeline';
  if (has('tapes') || has('timeline') || has('rules') || has('expect') || has('replay')) return 'scenario';
  return /^ +script:/m.test(text) ? 'gitlab' : undefined;
}
