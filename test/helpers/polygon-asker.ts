import { expect } from 'vitest';
import { z } from 'zod';
import type { Papertape } from '../../server/index.ts';
import { Asker, httpOf, type Query, type Row } from './asker.ts';

const page = z.looseObject({
  results: z.array(z.record(z.string(), z.unknown())).default([]),
  next_url: z.string().optional(),
});
const bearer = { Authorization: 'Bearer key' };

/** A client of Polygon's HTTP side, with a key that any scenario without keys takes. */
export class PolygonAsker extends Asker {
  readonly #papertape: Papertape;

  constructor(papertape: Papertape, key = 'key') {
    super(papertape, { ...bearer, Authorization: `Bearer ${key}` });
    this.#papertape = papertape;
  }

  /** All pages, one after the other, by their `next_url`: the rows of each. */
  async pages(path: string, query: Query = {}): Promise<Row[][]> {
    const pages: Row[][] = [];
    let next: string | undefined = path;
    for (let asked = query; next !== undefined; asked = {}) {
      const { results, next_url: url } = page.parse(await this.get(next, asked));
      pages.push(results);
      expect(url?.startsWith(`${httpOf(this.#papertape)}/`)).not.toBe(false);
      next = url?.slice(httpOf(this.#papertape).length);
    }
    return pages;
  }

  /** The rows of all pages. */
  async rowsOf(path: string, query: Query = {}): Promise<Row[]> {
    return (await this.pages(path, query)).flat();
  }
}
