import type { Problem } from '../problem.ts';
import type { AdminAccess } from './access.ts';

/** A file, whole or as it comes. */
export interface UploadedFile {
  readonly body: Blob | Uint8Array<ArrayBuffer> | string | ReadableStream<Uint8Array>;
  /** Its media type: `text/csv`, `application/gzip` … */
  readonly type: string;
}

/** What the API said no to. */
export class AdminError extends Error {
  override readonly name = 'AdminError';
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(`${problem.status} ${problem.detail}`);
    this.problem = problem;
  }
}

/** Asks the admin API over HTTP. Every answer that says no is thrown as an `AdminError`. */
export class Requests {
  readonly #access: AdminAccess;

  constructor(access: AdminAccess) {
    this.#access = access;
  }

  /**
   * The answer as JSON, which is what the OpenAPI document says of that path: the tests hold the two together. `also`: a status of refusal
   * that is an answer here, as far as it comes from the API and not from a proxy in between.
   */
  async json<Answer>(method: string, path: string, body?: unknown, also?: number): Promise<Answer> {
    const content =
      body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
    const response = await this.#send(path, { method, ...content });
    return await jsonOf(response.status === also && isJson(response) ? response : await granted(response));
  }

  async upload<Answer>(path: string, { body, type }: UploadedFile): Promise<Answer> {
    const headers = { 'content-type': type };
    const response = await this.#send(path, { method: 'PUT', headers, body, duplex: 'half' });
    return await jsonOf(await granted(response));
  }

  /** Asks for something that is answered with nothing. */
  async order(method: string, path: string): Promise<void> {
    await (await granted(await this.#send(path, { method }))).arrayBuffer();
  }

  /** An answer that is no JSON, as it comes. */
  async get(path: string): Promise<Response> {
    return await granted(await this.#send(path, { method: 'GET' }));
  }

  async #send(path: string, { headers, ...asked }: Sent): Promise<Response> {
    const { url, token, signal, fetch: ask = fetch } = this.#access;
    return await ask(url + path, {
      ...asked,
      headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...headers },
      ...(signal === undefined ? {} : { signal }),
    });
  }
}

interface Sent {
  readonly method: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: UploadedFile['body'];
  /** Must be told where the body is a stream; the types of `fetch` do not know it. */
  readonly duplex?: 'half';
}

async function granted(response: Response): Promise<Response> {
  if (response.ok) return response;
  throw new AdminError(await problemIn(response));
}

async function jsonOf<Answer>(response: Response): Promise<Answer> {
  const answer: Answer = JSON.parse(await response.text());
  return answer;
}

const isJson = (response: Response): boolean => hasType(response, 'application/json');

const hasType = ({ headers }: Response, type: string): boolean =>
  headers.get('content-type')?.startsWith(type) === true;

/** What a proxy in between says is no problem of ours, and told as it is. */
async function problemIn(response: Response): Promise<Problem> {
  if (hasType(response, 'application/problem+json')) return await jsonOf(response);
  const { status, statusText } = response;
  return { type: 'about:blank', title: statusText, status, detail: (await response.text()).slice(0, 500) };
}
