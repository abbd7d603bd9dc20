import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { steered } from '../helpers/admin.ts';

const run = promisify(execFile);

test('every command of docs/admin-api.md does what it says, one after the other', async () => {
  await using desk = await steered();
  const document = readFileSync('docs/admin-api.md', 'utf8');
  const commands = [...document.matchAll(/```sh\n([\s\S]+?)```/g)].flatMap(([, block = '']) =>
    block.split('\n').filter((line) => line !== ''),
  );
  expect(commands.length).toBeGreaterThan(18);
  for (const command of commands) {
    const there = command
      .replace('http://127.0.0.1:8766', desk.admin.url)
      .replace(/^curl /, 'curl -sS --fail-with-body ');
    await run('sh', ['-c', there], { cwd: desk.folder }).catch((error: unknown) => {
      throw new Error(`${command}: ${JSON.stringify(error)}`, { cause: error });
    });
  }
});
