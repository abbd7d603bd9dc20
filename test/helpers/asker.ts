import { expect } from 'vitest';
import { z } from 'zod';
import type { ManualClock } from '../../market/clock.ts';
import { seconds } from '../../market/nanos.ts';
import type { Papertape } from '../../server/index.ts';

export type Row = Readonly<Record<string, unknown>>;
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
  readonly text: string;
}

const object = z.record(z.string(), z.unknown());
const rowList = z.array(z.record(z.string(), z.unknown()));
const page = z.looseObject({ next_page_token: z.string().nullable(), symbol: z.string().default('') });

/** A client of the HTTP side, with a key that any scenario without keys takes. */
export class Asker {
  readonly #base: string;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(papertape: Papertape, headers?: Readonly<Record<string, string>>) {
    this.#base = httpOf(papertape);
    this.#headers = headers ?? { 'APCA-API-KEY-ID': 'key', 'APCA-API-SECRET-KEY': 'secret' };
  }

  async ask(path: string, query: Query = {}): Promise<Answer> {
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value));
    const question = search.size > 0 ? `?${search.toString()}` : '';
    const response = await fetch(this.#base + path + question, { headers: this.#headers });
    const text = await response.text();
    const parsed: unknown = response.headers.get('content-type')?.includes('json') === true ? JSON.parse(text) : {};
    const body = Array.isArray(parsed) ? { list: parsed } : object.parse(parsed);
    return { status: response.status, headers: response.headers, body, text };
  }

  /** A good answer. */
  async get(path: string, query: Query = {}): Promise<Record<string, unknown>> {
    const { status, body, text } = await this.ask(path, query);
    expect(status, text).toBe(200);
    return body;
  }

  /** All pages, one after the other: the rows of each. By symbol or of one symbol, as the path answers. */
  async walk(path: string, query: Query, name: string): Promise<(readonly [symbol: string, row: Row])[][]> {
    const pages: (readonly [string, Row])[][] = [];
    for (let token: string | null | undefined; token !== null;) {
      const body = await this.get(path, { ...query, page_token: token });
      const found = body[name];
      const { symbol: only, next_page_token: next } = page.parse(body);
      pages.push(
        Array.isArray(found)
          ? rowList.parse(found).map((row) => [only, row] as const)
          : Object.entries(z.record(z.string(), rowList).parse(found)).flatMap(([symbol, rows]) =>
              rows.map((row) => [symbol, row] as const),
            ),
      );
      token = next;
    }
    return pages;
  }

  /** The rows of all pages. */
  async rows(path: string, query: Query, name: string): Promise<(readonly [symbol: string, row: Row])[]> {
    return (await this.walk(path, query, name)).flat();
  }
}

/** Where the HTTP side of a running exchange is. */
export function httpOf({ url }: Papertape): string {
  return url.replace(/^ws/, 'http');
}

/** Plays a tape to its end, at speed 1 on a clock that jumps from one thing due to the next. */
export async function playToEnd({ run }: Papertape, clock: ManualClock): Promise<void> {
  run.play();
  while (run.status.phase !== 'ended') await clock.advance(seconds(3600));
}
