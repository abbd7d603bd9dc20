import { createHash } from 'node:crypto';
import { type Access, ByteWriter, type RestAnswer, type RestRequest, type Route } from '../../exchange.ts';

/** What an answer is spelled from; `undefined` is left out. */
export type Json =
  string | number | bigint | boolean | null | undefined | readonly Json[] | { readonly [name: string]: Json };

/** JSON with whole numbers of any length as they are: nanoseconds pass 2^53, and real answers have them as numbers (sheet §5). */
export function spelled(value: Json): string {
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return `[${value.map(spelled).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  const told = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return `{${told.map(([name, inner]) => `${JSON.stringify(name)}:${spelled(inner)}`).join(',')}}`;
}

/** An answer that is small enough to be spelled from an object. */
export function plain(body: Json, status = 200): RestAnswer {
  return { status, body: spelled(body) };
}

/** An answer with many rows, between what comes before and after them; `expected` bytes of rows, more or less. */
export function listed(
  { head, tail }: { readonly head: Json; readonly tail: Json },
  rows: Buffer | undefined,
): RestAnswer {
  const out = new ByteWriter((rows?.length ?? 0) + 1024);
  const before = spelled(head).slice(0, -1);
  out.utf8(before);
  if (rows !== undefined) {
    out.utf8(`${before === '{' ? '' : ','}"results":[`);
    out.range(rows, 0, rows.length);
    out.u8(0x5d);
  }
  const after = spelled(tail).slice(1);
  out.utf8(after === '}' ? after : `,${after}`);
  return { status: 200, body: out.bytes.subarray(0, out.length) };
}

/** An answer of values that follow from aggregates, with those or only where they are. */
export function listedSeries({
  aggregates,
  url,
  values,
  tail,
}: {
  readonly aggregates: Buffer | undefined;
  readonly url: string;
  readonly values: readonly Json[];
  readonly tail: Json;
}): RestAnswer {
  const rows = aggregates === undefined ? '' : `"aggregates":[${aggregates.toString('latin1')}],`;
  const list = values.length === 0 ? '' : `,"values":${spelled(values)}`;
  const body = `{"results":{"underlying":{${rows}"url":${spelled(url)}}${list}},${spelled(tail).slice(1)}`;
  return { status: 200, body };
}

/** A "no" to what was asked, in the words given. */
export function wrong(id: string, error: string, status = 400): RestAnswer {
  return plain({ status: 'ERROR', request_id: id, error }, status);
}

export function notFound(id: string, message = 'Ticker not found.'): RestAnswer {
  return plain({ status: 'NOT_FOUND', request_id: id, message }, 404);
}

export function notAuthorized(id: string, message: string): RestAnswer {
  return plain({ status: 'NOT_AUTHORIZED', request_id: id, message }, 403);
}

/** How a path answers; `id` names the request in the body, and again in a header. */
export type Tell = (request: RestRequest, access: Access, id: string) => Promise<RestAnswer> | RestAnswer;

/** A path and how it answers. */
export interface Told {
  readonly path: string;
  readonly tell: Tell;
}

/** Ids of requests, the same in every run in the order of the requests: real ones are 32 hexadecimal digits too. */
export class Identities {
  #count = 0;

  next(): string {
    return createHash('md5').update(`polygon ${++this.#count}`).digest('hex');
  }
}

/** The header that names every request (sheet §6). */
export const identified = (id: string): Readonly<Record<string, string>> => ({ 'x-request-id': id });

/** A route whose answers name the request in body and header alike. */
export function routeOf({ path, tell }: Told, identities: Identities): Route {
  return {
    method: 'GET',
    path,
    async answer(request, access) {
      const id = identities.next();
      const answer = await tell(request, access, id);
      return { ...answer, headers: { ...identified(id), ...answer.headers } };
    },
  };
}
