import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Finds a file of this package, whether it runs from its sources or compiled one folder deeper, in dist. */
export function packageFile(name: string): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    const path = join(folder, name);
    if (existsSync(path)) return path;
    const above = dirname(folder);
    if (above === folder) throw new Error(`${name} is missing from the package; install it again`);
    folder = above;
  }
}

/** The version of this package, as its description has it. */
export function packageVersion(): string {
  const description: unknown = JSON.parse(readFileSync(packageFile('package.json'), 'utf8'));
  return typeof description === 'object' && description !== null && 'version' in description
    ? String(description.version)
    : 'unknown';
}
