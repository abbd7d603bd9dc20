import { isObject, kindOf } from './compare.ts';

/** What messages of one type look like, field by field. */
export interface Shape {
  readonly fields: Map<string, Field>;
  messages: number;
}

interface Field {
  /** Of its values. */
  readonly kinds: Set<string>;
  /** That have it. */
  messages: number;
  /** Its texts, as long as they are few and short. */
  texts: Set<string> | undefined;
}

export const blankShape = (): Shape => ({ fields: new Map(), messages: 0 });

/** Fields of a type, and texts of a field, that are remembered. */
const mostFields = 128;
const mostTexts = 16;
const longestText = 24;

/** Notes the fields of one message. Returns a word for its own shape: which fields it has, and the kind of each. */
export function note(shape: Shape, said: unknown): string {
  shape.messages++;
  if (!isObject(said)) return kindOf(said);
  let own = '';
  for (const name of Object.keys(said)) {
    const value = said[name];
    const kind = kindOf(value);
    own += `${name}:${kind},`;
    const field = shape.fields.get(name) ?? addField(shape, name);
    if (field === undefined) continue;
    field.messages++;
    field.kinds.add(kind);
    if (kind === 'text' && typeof value === 'string') noteText(field, value);
  }
  return own;
}

function addField({ fields }: Shape, name: string): Field | undefined {
  if (fields.size >= mostFields) return undefined;
  const field = { kinds: new Set<string>(), messages: 0, texts: new Set<string>() };
  fields.set(name, field);
  return field;
}

function noteText(field: Field, text: string): void {
  field.texts?.add(text);
  if (text.length > longestText || (field.texts?.size ?? 0) > mostTexts) field.texts = undefined;
}
