import type { Paging, RestAnswer, RestRequest } from '../exchanges/rest.ts';

/** Ends a cursor that leads once more to a page that has been told. No exchange sees it, so it leads there also when the fault is over. */
const again = '.again';

/** Whether it asks once more for a page that has been told. */
export function isAgain({ query }: RestRequest, paging: Paging | undefined): boolean {
  return paging !== undefined && (query.get(paging.parameter) ?? '').endsWith(again);
}

/** The request as it was when the page was told first. */
export function askedFirst(request: RestRequest, paging: Paging | undefined): RestRequest {
  if (paging === undefined || !isAgain(request, paging)) return request;
  const query = new URLSearchParams(request.query);
  const first = (query.get(paging.parameter) ?? '').slice(0, -again.length);
  if (first === '') query.delete(paging.parameter);
  else query.set(paging.parameter, first);
  return { ...request, query };
}

/** Where an answer says that the next page is; absent when nothing follows, or it is no page. */
export function nextLink({ body }: RestAnswer, { field }: Paging): string | undefined {
  const place = placeOf(body.toString(), field);
  const value: unknown = place && JSON.parse(place.value);
  return typeof value === 'string' ? value : undefined;
}

/** The answer with the next page elsewhere, or nowhere. */
export function leadingTo(link: string | undefined, answer: RestAnswer, { field, atEnd }: Paging): RestAnswer {
  const text = answer.body.toString();
  const place = placeOf(text, field);
  if (place === undefined) return answer;
  const { from, to } = place;
  const [before, after] = [text.slice(0, from), text.slice(to)];
  const said = link === undefined ? (atEnd === 'null' ? 'null' : undefined) : JSON.stringify(link);
  if (said !== undefined) return { ...answer, body: `${before}"${field}":${said}${after}` };
  return { ...answer, body: before.endsWith(',') ? before.slice(0, -1) + after : before + after.replace(/^,/, '') };
}

/** A link to the page of this request, in the form in which its answer links to the next one. */
export function linkAgain(request: RestRequest, next: string, { parameter }: Paging): string {
  const own = request.query.get(parameter) ?? '';
  const cursor = own.endsWith(again) ? own : `${own}${again}`;
  return URL.canParse(next) ? withCursor(request.origin + request.url, parameter, cursor) : cursor;
}

/** A link of the same form that no exchange has ever given. */
export function brokenLink(next: string, { parameter }: Paging): string {
  return URL.canParse(next) ? withCursor(next, parameter, 'broken') : 'broken';
}

function withCursor(url: string, parameter: string, cursor: string): string {
  const link = new URL(url);
  link.searchParams.set(parameter, cursor);
  return link.href;
}

/** Where in the text of an answer its last field of that name is, and its value, a text or null. */
function placeOf(text: string, field: string) {
  const name = `"${field}":`;
  const from = text.lastIndexOf(name);
  if (from < 0) return undefined;
  const value = /^(?:null|"(?:[^"\\]|\\.)*")/.exec(text.slice(from + name.length))?.[0];
  return value === undefined ? undefined : { from, to: from + name.length + value.length, value };
}
