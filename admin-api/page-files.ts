import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { absent } from './absent.ts';

/** A file of the web page, as it is sent. */
export interface PageFile {
  readonly body: Buffer;
  readonly type: string;
  readonly etag: string;
  /** Its name changes with what it holds. */
  readonly isImmutable: boolean;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
};

/** All files of the built page by their names; none when it is not built. */
export async function readPage(folder: string): Promise<ReadonlyMap<string, PageFile>> {
  const files = new Map<string, PageFile>();
  for (const name of (await readdir(folder).catch(absent)) ?? []) {
    const type = types[extname(name)];
    if (type === undefined) continue;
    const body = await readFile(join(folder, name));
    const etag = `"${createHash('sha256').update(body).digest('base64url')}"`;
    files.set(name, { body, type, etag, isImmutable: /-[A-Z0-9]{8}\.\w+$/.test(name) });
  }
  return files;
}
