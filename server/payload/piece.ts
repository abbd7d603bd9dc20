/** A value inside an object, where it stands in the payload. */
export interface Leaf {
  readonly kind: 'number' | 'text' | 'other';
  /** The text as it is spelt, without quotes, or the digits of the number. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** One object of a payload: what an exchange says of one event. */
export interface Piece {
  readonly start: number;
  readonly end: number;
  /** Its values, also those of what is nested in it, without the names of its fields. */
  readonly leaves: readonly Leaf[];
}

/** What is put in the place of a value; `nan` is the bare word in JSON, which some parsers take, and the float in MessagePack. */
export type Value = { readonly text: string } | { readonly number: number } | 'nan' | 'null';

/** A payload is not what it was taken for. Thrown and caught within this folder. */
export class BrokenPayload extends Error {
  override readonly name = 'BrokenPayload';
}
