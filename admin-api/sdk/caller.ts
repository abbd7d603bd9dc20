import type { Problem } from '../problem.ts';
import { type Listening, openLive, type LiveSocketType } from './live.ts';
import type { LiveMessage } from '../schemas/live.ts';

export interface CallerOptions {
  /** Where the admin API is: `http://127.0.0.1:8766`. */
  readonly url: string;
  readonly token?: string | undefined;
  /** The global `fetch` when absent. */
  readonly fetch?: typeof fetch;
  readonly signal?: AbortSignal;
  /** For `live`; the global one when absent. */
  readonly WebSocket?: LiveSocketType;
}

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

/** Asks the admin API. */
export class Caller {
  readonly #options: CallerOptions;

  constructor(options: CallerOptions) {
    this.#options = { ...options, url: options.url.replace(/\/$/, '') };
  }

  /** The answer as JSON, which is what the OpenAPI document says of that path: the tests hold the two together. */
  async json<Answer>(method: string, path: string, body?: unknown, file?: UploadedFile): Promise<Answer> {
    const response = await this.ask(method, path, body, file);
    const answer: Answer = JSON.parse(await response.text());
    return answer;
  }

  async empty(method: string, path: string, body?: unknown): Promise<void> {
    await (await this.ask(method, path, body)).arrayBuffer();
  }

  live(query: string, handler: (message: LiveMessage) => void): Listening {
    return openLive(this.#options, query, handler);
  }

  /** Throws an `AdminError` for every answer that says no. */
  async ask(method: string, path: string, body?: unknown, file?: UploadedFile): Promise<Response> {
    const { url, token, signal } = this.#options;
    const ask = this.#options.fetch ?? fetch;
    const response = await ask(url + path, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(file !== undefined
          ? { 'content-type': file.type }
          : body === undefined
            ? {}
            : { 'content-type': 'application/json' }),
      },
      ...(file !== undefined
        ? { body: file.body, duplex: 'half' }
        : body === undefined
          ? {}
          : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    });
    if (response.ok) return response;
    throw new AdminError(await problemIn(response));
  }
}

/** What a proxy in between says is no problem of ours, and told as it is. */
async function problemIn(response: Response): Promise<Problem> {
  const text = await response.text();
  const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json') === true;
  const problem: Problem | undefined = isProblem ? JSON.parse(text) : undefined;
  if (problem !== undefined) return problem;
  return { type: 'about:blank', title: response.statusText, status: response.status, detail: text.slice(0, 500) };
}
