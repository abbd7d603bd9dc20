import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';

const options =
  '--noEmit --strict --skipLibCheck --target es2023 --module nodenext --lib es2023,dom,esnext.disposable --types node';

/** What the compiler says of programs in a project that has the package installed; nothing when they are right. */
export function compiled(project: string, ...files: string[]): string {
  const words = [...options.split(' '), '--typeRoots', resolve('node_modules/@types'), ...files];
  return ran(project, resolve('node_modules/.bin/tsc'), words);
}

/** What a program prints; its error output comes with the exception when it fails. */
export function ran(project: string, program: string, words: readonly string[]): string {
  return execFileSync(program, words, { cwd: project, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}
