import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Running } from './running.ts';

/** The package as a user gets it: compiled, packed, and unpacked into a project that has our dependencies and nothing else of ours. */
export async function packPackage(): Promise<Running> {
  const place = mkdtempSync(join(tmpdir(), 'papertape-packed-'));
  const source = join(place, 'source');
  for (const name of ['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md', 'scenarios', 'migrations', 'fixtures']) {
    cpSync(name, join(source, name), { recursive: true });
  }
  // Has to stay out of the package.
  cpSync('test/helpers', join(source, 'test/helpers'), { recursive: true });
  run('npx', ['tsc', '-p', 'tsconfig.build.json', '--outDir', join(source, 'dist')], '.');
  run('npm', ['run', '-s', 'bundle', '--', `--outdir=${join(source, 'dist')}`], '.');
  run('npm', ['run', '-s', 'page', '--', join(source, 'dist/page')], '.');
  run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', place], source);
  const [tarball = ''] = readdirSync(place).filter((name) => name.endsWith('.tgz'));
  const project = join(place, 'project');
  const installed = join(project, 'node_modules/papertape');
  mkdirSync(installed, { recursive: true });
  run('tar', ['-xzf', join(place, tarball), '-C', installed, '--strip-components=1'], place);
  const { dependencies, optionalDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
  for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
    const link = join(project, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(resolve('node_modules', name), link);
  }
  writeFileSync(join(project, 'package.json'), '{ "type": "module", "private": true }');
  return { url: project, stop: async () => rmSync(place, { recursive: true, force: true }) };
}

function run(program: string, words: readonly string[], folder: string): void {
  execFileSync(program, words, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
}
