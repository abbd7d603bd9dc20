import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A folder with these files, gone when disposed. */
export async function folderOf(
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<AsyncDisposable & { readonly path: string; at(name: string): string }> {
  const path = await mkdtemp(join(tmpdir(), 'papertape-'));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), content);
  }
  return {
    path,
    at: (name) => join(path, name),
    [Symbol.asyncDispose]: async () => await rm(path, { recursive: true, force: true }),
  };
}
