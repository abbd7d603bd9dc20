import { Fields, JsonReader, type Said, type Trouble, whyOf } from '../feed.ts';

const longestMessage = 200;
/** Codes of errors, in bodies that come with that HTTP status or with 200 (sheet §5, errors). */
const troubles: ReadonlyMap<number, Trouble> = new Map<number, Trouble>([
  [400, 'bad-request'],
  [401, 'bad-key'],
  [403, 'not-entitled'],
  [404, 'not-found'],
  [414, 'bad-request'],
  [429, 'too-many-requests'],
]);
/** A symbol beyond the plan is told as one that does not exist, but in these words (sheet §5, `404 plan`). */
const planWords = /available (?:starting|exclusively) with|upgrading/i;
const keyWords = /\*\*apikey\*\*|api key .*(?:incorrect|invalid)/i;

export interface Refusal {
  readonly why: Trouble;
  readonly message: string;
}

/** What an error holds against us: `{"code":401,"message":"…","status":"error"}`, or no JSON at all. */
export function refusalOf(status: number, body: string): Refusal {
  const said = parsed(body);
  const refusal = said instanceof Fields ? errorOf(said) : undefined;
  return refusal ?? { why: troubles.get(status) ?? 'vendor-error', message: `HTTP ${status}` };
}

/** An error as the stream and HTTP tell it; undefined for what is none. */
export function errorOf(fields: Fields): Refusal | undefined {
  if (fields.get('status') !== 'error') return undefined;
  const [number, words] = [fields.get('code'), fields.get('message')];
  const code = typeof number === 'number' ? number : 0;
  const message = (typeof words === 'string' ? words : '').slice(0, longestMessage);
  return { why: troubleOf(code, message), message: message || `error ${code}` };
}

function troubleOf(code: number, message: string): Trouble {
  if (keyWords.test(message)) return 'bad-key';
  if (planWords.test(message) && code !== 429) return 'not-entitled';
  return troubles.get(code) ?? 'vendor-error';
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
