import { Fields, JsonReader, type Said, type Trouble, whyOf } from '../feed.ts';

const longestMessage = 200;

/** What an HTTP answer without what was asked for holds against us: by its status, in its own words (sheet §6, errors). */
export function refusalOf(status: number, body: string): { readonly why: Trouble; readonly message: string } {
  return { why: troubleOf(status, body), message: wordsOf(body) ?? `HTTP ${status}` };
}

function troubleOf(status: number, body: string): Trouble {
  // A plan's refusal has been seen with a status of 200, too (sheet §6).
  const said = parsed(body);
  const name = said instanceof Fields ? said.get('status') : undefined;
  if (status === 403 || name === 'NOT_AUTHORIZED') return 'not-entitled';
  if (status === 401) return 'bad-key';
  if (status === 404 || name === 'NOT_FOUND') return 'not-found';
  if (status === 429) return 'too-many-requests';
  return status >= 400 && status < 500 ? 'bad-request' : byWords(body);
}

/** Of an error whose HTTP status is none. */
function byWords(body: string): Trouble {
  const words = wordsOf(body) ?? '';
  if (/API Key/i.test(words)) return 'bad-key';
  if (/maximum requests per minute/i.test(words)) return 'too-many-requests';
  return /not entitled|upgrade your/i.test(words) ? 'not-entitled' : 'vendor-error';
}

/** Errors are told in `error` or in `message`, whichever (sheet §6). */
function wordsOf(body: string): string | undefined {
  const said = parsed(body);
  if (!(said instanceof Fields)) return undefined;
  const words = said.get('error') ?? said.get('message');
  return typeof words === 'string' && words !== '' ? words.slice(0, longestMessage) : undefined;
}

/** A body as JSON; undefined for another. */
export function parsed(body: string): Said | undefined {
  const reader = new JsonReader(Buffer.from(body));
  try {
    const said = reader.value();
    return reader.ended ? said : undefined;
  } catch (error) {
    whyOf(error);
    return undefined;
  }
}
