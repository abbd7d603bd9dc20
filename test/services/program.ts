import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Running } from './running.ts';

/** The program as it is shipped, bundled once for the run: it starts in a fraction of the time its sources need. */
export async function bundleProgram(): Promise<Running> {
  // Like dist, a folder of the package, so that it finds the package's files; git knows nothing of it.
  const folder = mkdtempSync(resolve('.bundle-'));
  execFileSync('npm', ['run', '--silent', 'bundle', '--', `--outdir=${folder}`], { stdio: 'inherit' });
  return {
    url: join(folder, 'bin/papertape.js'),
    stop: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** The page of the admin port as it is shipped, built once for the run. */
export async function buildPage(): Promise<Running> {
  const folder = mkdtempSync(join(tmpdir(), 'papertape-page-'));
  execFileSync('npm', ['run', '--silent', 'page', '--', folder], { stdio: 'inherit' });
  return { url: folder, stop: async () => rmSync(folder, { recursive: true, force: true }) };
}
